//! The connections of a client: their number, their `Debug` output, and how they are closed.

use httpx::ErrorKind;

use crate::support::{Flavour, Reply, Server, both_flavours};

both_flavours!(
    representation,
    close_lets_nothing_more_in,
    close_waits_for_connections_in_use,
    dropping_the_last_clone_closes,
    max_connections,
    one_client_in_many_threads,
);

fn representation<F: Flavour>() {
    let client = F::new();
    assert_eq!(client.shown(), "<Client [0 active]>");
    let servers = [Server::fine(), Server::fine(), Server::routes([])];
    for server in &servers {
        F::send(client.get(&server.url("/"))).unwrap();
    }
    assert_eq!(client.shown(), "<Client [0 active, 3 idle]>");
    let streamed = F::stream(client.get(&servers[2].url("/"))).unwrap();
    assert_eq!(client.shown(), "<Client [1 active, 2 idle]>");
    assert_eq!(F::read_body(streamed).unwrap().text(), "good");
    assert_eq!(client.shown(), "<Client [0 active, 3 idle]>");
    client.close();
    assert_eq!(client.shown(), "<Client [0 active]>");
    servers.iter().for_each(|server| server.wait_for_closed(1));

    let fresh = F::new();
    let streamed = F::stream(fresh.get(&servers[2].url("/"))).unwrap();
    assert_eq!(fresh.shown(), "<Client [1 active]>");
    assert_eq!(format!("{:?}", F::read_body(streamed).unwrap()), "<Response [200 OK]>");
}

fn close_lets_nothing_more_in<F: Flavour>() {
    let client = F::new();
    let clone = client.clone();
    let server = Server::fine();
    F::send(client.get(&server.url("/"))).unwrap();
    client.close();
    server.wait_for_closed(1);
    client.close();
    let error = F::send(clone.get(&server.url("/later"))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Closed);
    assert_eq!(
        error.to_string(),
        format!("GET {}: the client is closed; make a new one", server.url("/later"))
    );
    assert_eq!(server.opened(), 1);
}

/// An exchange that runs when the client is closed ends as it would have, and then its connection is closed.
fn close_waits_for_connections_in_use<F: Flavour>() {
    let client = F::new();
    let server = Server::routes([]);
    let streamed = F::stream(client.get(&server.url("/"))).unwrap();
    client.close();
    assert_eq!(client.shown(), "<Client [1 active]>");
    assert_eq!(F::read_body(streamed).unwrap().text(), "good");
    server.wait_for_closed(1);
    assert_eq!(client.shown(), "<Client [0 active]>");
}

fn dropping_the_last_clone_closes<F: Flavour>() {
    let client = F::new();
    let server = Server::routes([]);
    let clone = client.clone();
    F::send(client.get(&server.url("/"))).unwrap();
    drop(client);
    F::send(clone.get(&server.url("/"))).unwrap();
    let streamed = F::stream(clone.get(&server.url("/"))).unwrap();
    assert_eq!(server.opened(), 1);
    drop(clone);
    // A streamed response outlives its client.
    assert_eq!(F::read_body(streamed).unwrap().text(), "good");
    server.wait_for_closed(1);
}

fn max_connections<F: Flavour>() {
    let client = F::pooled(|pool| pool.max_connections(2));
    let server = Server::fine();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..10 {
                    F::send(client.get(&server.url("/"))).unwrap();
                }
            });
        }
    });
    assert_eq!(server.take().len(), 80);
    assert!(server.opened() <= 2, "{}", server.opened());
}

fn one_client_in_many_threads<F: Flavour>() {
    let client = F::new();
    let server = Server::new(|seen| Reply::ok(&seen.target()));
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (client, server) = (client.clone(), &server);
            scope.spawn(move || {
                for n in 0..25 {
                    let path = format!("/{thread}/{n}");
                    assert_eq!(F::send(client.get(&server.url(&path))).unwrap().text(), path);
                }
            });
        }
    });
    assert!(server.opened() <= 8, "{} connections for 8 threads", server.opened());
    assert_eq!(client.shown(), format!("<Client [0 active, {} idle]>", server.opened()));
}
