//! Tokens of a client: one fetch for all calls, and where tokens go.

#![cfg(any(feature = "blocking", feature = "async"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use httpx::auth::{Token, TokenAuth, TokenSource};
use httpx::flow::{BeforeSend, Clock, Flow, FlowNext, FlowOutcome, OwnRequest, RequestHead};
use httpx::{Bytes, ErrorKind, Response, Result, Text};
use httpx_core::Request;
use httpx_testing::Gate;

mod support;

use support::flavour::{BodyOf, Setup};
use support::{Flavour, both_flavours};

both_flavours!(calls_at_the_same_time, origins_of_tokens, timeouts_of_fetches);

/// The text of the response is the token.
struct Login(String);

impl TokenSource for Login {
    fn request(&self) -> Result<OwnRequest> {
        OwnRequest::new("POST", &*self.0)
    }

    fn token(&self, response: Response<Bytes>) -> Result<Token> {
        Ok(Token::new(response.error_for_status()?.text()))
    }
}

fn auth() -> TokenAuth<Login> {
    TokenAuth::new(Login("http://login/".into()))
}

/// Counts the calls that wait for a token, and opens the next gate whenever so many of them wait.
struct Counted {
    auth: TokenAuth<Login>,
    waits: Arc<AtomicUsize>,
    calls_per_gate: usize,
    gates: [Gate; 2],
}

impl Flow for Counted {
    type Call = <TokenAuth<Login> as Flow>::Call;

    fn start(&self, request: &mut RequestHead, clock: &dyn Clock) -> Result<Self::Call> {
        self.auth.start(request, clock)
    }

    fn before_send(
        &self,
        call: &mut Self::Call,
        request: &mut RequestHead,
        clock: &dyn Clock,
    ) -> Result<BeforeSend> {
        let step = self.auth.before_send(call, request, clock)?;
        if matches!(step, BeforeSend::WaitFor(_)) {
            let waits = self.waits.fetch_add(1, Ordering::SeqCst) + 1;
            if waits.is_multiple_of(self.calls_per_gate) {
                self.gates[waits / self.calls_per_gate - 1].open();
            }
        }
        Ok(step)
    }

    fn on_own_response(
        &self,
        call: &mut Self::Call,
        response: Result<Response<Bytes>>,
        clock: &dyn Clock,
    ) -> Result<()> {
        self.auth.on_own_response(call, response, clock)
    }

    fn next(
        &self,
        call: &mut Self::Call,
        request: &mut RequestHead,
        outcome: FlowOutcome<'_>,
        clock: &dyn Clock,
    ) -> Result<FlowNext> {
        self.auth.next(call, request, outcome, clock)
    }
}

fn bearer(request: &RequestHead) -> String {
    let header = request.headers().get("Authorization").map(|value| value.to_str().unwrap().to_owned());
    header.unwrap_or_default().replace("Bearer ", "")
}

/// Each fetch is answered when the seven other callers wait for it.
fn calls_at_the_same_time<F: Flavour>() {
    let gates = [(); 2].map(|()| Gate::default());
    let waits = Arc::new(AtomicUsize::new(0));
    let flow = Counted { auth: auth(), waits: Arc::clone(&waits), calls_per_gate: 7, gates: gates.clone() };
    let fetches = Arc::new(AtomicUsize::new(0));
    let (counted, expected) = (Arc::clone(&fetches), Arc::new(Mutex::new("t1")));
    let valid = Arc::clone(&expected);
    let answer = move |request: &Request<BodyOf<F>>| {
        if request.url().host() == Some("login") {
            let earlier = counted.fetch_add(1, Ordering::SeqCst);
            gates[earlier].wait();
            return Response::new(200, Text(format!("t{}", earlier + 1)));
        }
        let is_valid = bearer(request.head()) == *valid.lock().unwrap();
        Response::new(if is_valid { 200 } else { 401 }, Text("good"))
    };
    let client = F::answered(answer, |client| client.auth(flow)).unwrap();
    client.run_callers(8, 1, || "http://h/".into());
    assert_eq!((fetches.load(Ordering::SeqCst), waits.load(Ordering::SeqCst)), (1, 7));
    // The token is held.
    client.run_callers(8, 2, || "http://h/".into());
    assert_eq!((fetches.load(Ordering::SeqCst), waits.load(Ordering::SeqCst)), (1, 7));
    // It is refused: one caller fetches the next one.
    *expected.lock().unwrap() = "t2";
    client.run_callers(8, 1, || "http://h/".into());
    assert_eq!((fetches.load(Ordering::SeqCst), waits.load(Ordering::SeqCst)), (2, 14));
    assert_eq!(F::send(client.get("http://h/")).unwrap().status(), 200);
}

