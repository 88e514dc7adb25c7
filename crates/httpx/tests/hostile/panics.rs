//! Panics in the code of the user: bodies, policies and backends.

use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

use httpx::Content;
use httpx::models::Encoded;
use httpx::redirect::{Redirect, RedirectAction};

use crate::support::{Flavour, Reply, Server, both_flavours};
use crate::{bad, check_usable};

both_flavours!(panics, panics_in_a_policy_and_in_a_network, a_panic_in_the_choice_of_a_proxy);

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

/// The panic reaches the caller, and the only place in the pool is free again.
fn a_panic_in_the_choice_of_a_proxy<F: Flavour>() {
    let server = bad(Reply::ok("good"));
    let client = F::pooled(|pool| {
        pool.max_connections(1).proxy_by(|url| match url.path() {
            "/panic" => panic!("on purpose"),
            _ => None,
        })
    });
    for _ in 0..3 {
        let ask = client.get(&server.url("/panic"));
        let payload = catch_unwind(AssertUnwindSafe(|| F::send(ask))).unwrap_err();
        assert_eq!(payload.downcast_ref(), Some(&"on purpose"));
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
impl httpx::network::NetworkBackend for Moody {
    fn connect(
        &self,
        to: &httpx::network::Destination<'_>,
    ) -> Result<Box<dyn httpx::network::NetworkStream>, httpx::network::ConnectError> {
        self.panic_in_turn();
        httpx::network::TcpBackend::new().connect(to)
    }
}

#[cfg(feature = "async")]
impl httpx::ahttpx::network::NetworkBackend for Moody {
    fn connect<'a>(&'a self, to: &'a httpx_pool::Destination<'a>) -> httpx::ahttpx::network::Connecting<'a> {
        Box::pin(async move {
            self.panic_in_turn();
            httpx::ahttpx::network::TcpBackend::new().connect(to).await
        })
    }
}

/// A redirect policy and a network of the user.
fn panics_in_a_policy_and_in_a_network<F: Flavour>() {
    let server = Server::routes([("/there", Reply::redirect("302 Found", "/panic"))]);
    let pool = F::backend(F::pool().max_connections(1), Moody::default());
    let policy = Redirect::with_policy(|attempt| match attempt.url().path() {
        "/panic" => panic!("on purpose"),
        _ => RedirectAction::Follow,
    });
    let client = F::with_flow(pool, policy);
    let get = |path| {
        let ask = client.get(&server.url(path)).max_redirects(5);
        catch_unwind(AssertUnwindSafe(|| F::send(ask)))
    };
    get("/").unwrap_err();
    assert_eq!(get("/").unwrap().unwrap().text(), "good");
    let redirect = F::send(client.get(&server.url("/there")).max_redirects(0)).unwrap();
    assert_eq!(redirect.status(), 302);
    get("/there").unwrap_err();
    // The redirect had no body: its connection went back to the pool, which may have only one.
    assert_eq!(get("/").unwrap().unwrap().text(), "good");
}
