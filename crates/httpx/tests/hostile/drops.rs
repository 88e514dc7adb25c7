//! Responses that are forgotten or dropped in any order, and clients that are closed early.

use std::thread;

use httpx::ErrorKind;
use httpx::models::Timeout;

use crate::support::{Flavour, Reply, Server, both_flavours};
use crate::{SHORT, bad, check_one};

both_flavours!(forgotten_responses, dropped_in_odd_orders, a_client_closed_during_requests,);

fn forgotten_responses<F: Flavour>() {
    let server = bad(Reply::ok("good"));
    let client = F::pooled(|pool| pool.max_connections(2));
    let url = server.url("/good");
    std::mem::forget(F::stream(client.get(&url)).unwrap());
    check_one(&client, &url);
    std::mem::forget(F::stream(client.get(&url)).unwrap());
    let error = F::send(client.get(&url).pool_timeout(SHORT)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Pool), "{error:?}");
    assert_eq!(client.shown(), "<Client [2 active]>");
    client.close();
    drop(client);
}

fn dropped_in_odd_orders<F: Flavour>() {
    let half = Reply::Hang(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel".into());
    let server =
        Server::new(move |seen| if seen.target() == "/half" { half.clone() } else { Reply::ok("good") });
    for order in [[0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0], [3, 0, 5, 1, 4, 2], [2, 3, 1, 4, 0, 5]] {
        let client = F::new();
        let mut held: Vec<Option<F::Streamed>> = (0..6)
            .map(|n| F::stream(client.get(&server.url(if n % 2 == 0 { "/good" } else { "/half" }))).ok())
            .collect();
        for n in order {
            if n == 3 {
                client.close();
            }
            match n {
                4 => assert_eq!(F::read_body(held[n].take().unwrap()).unwrap().text(), "good"),
                _ => held[n] = None,
            }
        }
        assert_eq!(client.shown(), "<Client [0 active]>");
    }
}

fn a_client_closed_during_requests<F: Flavour>() {
    let server = bad(Reply::ok("good"));
    for round in 0..10 {
        let client = F::pooled(|pool| pool.max_connections(1 + round % 4));
        let threads: Vec<_> = (0..6)
            .map(|n| {
                let (client, url) = (client.clone(), server.url("/good"));
                thread::spawn(move || {
                    for _ in 0..30 {
                        if n == 5 && round > 4 {
                            client.close();
                        }
                        match F::send(client.get(&url)) {
                            Ok(response) => assert_eq!(response.text(), "good"),
                            Err(error) => {
                                assert_eq!(error.kind(), ErrorKind::Closed, "{error:?}");
                                return;
                            }
                        }
                    }
                })
            })
            .collect();
        client.close();
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(client.shown(), "<Client [0 active]>");
    }
}
