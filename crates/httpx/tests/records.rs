//! Logging and archives of a client that talks to a server.

#![cfg(all(any(feature = "blocking", feature = "async"), feature = "har"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // helpers of tests are tests

mod support;

use std::sync::{Arc, Mutex};

use httpx::har::HarRecorder;
use httpx::logging::Logging;
use serde_json::Value;
use support::flavour::Setup;
use support::over::Over;
use support::{Reply, Server, both_flavours};

both_flavours!(each_step_of_a_redirect, a_call_as_a_whole, a_body_that_is_cut);

/// The lines without what depends on the machine: address and time.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

impl Lines {
    fn logging(&self) -> Logging {
        let lines = self.clone();
        Logging::new(move |record| {
            let mut line = record.to_string();
            if let Some(elapsed) = record.elapsed() {
                assert!(elapsed.as_secs() < 60);
                let (text, time) =
                    line.rsplit_once(|c: char| !c.is_ascii_digit() && !". ms".contains(c)).unwrap();
                assert!(!time.is_empty(), "{line}");
                line.truncate(text.len() + 1);
            }
            lines.0.lock().unwrap().push(line);
        })
    }

    fn take(&self, server: &Server) -> Vec<String> {
        let lines = std::mem::take(&mut *self.0.lock().unwrap());
        lines.into_iter().map(|line| line.replace(&server.url(""), "http://h")).collect()
    }
}

fn server() -> Server {
    Server::routes([
        ("/old", Reply::redirect("302 Found", "/new?token=t")),
        ("/new?token=t", Reply::full("200 OK", "Content-Type: text/plain\r\n", "good")),
        ("/cut", Reply::Close(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbad".to_vec())),
    ])
}

fn each_step_of_a_redirect<F: Over>() {
    let (server, lines, recorder) = (server(), Lines::default(), HarRecorder::new());
    let set = |client: Setup<F>| {
        F::network_layered(vec![recorder.clone()], F::network_layered(vec![lines.logging()], client))
    };
    let client = F::with(set);
    assert_eq!(F::send(client.get(&server.url("/old"))).unwrap().text(), "good");
    let expected = ["GET http://h/old 302 Found 0 B", "GET http://h/new?token=[secret] 200 OK 4 B"];
    assert_eq!(lines.take(&server), expected);

    let archive: Value = serde_json::from_str(&recorder.to_json()).unwrap();
    let entries = archive["log"]["entries"].as_array().unwrap();
    let [first, second] = &entries[..] else { panic!("{entries:?}") };
    for entry in [first, second] {
        assert_eq!(entry["serverIPAddress"], "127.0.0.1");
        assert_eq!(entry["connection"], first["connection"]);
        assert!(entry["timings"]["blocked"].as_f64().unwrap() >= 0.0);
        assert!(entry["timings"]["wait"].as_f64().unwrap() > 0.0);
    }
    assert!(first["timings"]["connect"].as_f64().unwrap() > 0.0);
    assert_eq!(second["timings"]["connect"], -1.0, "the connection was reused");
    assert_eq!(second["response"]["content"]["text"], "good");
    assert_eq!(first["response"]["redirectURL"], "/new?token=[secret]");
}

fn a_call_as_a_whole<F: Over>() {
    let (server, lines) = (server(), Lines::default());
    let client = F::with(|client| F::layered(vec![lines.logging()], client));
    F::send(client.get(&server.url("/old"))).unwrap();
    assert_eq!(lines.take(&server), ["GET http://h/old 200 OK (1 redirect) 4 B"]);
}

fn a_body_that_is_cut<F: Over>() {
    let (server, lines, recorder) = (server(), Lines::default(), HarRecorder::new());
    let set = |client: Setup<F>| {
        F::network_layered(vec![recorder.clone()], F::network_layered(vec![lines.logging()], client))
    };
    let client = F::with(set);
    F::send(client.get(&server.url("/cut"))).unwrap_err();
    let [line] = &lines.take(&server)[..] else { panic!("one line") };
    assert!(line.starts_with("GET http://h/cut 200 OK failed after 3 B, "), "{line}");
    let archive: Value = serde_json::from_str(&recorder.to_json()).unwrap();
    let entry = &archive["log"]["entries"][0];
    assert_eq!(entry["response"]["content"]["text"], "bad");
    assert!(entry["_error"].is_string());
}
