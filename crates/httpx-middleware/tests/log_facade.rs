//! `Logging::to_log`, with a logger that keeps what it gets. The logger is one for the whole process: hence a file of its own.
#![cfg(all(feature = "blocking", feature = "log"))]
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::sync::Mutex;
use std::time::{Instant, SystemTime};

use httpx_core::blocking::Transport;
use httpx_middleware::logging::Logging;
use httpx_middleware::{Clock, Middleware};
use log::{Level, LevelFilter, Log, Metadata, Record};
use support::{Blocking, Scripted, request};

struct Kept(Mutex<Vec<(Level, String)>>);

static KEPT: Kept = Kept(Mutex::new(Vec::new()));

impl Log for Kept {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "httpx"
    }

    fn log(&self, record: &Record<'_>) {
        assert_eq!(record.target(), "httpx");
        self.0.lock().unwrap().push((record.level(), record.args().to_string()));
    }

    fn flush(&self) {}
}

#[test]
fn the_level_follows_from_the_outcome_and_the_heads_from_the_level() {
    log::set_logger(&KEPT).unwrap();
    for (filter, answer, expected) in [
        (LevelFilter::Info, "200", Some((Level::Info, "GET https://h/ 200 OK 6 B 0.0 ms"))),
        (
            LevelFilter::Info,
            "500",
            Some((Level::Warn, "GET https://h/ 500 Internal Server Error 6 B 0.0 ms")),
        ),
        (LevelFilter::Info, "refused", Some((Level::Error, "GET https://h/ failed after 0.0 ms: refused"))),
        (LevelFilter::Warn, "200", None),
        (
            LevelFilter::Debug,
            "200",
            Some((Level::Info, "> GET https://h/\n< HTTP/1.1 200 OK\nGET https://h/ 200 OK 6 B 0.0 ms")),
        ),
    ] {
        log::set_max_level(filter);
        let clock = Stopped(Instant::now());
        let client = Middleware::with(Logging::to_log(), Scripted::new([answer])).with_clock(clock);
        drop(client.send(request::<Blocking>("GET https://h/")).and_then(httpx_core::Response::read_body));
        let kept = KEPT.0.lock().unwrap().pop();
        assert_eq!(kept.as_ref().map(|(level, text)| (*level, text.as_str())), expected);
    }
}

struct Stopped(Instant);

impl Clock for Stopped {
    fn now(&self) -> Instant {
        self.0
    }

    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }
}