/// Tokens go to the origin of the base URL, unless the flow names another one.
fn origins_of_tokens<F: Flavour>() {
    type Set<F> = Box<dyn FnOnce(Setup<F>) -> Setup<F>>;
    let other = || auth().for_origin("http://other/path").unwrap();
    // The client, the URL, and the hosts of the requests with their tokens.
    let rows: Vec<(Set<F>, &str, &str)> = vec![
        (Box::new(|client| client.auth(auth()).url("http://h/base/")), "a", "login, h/base/a t"),
        (Box::new(|client| client.url("http://h/").auth(auth())), "http://other/", "other/"),
        (Box::new(|client| client.url("http://h/").auth(auth())), "http://h:81/", "h:81/"),
        (Box::new(|client| client.url("http://h/").auth(auth())), "away", "login, h/away t, other/"),
        (
            Box::new(|client| client.url("http://h/").auth(auth()).send_credentials_to_any_origin()),
            "http://other/",
            "login, other/ t",
        ),
        (Box::new(move |client| client.url("http://h/").auth(other())), "http://other/", "login, other/ t"),
        (Box::new(move |client| client.url("http://h/").auth(other())), "a", "h/a"),
        // Without a base URL, that of the first request of the call.
        (Box::new(|client| client.auth(auth())), "http://h/away", "login, h/away t, other/"),
    ];
    for (set, url, expected) in rows {
        let log = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&log);
        let answer = move |request: &Request<BodyOf<F>>| {
            let url = request.url();
            if url.host() == Some("login") {
                seen.lock().unwrap().push("login".to_owned());
                return Response::new(200, Text("t"));
            }
            let line = format!("{}{} {}", url.authority(), url.path(), bearer(request.head()));
            seen.lock().unwrap().push(line.trim().to_owned());
            let status = if url.path() == "/away" { 302 } else { 200 };
            Response::<Bytes>::new(status, ())?.with_header("Location", "http://other/")
        };
        let client = F::answered(answer, set).unwrap();
        F::send(client.get(url)).unwrap();
        assert_eq!(log.lock().unwrap().join(", "), expected, "{url}");
    }
}

/// A fetch has a timeout also in a client without one.
fn timeouts_of_fetches<F: Flavour>() {
    let seconds = Duration::from_secs;
    for (flow, call, expected) in [
        (auth(), None, 30),
        (auth(), Some(5), 5),
        (auth(), Some(99), 30),
        (auth().fetch_timeout(seconds(7)), None, 7),
        (auth().fetch_timeout(seconds(7)), Some(5), 5),
    ] {
        let seen = Arc::new(Mutex::new(None));
        let total = Arc::clone(&seen);
        let answer = move |request: &Request<BodyOf<F>>| {
            *total.lock().unwrap() = request.head().options().timeouts.total;
            assert!(request.head().deadline().is_some());
            Err(httpx::Error::new(ErrorKind::Other, "no login"))
        };
        let client = F::answered(answer, |client| client.auth(flow)).unwrap();
        let mut ask = client.get("http://h/");
        if let Some(call) = call {
            ask = ask.timeout(seconds(call));
        }
        let error = F::send(ask).unwrap_err();
        assert!(error.to_string().contains("no token could be fetched"), "{error}");
        assert_eq!(*seen.lock().unwrap(), Some(seconds(expected)), "{call:?}");
    }
}

/// The fetch of a call that is dropped is lost; a call that waits for it fetches the token.
#[cfg(feature = "async")]
#[test]
fn a_dropped_call_hands_over() {
    use httpx_testing::{Act, ScriptedServer, answer, serve};

    const TOKEN: &str = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nt";
    const GOOD: &str = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood";
    let login = ScriptedServer::new([vec![Act::Take, Act::Eof], answer(TOKEN)]);
    let server = ScriptedServer::repeat(serve(GOOD));
    let waiting = Gate::default();
    let flow = Counted {
        auth: TokenAuth::new(Login(login.url())),
        waits: Arc::default(),
        calls_per_gate: 1,
        gates: [waiting.clone(), Gate::default()],
    };
    let client = support::Async::with(|client| client.auth(flow));
    let call = || support::flavour::RUNTIME.spawn(client.get(&server.url()).send());
    let first = call();
    login.when(|records| records.first().is_some_and(|record| !record.received.is_empty()));
    let second = call();
    waiting.wait();
    first.abort();
    login.when(|records| records.len() == 2);
    let [first, second] = [first, second].map(|call| support::flavour::RUNTIME.block_on(call));
    assert!(first.unwrap_err().is_cancelled());
    assert_eq!(second.unwrap().unwrap().text(), "good");
    let records = server.when(|records| records.len() == 1);
    let received = String::from_utf8_lossy(&records[0].received).into_owned();
    assert!(received.contains("Authorization: Bearer t\r\n"), "{received}");
}
