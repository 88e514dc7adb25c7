//! The events that an observer of a client receives, and the facts of a response about its connection.

use std::sync::{Arc, Mutex};

use httpx::network::Event;

use crate::support::{Flavour, Reply, Server, both_flavours};

both_flavours!(redirects, numbers_and_timings, connections_ahead_of_need);

/// Each step of a redirect is a request, over the same connection.
fn redirects<F: Flavour>() {
    let server = Server::routes([("/old", Reply::redirect("302", "/new"))]);
    let lines = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&lines);
    let observer = move |event: &Event<'_>| {
        let line = match event {
            Event::RequestStarted { method, url, .. } => {
                format!("{method} {}", url.rsplit('/').next().unwrap())
            }
            Event::ConnectionAcquired { is_reused, .. } => format!("reused: {is_reused}"),
            Event::ResponseStarted { status, .. } => format!("{status}"),
            Event::BodyEnded { outcome, .. } => format!("{outcome:?}"),
            _ => return,
        };
        log.lock().unwrap().push(line);
    };
    let client = F::pooled(|pool| pool.observer(observer));
    let response = F::send(client.get(&server.url("/old"))).unwrap();
    assert!(response.is_reused() && !response.history()[0].is_reused());
    let expected = [
        "GET old",
        "reused: false",
        "302 Found",
        "Complete",
        "GET new",
        "reused: true",
        "200 OK",
        "Complete",
    ];
    assert_eq!(*lines.lock().unwrap(), expected);
}

fn numbers_and_timings<F: Flavour>() {
    let server = Server::new(|_| Reply::ok("good"));
    let client = F::new();
    for is_reused in [false, true] {
        let response = F::send(client.get(&server.url("/"))).unwrap();
        let timings = response.timings().unwrap();
        assert_eq!((response.is_reused(), timings.connect.is_none()), (is_reused, is_reused));
    }
    let stats = client.pool_stats();
    assert_eq!((stats.opened, stats.reused, stats.idle), (1, 1, 1));
    // A response that came from no server.
    let mock = F::answered(|_| httpx::Response::new(200, ()), |client| client).unwrap();
    let response = F::send(mock.get("http://h/")).unwrap();
    assert!(response.timings().is_none() && response.connection().is_none() && !response.is_reused());
    assert_eq!(mock.pool_stats(), httpx::network::PoolStats::default());
}

fn connections_ahead_of_need<F: Flavour>() {
    let server = Server::new(|_| Reply::ok("good"));
    let url = server.url("/");
    let client = F::with(|client| client.url(&*url));
    client.connect("/path").unwrap();
    assert_eq!((client.pool_stats().opened, client.pool_stats().idle), (1, 1));
    assert!(F::send(client.get("/")).unwrap().is_reused());
    let mock = F::answered(|_| httpx::Response::new(200, ()), |client| client).unwrap();
    assert_eq!(mock.connect("http://h/").unwrap_err().kind(), httpx::ErrorKind::Config);
    client.close();
    assert_eq!(client.connect("/").unwrap_err().kind(), httpx::ErrorKind::Closed);
}
