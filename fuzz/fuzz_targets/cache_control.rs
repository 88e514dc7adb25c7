//! Whatever the headers of a response and of a request say, a response with a plain `no-store` is not returned from a cache,
//! one that is returned has an age, and a stale one is returned only for a reason.

#![no_main]

use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime};

use httpx_core::blocking::{MockTransport, Transport};
use httpx_core::{Headers, Request, Response, Text};
use httpx_middleware::cache::{Cache, CacheHit};
use httpx_middleware::{Clock, Middleware};
use libfuzzer_sys::fuzz_target;

/// A clock that is read once for each request and response, and jumps in between.
struct Jumping(Instant, Mutex<u64>);

impl Clock for Jumping {
    fn now(&self) -> Instant {
        self.0
    }

    fn wall(&self) -> SystemTime {
        let mut seconds = self.1.lock().expect("no panic");
        *seconds += 7;
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000 + *seconds)
    }
}

fn is_plain(line: &str, directive: &str) -> bool {
    let is_listed = line.split(',').any(|element| element.trim().eq_ignore_ascii_case(directive));
    is_listed && !line.contains(['"', '\\'])
}

// The lines are `Cache-Control` of the response, `Expires`, `Last-Modified`, `Age`, `Vary`, and `Cache-Control` of the
// request.
fuzz_target!(|text: &str| {
    let lines: Vec<_> = text.split('\n').collect();
    let line = |at: usize| lines.get(at).copied().unwrap_or_default();
    let mut headers = Headers::new();
    for (at, name) in ["Cache-Control", "Expires", "Last-Modified", "Age", "Vary"].into_iter().enumerate() {
        if !line(at).is_empty() && headers.append(name, line(at)).is_err() {
            return;
        }
    }
    let server = MockTransport::new(move |_| {
        let mut response = Response::new(200, Text("server"))?;
        *response.headers_mut() = headers.clone();
        Ok(response)
    });
    let clock = Jumping(Instant::now(), Mutex::new(0));
    let client = Middleware::with(Cache::in_memory(), server).with_clock(clock);
    for time in 0..2 {
        let mut request = Request::new("GET", "https://h/").expect("a request");
        if request.head_mut().headers_mut().append("Cache-Control", line(5)).is_err() {
            return;
        }
        let response = client.send(request).and_then(Response::read_body).expect("a response");
        let Some(hit) = response.from_cache() else { continue };
        assert_eq!(time, 1, "there was nothing to return");
        let age = response.headers().get("age").and_then(|age| age.to_str()?.parse::<u64>().ok());
        assert!(age.is_some_and(|age| age >= 7), "{age:?}");
        assert!(!is_plain(line(0), "no-store") || line(0).contains("must-understand"), "{text:?}");
        assert!(!is_plain(line(5), "no-store") && !is_plain(line(5), "no-cache"), "{text:?}");
        assert!(!is_plain(line(4), "*"), "{text:?}");
        if matches!(hit, CacheHit::Stale(_)) {
            assert!(!is_plain(line(0), "must-revalidate"), "{text:?}");
            assert!(text.to_ascii_lowercase().contains("stale"), "{text:?}");
        }
    }
});
