//! All layers over each other: retries, redirects, tokens, limits, logs, archives and a cache on the disk.

#![cfg(all(any(feature = "blocking", feature = "async"), feature = "cache", feature = "har"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use httpx::auth::{Token, TokenAuth, TokenSource};
use httpx::cache::Cache;
use httpx::flow::OwnRequest;
use httpx::har::HarRecorder;
use httpx::limit::{ConcurrencyLimit, RateLimit};
use httpx::logging::Logging;
use httpx::retry::Retry;
use httpx::{Bytes, Response, Result};
use httpx_testing::TempDir;

mod support;

use support::flavour::Setup;
use support::over::Over;
use support::{Reply, Server, both_flavours};

both_flavours!(callers_of_one_client);

const IN_TIME: Duration = Duration::from_secs(60);

/// The token is the body of the response. It expires at once, so that each call fetches one.
struct Login(String);

impl TokenSource for Login {
    fn request(&self) -> Result<OwnRequest> {
        OwnRequest::new("POST", &*self.0)
    }

    fn token(&self, response: Response<Bytes>) -> Result<Token> {
        Ok(Token::new(response.error_for_status()?.text().into_owned()).expires_in(Duration::ZERO))
    }
}

/// `/old` leads to `/new`, which answers the owner of a token. Every third answer is a 503. Its responses are validated.
fn site() -> Server {
    let count = AtomicUsize::new(0);
    Server::new(move |request| {
        let has_token = request.header("authorization").is_some_and(|value| value == "Bearer t");
        match request.target().as_str() {
            "/token" => {
                Reply::Keep("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nt\r\n0\r\n\r\n".into())
            }
            _ if !has_token => Reply::full("401 Unauthorized", "", "who?"),
            _ if count.fetch_add(1, Ordering::Relaxed) % 3 == 2 => Reply::full("503 Busy", "", "busy"),
            "/old" => Reply::full(
                "302 Found",
                "Location: /new\r\nCache-Control: no-cache\r\nETag: \"o\"\r\n",
                "old",
            ),
            _ if request.header("if-none-match").is_some() => Reply::Keep(
                "HTTP/1.1 304 Not Modified\r\nCache-Control: no-cache\r\nETag: \"n\"\r\n\r\n".into(),
            ),
            _ => Reply::full("200 OK", "Cache-Control: no-cache\r\nETag: \"n\"\r\n", "good"),
        }
    })
}

/// The layers, and what they have seen.
struct Layers {
    limit: ConcurrencyLimit,
    archive: HarRecorder,
    lines: Arc<AtomicUsize>,
}

impl Layers {
    fn new() -> Self {
        Layers { limit: ConcurrencyLimit::new(1), archive: HarRecorder::new(), lines: Arc::default() }
    }

    fn over<F: Over>(&self, server: &Server, directory: &Path, client: Setup<F>) -> Setup<F> {
        let lines = Arc::clone(&self.lines);
        let logging = Logging::new(move |_| {
            lines.fetch_add(1, Ordering::Relaxed);
        });
        let client = client.timeout(IN_TIME).retry(Retry::new().base_delay(Duration::ZERO).max_attempts(10));
        let token = TokenAuth::new(Login(server.url("/token"))).for_origin(server.url("/")).unwrap();
        let client = F::network_layered(vec![token], client);
        let client =
            F::network_layered(vec![RateLimit::new(1_000_000, Duration::from_secs(1)).burst(9)], client);
        let client = F::network_layered(vec![self.limit.clone()], client);
        let client = F::network_layered(vec![logging], client);
        F::network_layered(vec![self.archive.clone()], client).cache(Cache::in_directory(directory))
    }

    #[track_caller]
    fn check_idle(&self) {
        assert_eq!(format!("{:?}", self.limit), "<ConcurrencyLimit [0 active, 0 waiting]>");
        assert_eq!(self.archive.len(), self.lines.load(Ordering::Relaxed).min(1000));
    }
}

fn callers_of_one_client<F: Over>() {
    let (server, dir, layers) = (site(), TempDir::new(), Layers::new());
    let client: F = F::with(|client| layers.over::<F>(&server, &dir.path("cache"), client));
    let url = server.url("/old");
    client.run_callers(3, 4, move || url.clone());
    layers.check_idle();
    assert_eq!(F::send(client.get(&server.url("/old"))).unwrap().text(), "good");
    let sent = server.take();
    let validated = sent.iter().filter(|request| request.header("if-none-match").is_some()).count();
    assert!(validated > 0, "{sent:?}");
}

/// A call is polled n times and dropped, for every possible n, while another one waits for it.
#[cfg(feature = "async")]
#[test]
fn each_poll_of_a_call() {
    use httpx_testing::give_up::{Dropped, polled, tell};
    use support::Async;
    use support::Flavour;
    use support::flavour::RUNTIME;

    let (server, dir, layers) = (site(), TempDir::new(), Layers::new());
    let client: Async = Async::with(|client| layers.over::<Async>(&server, &dir.path("cache"), client));
    let url = server.url("/old");
    for dropped in [Dropped::AtOnce, Dropped::Woken] {
        let mut polls = 0;
        loop {
            let done = RUNTIME.block_on(async {
                let other = client.0.get(&*url).send();
                let other = tokio::spawn(other);
                let done = polled(polls, dropped, client.0.get(&*url).send()).await;
                assert_eq!(other.await.unwrap().unwrap().text(), "good");
                done
            });
            layers.check_idle();
            if let Some(done) = done {
                assert_eq!(done.unwrap().text(), "good");
                break;
            }
            polls += 1;
        }
        assert!(polls > 3, "it was hardly ever dropped");
        tell(format_args!("a call through all layers {dropped:?}: {polls} polls"));
    }
}
