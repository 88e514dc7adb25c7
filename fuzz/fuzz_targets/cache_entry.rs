//! Whatever bytes the store of a cache has for a URL, a request is answered, and from the third time on by a fresh response.

#![no_main]

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use httpx_core::blocking::{MockTransport, Transport};
use httpx_core::{Request, Response, Text};
use httpx_middleware::cache::{Cache, CacheHit, MemoryStore, Store, StoreKey};
use httpx_middleware::{Clock, Middleware};
use libfuzzer_sys::fuzz_target;

/// A clock that stands still.
struct Standing(Instant);

impl Clock for Standing {
    fn now(&self) -> Instant {
        self.0
    }

    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000)
    }
}

fuzz_target!(|entry: &[u8]| {
    let store = Arc::new(MemoryStore::new());
    store.put(&StoreKey::new("https://h/"), entry.to_vec().into()).expect("memory");
    let cache = Cache::builder().store(Arc::clone(&store)).build();
    let server = MockTransport::new(|_| {
        Response::new(200, Text("server"))?.with_header("Cache-Control", "max-age=60")
    });
    let client = Middleware::with(cache, server).with_clock(Standing(Instant::now()));
    for time in 1..=3 {
        let request = Request::new("GET", "https://h/").expect("a request");
        let response = client.send(request).and_then(Response::read_body).expect("a response");
        let age = response.headers().get("age").and_then(|age| age.to_str()?.parse::<u64>().ok());
        match response.from_cache() {
            None => assert_eq!(response.text(), "server"),
            Some(_) => assert!(age.is_some(), "a cached response has an age"),
        }
        assert!(time < 3 || response.from_cache() == Some(CacheHit::Fresh), "{:?}", response.from_cache());
    }
});
