//! Layers, redirect policies and cookie jars of a client and of single requests.

#![cfg(all(any(feature = "blocking", feature = "async"), feature = "cookies"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

use std::sync::{Arc, Mutex};

use httpx::Response;
use httpx::cookies::CookieJar;
use httpx::flow::{Clock, Flow, FlowNext, FlowOutcome, RequestHead};
use httpx::redirect::{RedirectAction, RedirectPolicy};
use httpx_core::Request;

mod support;

use support::flavour::{BodyOf, Setup};
use support::over::Over;
use support::{Reply, Server, both_flavours};

both_flavours!(
    the_first_layer_is_the_outermost,
    a_layer_sees_a_call_once,
    a_network_layer_sees_each_request,
    a_redirect_policy,
    a_jar_for_one_request,
    connections,
);

/// Writes down when a call begins and ends.
struct Named(&'static str, Arc<Mutex<String>>);

impl Flow for Named {
    type Call = ();

    fn start(&self, request: &mut RequestHead, _: &dyn Clock) -> httpx::Result<()> {
        self.1.lock().unwrap().push_str(&format!("{}({} ", self.0, request.url().path()));
        Ok(())
    }

    fn next(
        &self,
        _: &mut (),
        _: &mut RequestHead,
        outcome: FlowOutcome<'_>,
        _: &dyn Clock,
    ) -> httpx::Result<FlowNext> {
        if let FlowOutcome::Response(head) = outcome {
            self.1.lock().unwrap().push_str(&format!("{}){} ", self.0, head.status().as_u16()));
        }
        Ok(FlowNext::Done)
    }
}

fn layered<F: Over>(client: Setup<F>) -> (Setup<F>, Arc<Mutex<String>>) {
    let log = Arc::new(Mutex::new(String::new()));
    let layers = ["a", "b"].map(|name| Named(name, Arc::clone(&log)));
    (F::layered(layers.into(), client), log)
}

/// `/old` leads to `/new`.
fn moved<F: Over>(request: &Request<BodyOf<F>>) -> httpx::Result<Response<httpx::Bytes>> {
    let mut response = Response::new(if request.url().path() == "/old" { 302 } else { 200 }, ())?;
    response.head_mut().headers_mut().set("Location", "/new")?;
    Ok(response)
}

fn the_first_layer_is_the_outermost<F: Over>() {
    let mut log = Arc::default();
    let set = |client: Setup<F>| {
        let (client, layers_log) = layered::<F>(client);
        log = layers_log;
        client
    };
    let client = F::answered(moved::<F>, set).unwrap();
    F::send(client.get("http://h/new")).unwrap();
    assert_eq!(*log.lock().unwrap(), "a(/new b(/new b)200 a)200 ");
}

fn a_layer_sees_a_call_once<F: Over>() {
    for keeps_cookies in [true, false] {
        let mut log = Arc::default();
        let set = |client: Setup<F>| {
            let (client, layers_log) = layered::<F>(client);
            log = layers_log;
            if keeps_cookies { client } else { client.no_cookies() }
        };
        let client = F::answered(moved::<F>, set).unwrap();
        let response = F::send(client.get("http://h/old")).unwrap();
        assert_eq!(response.history().len(), 1);
        assert_eq!(*log.lock().unwrap(), "a(/old b(/old b)200 a)200 ");
    }
}

/// Network layers are below the others. They work over a pool and over other transports.
fn a_network_layer_sees_each_request<F: Over>() {
    let set = |log: &Arc<Mutex<String>>, client: Setup<F>| {
        let named = |name| vec![Named(name, Arc::clone(log))];
        let client = F::network_layered(named("c"), F::layered(named("a"), client));
        F::network_layered(named("d"), client)
    };
    let log = Arc::default();
    let client = F::answered(moved::<F>, |client| set(&log, client)).unwrap();
    F::send(client.get("http://h/old")).unwrap();
    let expected = "a(/old c(/old d(/old d)302 c)302 c(/new d(/new d)200 c)200 a)200 ";
    assert_eq!(*log.lock().unwrap(), expected);

    let log = Arc::default();
    let server = Server::new(|_| Reply::ok("good"));
    let client = F::with(|client| set(&log, client));
    F::send(client.get(&server.url("/"))).unwrap();
    assert_eq!(*log.lock().unwrap(), "a(/ c(/ d(/ d)200 c)200 a)200 ");
    assert_eq!(client.connections(), 1);
}

fn a_redirect_policy<F: Over>() {
    let stop = |client: Setup<F>| client.redirect_policy(RedirectPolicy::stop());
    let follow = || RedirectPolicy::new(|_| RedirectAction::Follow);
    let plain = F::answered(moved::<F>, |client| client).unwrap();
    let stopping = F::answered(moved::<F>, stop).unwrap();
    let rows = [
        (plain.get("http://h/old"), 200),
        (plain.get("http://h/old").redirect_policy(RedirectPolicy::stop()), 302),
        (stopping.get("http://h/old"), 302),
        (stopping.get("http://h/old").redirect_policy(follow()), 200),
    ];
    for (request, status) in rows {
        assert_eq!(F::send(request).unwrap().status(), status);
    }
}

fn a_jar_for_one_request<F: Over>() {
    let answer = |request: &Request<BodyOf<F>>| {
        let cookie = request.headers().get("Cookie").map(|value| value.to_string()).unwrap_or_default();
        let mut response = Response::new(200, httpx::Text(cookie))?;
        response.head_mut().headers_mut().set("Set-Cookie", format!("id={}", request.url().path().len()))?;
        Ok(response)
    };
    for (keeps_cookies, kept) in [(true, "id=1"), (false, "")] {
        let set = |client: Setup<F>| if keeps_cookies { client } else { client.no_cookies() };
        let client = F::answered(answer, set).unwrap();
        let (ann, bob) = (CookieJar::new(), CookieJar::new());
        let steps = [
            (client.get("http://h/"), ""),
            (client.get("http://h/"), kept),
            (client.get("http://h/ann").cookie_jar(&ann), ""),
            (client.get("http://h/ann").cookie_jar(&ann), "id=4"),
            (client.get("http://h/bob").cookie_jar(&bob), ""),
            (client.get("http://h/ann").no_cookies(), ""),
            (client.get("http://h/"), kept),
        ];
        for (request, expected) in steps {
            let shown = format!("{request:?}");
            assert_eq!(F::send(request).unwrap().text(), expected, "{shown} {keeps_cookies}");
        }
        assert_eq!((ann.len(), bob.len()), (1, 1));
    }
}

/// Those of the client's own pool and of one that was handed in, also beneath layers.
fn connections<F: Over>() {
    let server = Server::new(|_| Reply::ok("good"));
    for layers in [false, true] {
        let set = |client: Setup<F>| if layers { layered::<F>(client).0 } else { client };
        let client = F::with(set);
        assert_eq!(client.connections(), 0);
        F::send(client.get(&server.url("/"))).unwrap();
        assert_eq!((client.connections(), &*client.shown()), (1, "<Client [0 active, 1 idle]>"));
    }
    let mock = F::answered(|_| Response::new(200, ()), |client| client).unwrap();
    assert_eq!(mock.connections(), 0);
}
