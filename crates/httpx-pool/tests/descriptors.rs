//! A process without file descriptors. The limit is that of the process, so this is the only test of its process.
#![cfg(all(target_os = "linux", any(feature = "blocking", feature = "async")))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod support;

use std::fs::File;

use httpx_core::{ErrorKind, RequestSent};
use rustix::process::{Resource, getrlimit, setrlimit};
use support::{Answer, Flavour, OK, Server, StubResolver, request, serve};

/// Runs this while no further file can be opened.
fn without_descriptors<T>(run: impl FnOnce() -> T) -> T {
    let before = getrlimit(Resource::Nofile);
    let mut few = before;
    few.current = Some(200);
    setrlimit(Resource::Nofile, few).unwrap();
    let mut files = Vec::new();
    while let Ok(file) = File::open("/dev/null") {
        files.push(file);
        assert!(files.len() <= 200, "the limit does not hold");
    }
    let result = run();
    drop(files);
    setrlimit(Resource::Nofile, before).unwrap();
    result
}

#[test]
fn no_descriptor_is_left() {
    #[cfg(feature = "blocking")]
    no_descriptor::<support::Blocking>();
    #[cfg(feature = "async")]
    no_descriptor::<support::Async>();
}

fn no_descriptor<F: Flavour>() {
    let stub = StubResolver::new(|_| Answer::Addresses(vec![[127, 0, 0, 1].into(), [127, 0, 0, 2].into()]));
    let (pool, with_stub) = (F::new(), F::make(|pool| F::resolver(pool, stub)));
    let full = "this process has too many open files: raise its limit, or keep fewer connections";
    let rows = [
        // The resolver of the system needs descriptors, too.
        (&pool, "a.invalid", ErrorKind::Resolve, "cannot resolve the name a.invalid"),
        (&pool, "127.0.0.1", ErrorKind::Connect, "cannot connect to 127.0.0.1 (tried 127.0.0.1:"),
        (&with_stub, "stub.test", ErrorKind::Connect, "; 127.0.0.2:"),
    ];
    let errors = without_descriptors(|| {
        rows.map(|(pool, host, ..)| pool.exchange(request("GET", &format!("http://{host}:9/"))))
    });
    for ((_, host, kind, part), error) in rows.iter().zip(errors) {
        let error = error.unwrap_err();
        let text = error.to_string();
        assert_eq!((error.kind(), error.request_sent()), (*kind, Some(RequestSent::Nothing)), "{text}");
        assert!(text.contains(host) && text.contains(part) && text.contains(full), "{text}");
    }
    let server = Server::repeat(serve(OK));
    let port = server.addr().port();
    for host in ["127.0.0.1", "localhost"] {
        pool.get_ok(&format!("http://{host}:{port}/"));
    }
    with_stub.get_ok(&format!("http://stub.test:{port}/"));
    // The test of the other flavour needs a process in which nothing is closed meanwhile.
    drop((pool, with_stub));
    server.ended();
}
