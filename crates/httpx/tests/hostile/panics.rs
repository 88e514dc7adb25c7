//! Panics in the code of the user: bodies, policies and backends.

use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use httpx::{Content, Encoded};

use crate::support::{Flavour, Reply, both_flavours};
use crate::{bad, check_usable};

both_flavours!(panics,);

struct Panics;

impl Read for Panics {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        panic!("on purpose")
    }
}

impl Content for Panics {
    fn content_type(&self) -> Option<std::borrow::Cow<'static, str>> {
        None
    }

    fn encode(self) -> httpx::Result<Encoded> {
        panic!("on purpose")
    }
}

fn panics<F: Flavour>() {
    let server = bad(Reply::ok("good"));
    let client = F::pooled(|pool| pool.max_connections(1));
    for _ in 0..3 {
        for body in [F::reader(Panics), F::sized_reader(Panics, 5)] {
            let ask = client.post(&server.url("/")).body(body);
            catch_unwind(AssertUnwindSafe(|| F::send(ask))).unwrap_err();
            check_usable(&client, &server);
        }
        let ask = client.post(&server.url("/"));
        assert!(catch_unwind(AssertUnwindSafe(|| ask.content(Panics))).is_err());
        // With a response in hand.
        let streamed = F::stream(client.get(&server.url("/"))).unwrap();
        let held = catch_unwind(AssertUnwindSafe(move || {
            let _streamed = streamed;
            panic!("on purpose");
        }));
        assert!(held.is_err());
        check_usable(&client, &server);
    }
}

/// A network that panics, and then does not, in turns.
#[derive(Debug, Default)]
struct Moody(AtomicBool);

impl Moody {
    fn panic_in_turn(&self) {
        assert!(self.0.fetch_xor(true, Ordering::Relaxed), "on purpose");
    }
}

#[cfg(feature = "blocking")]
impl httpx::NetworkBackend for Moody {
    fn connect(
        &self,
        endpoint: &httpx::Endpoint,
        deadline: Option<Instant>,
    ) -> Result<Box<dyn httpx::NetworkStream>, httpx::ConnectError> {
        self.panic_in_turn();
        httpx::TcpBackend::new().connect(endpoint, deadline)
    }
}

#[cfg(feature = "async")]
impl httpx::ahttpx::NetworkBackend for Moody {
    fn connect<'a>(
        &'a self,
        endpoint: &'a httpx::Endpoint,
        deadline: Option<Instant>,
    ) -> httpx::ahttpx::Connecting<'a> {
        Box::pin(async move {
            self.panic_in_turn();
            httpx::ahttpx::TcpBackend::new().connect(endpoint, deadline).await
        })
    }
}

mod users {
    use crate::support::written_once::written_once;

    written_once! {
        use flavour::{RedirectAction, Client, ConnectionPool, Middleware, Redirect, Request, Transport};

        use super::super::Moody;
        use crate::support::{Reply, Server};

        /// A policy and a network of the user's own.
        #[test]
        async fn panics_in_what_the_user_has_written() {
            let server = Server::routes([("/there", Reply::redirect("302 Found", "/panic"))]);
            let pool = ConnectionPool::builder().max_connections(1).backend(Moody::default()).build();
            let policy = Redirect::with_policy(|attempt| match attempt.url().path() {
                "/panic" => panic!("on purpose"),
                _ => RedirectAction::Follow,
            });
            let client = Client::builder().transport(Middleware::with(policy, pool.clone())).build().unwrap();
            let get = async |path: &str| {
                let request = Request::new("GET", server.url(path)).unwrap();
                caught(async || client.send(request).await?.read_body().await).await
            };
            get("/").await.unwrap_err();
            let response = get("/").await.unwrap().unwrap();
            assert_eq!(response.text(), "good");
            let response = client.get(server.url("/there")).max_redirects(0).send().await.unwrap();
            assert_eq!(response.status(), 302);
            get("/there").await.unwrap_err();
            assert!(format!("{pool:?}").starts_with("<ConnectionPool [0 active"), "{pool:?}");
            let response = get("/").await.unwrap().unwrap();
            assert_eq!(response.text(), "good");
        }
    }
}
