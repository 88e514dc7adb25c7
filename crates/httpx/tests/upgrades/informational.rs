//! Interim responses that reach the user.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use httpx::ErrorKind;
use httpx::flow::ResponseHead;
use httpx::models::Timeout;
use httpx_testing::{Act, ScriptedServer, answer, send};

use crate::Upgrades;
use crate::support::both_flavours;

both_flavours! {
    interim_responses_reach_the_user_in_order,
    a_client_has_one_function_for_all_requests_and_a_request_its_own,
    each_hop_informs,
    interim_responses_do_not_put_off_a_timeout,
    a_continue_informs_too,
}

type Log = Arc<Mutex<Vec<String>>>;

/// A log, and the function that writes to it.
fn log() -> (Log, impl Fn(&ResponseHead) + Send + Sync + 'static) {
    let log = Log::default();
    let writer = Arc::clone(&log);
    (log, move |head: &ResponseHead| {
        let link = head.headers().get("Link").and_then(|value| value.to_str().map(str::to_owned));
        let path = head.url().unwrap().path();
        writer.lock().unwrap().push(format!(
            "{} {} {path}",
            head.status().as_u16(),
            link.unwrap_or_default()
        ));
    })
}

fn taken(log: &Log) -> Vec<String> {
    std::mem::take(&mut log.lock().unwrap())
}

const HINTS: &str = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n\
    HTTP/1.1 103 Early Hints\r\nLink: </b.js>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood";
const TOLD: [&str; 3] = ["103 </a.css> /", "102  /", "103 </b.js> /"];

/// Whole, and cut at each place.
fn interim_responses_reach_the_user_in_order<F: Upgrades>() {
    let client = F::new();
    let script = |cut: usize| {
        let (one, two) = HINTS.split_at(cut);
        vec![Act::TakeHead, send(one), send(two), Act::Eof]
    };
    let cuts = (0..HINTS.len()).step_by(5);
    let server = ScriptedServer::new(cuts.clone().map(script).collect::<Vec<_>>());
    for cut in cuts {
        let (log, write) = log();
        // Each on its own connection.
        let ask = client.get(&server.url()).header("Connection", "close").on_informational(write);
        assert_eq!(F::send(ask).unwrap().text(), "good");
        assert_eq!(taken(&log), TOLD, "cut at {cut}");
    }
}

fn a_client_has_one_function_for_all_requests_and_a_request_its_own<F: Upgrades>() {
    let server = ScriptedServer::new([[answer(HINTS), answer(HINTS)].concat()]);
    let (of_client, write) = log();
    let client = F::with(|client| client.on_informational(write));
    F::send(client.get(&server.url())).unwrap();
    assert_eq!(taken(&of_client), TOLD);
    let (own, write) = log();
    F::send(client.get(&server.url()).on_informational(write)).unwrap();
    assert_eq!((taken(&of_client).len(), taken(&own).len()), (0, 3));
}

fn each_hop_informs<F: Upgrades>() {
    let hop =
        "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n";
    let server = ScriptedServer::new([[answer(hop), answer(HINTS)].concat()]);
    let (log, write) = log();
    F::send(F::new().get(&server.url()).on_informational(write)).unwrap();
    assert_eq!(taken(&log), ["103  /", "103 </a.css> /next", "102  /next", "103 </b.js> /next"]);
}

fn interim_responses_do_not_put_off_a_timeout<F: Upgrades>() {
    let drip = "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(10).into_bytes();
    let server =
        ScriptedServer::new([vec![Act::TakeHead, Act::Drip(drip, Duration::from_millis(5)), Act::Eof]]);
    let (_, write) = log();
    let ask = F::new().get(&server.url()).head_timeout(Duration::from_millis(200)).on_informational(write);
    assert_eq!(F::send(ask).unwrap_err().kind(), ErrorKind::Timeout(Timeout::Head));
}

fn a_continue_informs_too<F: Upgrades>() {
    let script = vec![
        Act::TakeHead,
        send("HTTP/1.1 100 Continue\r\n\r\n"),
        Act::TakeBytes(4),
        send("HTTP/1.1 204 No Content\r\n\r\n"),
    ];
    let server = ScriptedServer::new([script]);
    let (log, write) = log();
    let ask = F::new().request("POST", &server.url()).header("Expect", "100-continue").body(F::bytes("body"));
    assert_eq!(F::send(ask.on_informational(write)).unwrap().status(), 204);
    assert_eq!(taken(&log), ["100  /"]);
}
