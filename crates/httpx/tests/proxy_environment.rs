//! The proxies that a client reads from the environment. It belongs to a process, so each client runs in a child process,
//! and its parent is the proxy and the origin.
#![cfg(any(feature = "blocking", feature = "async"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::type_complexity)] // helpers of tests are tests, and rows long

mod support;

use std::env;
use std::net::Ipv4Addr;
use std::process::Command;

use httpx::memory::{self, MemoryBackend};
use httpx::network::ConnectOptions;
use httpx::{Bytes, ErrorKind, Response, Result};
use httpx_testing::{ScriptedServer, serve};
use support::flavour::{PoolSetup, Setup};
use support::{Flavour, both_flavours};

both_flavours!(each_row);

/// Set in the child: the number of its row, and the URL of the origin.
const ROW: &str = "HTTPX_TEST_ROW";
const URL: &str = "HTTPX_TEST_URL";

/// All that a client may read. Variables that a row does not set are removed.
const VARIABLES: &[&str] = &[
    "http_proxy",
    "HTTP_PROXY",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
    "no_proxy",
    "NO_PROXY",
    "REQUEST_METHOD",
    "request_method",
];

/// Stands for the URL of the proxy.
const PROXY: &str = "<proxy>";
const HTTP: (&str, &str) = ("HTTP_PROXY", PROXY);

const OPTIONS: fn() -> ConnectOptions = ConnectOptions::new;

/// The clients as users make them: unlike those of [`Flavour`], they have no `no_proxy()`.
trait Environment: Flavour {
    fn client(set: impl FnOnce(Setup<Self>) -> Setup<Self>) -> Self;
    fn over_pool(set: impl FnOnce(PoolSetup<Self>) -> PoolSetup<Self>) -> Self;
    fn over(network: MemoryBackend) -> Self;
    /// Over a single connection.
    fn over_connection(url: &str, options: ConnectOptions) -> Result<Response<Bytes>>;
}

#[cfg(feature = "blocking")]
impl Environment for support::Blocking {
    fn client(set: impl FnOnce(Setup<Self>) -> Setup<Self>) -> Self {
        support::Blocking(set(httpx::Client::builder()).build().unwrap())
    }

    fn over_pool(set: impl FnOnce(PoolSetup<Self>) -> PoolSetup<Self>) -> Self {
        let pool = set(httpx::ConnectionPool::builder()).build();
        support::Blocking(httpx::Client::builder().transport(pool).build().unwrap())
    }

    fn over(network: MemoryBackend) -> Self {
        Self::over_pool(|pool| pool.backend(network))
    }

    fn over_connection(url: &str, options: ConnectOptions) -> Result<Response<Bytes>> {
        use httpx::Transport;
        let connection = httpx::network::Connection::builder().connect_options(options).open(url)?;
        connection.send(httpx::Request::new("GET", url)?)?.read_body()
    }
}

#[cfg(feature = "async")]
impl Environment for support::Async {
    fn client(set: impl FnOnce(Setup<Self>) -> Setup<Self>) -> Self {
        support::Async(set(httpx::ahttpx::Client::builder()).build().unwrap())
    }

    fn over_pool(set: impl FnOnce(PoolSetup<Self>) -> PoolSetup<Self>) -> Self {
        let pool = set(httpx::ahttpx::ConnectionPool::builder()).build();
        support::Async(httpx::ahttpx::Client::builder().transport(pool).build().unwrap())
    }

    fn over(network: MemoryBackend) -> Self {
        Self::over_pool(|pool| pool.backend(network))
    }

    fn over_connection(url: &str, options: ConnectOptions) -> Result<Response<Bytes>> {
        use httpx::ahttpx::Transport;
        use httpx::ahttpx::network::Connection;
        support::flavour::RUNTIME.block_on(async {
            let connection = Connection::builder().connect_options(options).open(url).await?;
            let request = httpx::ahttpx::Request::new("GET", url)?;
            connection.send(request).await?.read_body().await
        })
    }
}

/// An environment, and a request in it.
struct Row {
    environment: &'static [(&'static str, &'static str)],
    request: fn(&str) -> Result<Response<Bytes>>,
    outcome: Outcome,
}

#[derive(Clone, Copy)]
enum Outcome {
    Proxied,
    Direct,
    /// An error with these words.
    Fails(&'static [&'static str]),
}

use Outcome::{Direct, Fails, Proxied};

fn row(
    environment: &'static [(&'static str, &'static str)],
    request: fn(&str) -> Result<Response<Bytes>>,
    outcome: Outcome,
) -> Row {
    Row { environment, request, outcome }
}

/// The host of the origin's URL is `origin.test`. Without a proxy it is this machine.
fn local(options: ConnectOptions) -> ConnectOptions {
    options.resolve("origin.test", [Ipv4Addr::LOCALHOST])
}

fn default_client<F: Environment>(url: &str) -> Result<Response<Bytes>> {
    F::send(F::client(|client| client.connect_options(local(OPTIONS()))).get(url))
}

fn default_pool<F: Environment>(url: &str) -> Result<Response<Bytes>> {
    F::send(F::over_pool(|pool| pool.connect_options(local(OPTIONS()))).get(url))
}

fn function<F: Environment>(url: &str) -> Result<Response<Bytes>> {
    let [(_, _, get), ..] = F::shortcuts();
    F::send(get(url))
}

/// A client that uses no proxy.
fn direct_client<F: Environment>(url: &str) -> Result<Response<Bytes>> {
    F::send(F::client(|client| client.connect_options(local(OPTIONS())).no_proxy()).get(url))
}

fn direct_pool<F: Environment>(url: &str) -> Result<Response<Bytes>> {
    F::send(F::over_pool(|pool| pool.connect_options(local(OPTIONS())).no_proxy()).get(url))
}

fn direct_request<F: Environment>(url: &str) -> Result<Response<Bytes>> {
    F::send(F::client(|client| client.connect_options(local(OPTIONS()))).get(url).no_proxy())
}

fn loopback<F: Environment>(url: &str) -> Result<Response<Bytes>> {
    default_client::<F>(&url.replace("origin.test", "127.0.0.1"))
}

#[cfg(unix)]
fn unix_socket<F: Environment>(url: &str) -> Result<Response<Bytes>> {
    let error = F::send(F::client(|client| client.unix_socket("/no/such/socket")).get(url)).unwrap_err();
    assert!(error.to_string().contains("/no/such/socket"), "{error}");
    direct_client::<F>(url)
}

/// It would need no such network if the proxy were asked.
fn memory<F: Environment>(url: &str) -> Result<Response<Bytes>> {
    let (network, listener) = memory::network();
    let server = std::thread::spawn(move || {
        let (target, stream) = listener.accept().unwrap();
        (target.host().to_owned(), F::answer(stream, DIRECT.as_bytes()))
    });
    let response = F::send(F::over(network).get(url));
    let (host, request) = server.join().unwrap();
    assert_eq!(host, "origin.test");
    assert!(request.starts_with("GET / HTTP/1.1"), "{request}");
    response
}

/// A network in memory goes through the proxies of the environment only if asked to. The proxy is in memory, too.
fn memory_from_env<F: Environment>(url: &str) -> Result<Response<Bytes>> {
    let (network, listener) = memory::network();
    let server = std::thread::spawn(move || {
        let (target, stream) = listener.accept().unwrap();
        (target.host().to_owned(), F::answer(stream, PROXIED.as_bytes()))
    });
    let response = F::send(F::over(network).get(url).connect_options(OPTIONS().proxy_from_env()));
    let (host, request) = server.join().unwrap();
    assert_eq!(host, "127.0.0.1");
    assert!(request.starts_with("GET http://origin.test"), "{request}");
    response
}

fn connection<F: Environment>(url: &str) -> Result<Response<Bytes>> {
    F::over_connection(url, local(OPTIONS()))
}

fn connection_from_env<F: Environment>(url: &str) -> Result<Response<Bytes>> {
    F::over_connection(url, local(OPTIONS()).proxy_from_env())
}

fn request_from_env<F: Environment>(url: &str) -> Result<Response<Bytes>> {
    let client = F::client(|client| client.connect_options(local(OPTIONS())).no_proxy());
    F::send(client.get(url).connect_options(OPTIONS().proxy_from_env()))
}

/// Options of a request that are not about proxies leave those of the environment in place.
fn other_options<F: Environment>(url: &str) -> Result<Response<Bytes>> {
    F::send(F::client(|client| client).get(url).connect_options(local(OPTIONS())))
}

fn rows<F: Environment>() -> Vec<Row> {
    const BAD: &str = "ftp://ann:s3cret@p";
    vec![
        row(&[], default_client::<F>, Direct),
        row(&[HTTP], default_client::<F>, Proxied),
        row(&[HTTP], default_pool::<F>, Proxied),
        row(&[HTTP], function::<F>, Proxied),
        row(&[("http_proxy", PROXY)], default_client::<F>, Proxied),
        row(&[("ALL_PROXY", PROXY)], default_client::<F>, Proxied),
        row(&[("HTTPS_PROXY", PROXY)], default_client::<F>, Direct),
        row(&[HTTP], other_options::<F>, Proxied),
        row(&[HTTP], direct_client::<F>, Direct),
        row(&[HTTP], direct_pool::<F>, Direct),
        row(&[HTTP], direct_request::<F>, Direct),
        row(&[HTTP, ("NO_PROXY", "origin.test")], default_client::<F>, Direct),
        row(&[HTTP, ("NO_PROXY", "other.test")], default_client::<F>, Proxied),
        row(&[HTTP], loopback::<F>, Direct),
        #[cfg(unix)]
        row(&[HTTP], unix_socket::<F>, Direct),
        row(&[HTTP], memory::<F>, Direct),
        row(&[HTTP], memory_from_env::<F>, Proxied),
        row(&[HTTP], connection::<F>, Direct),
        row(&[HTTP], connection_from_env::<F>, Proxied),
        row(&[HTTP], request_from_env::<F>, Proxied),
        row(&[HTTP, ("NO_PROXY", "origin.test")], connection_from_env::<F>, Direct),
        row(&[("HTTP_PROXY", BAD)], default_client::<F>, Fails(&["HTTP_PROXY"])),
        row(&[("ALL_PROXY", BAD)], default_pool::<F>, Fails(&["ALL_PROXY"])),
        row(&[("HTTP_PROXY", BAD)], connection_from_env::<F>, Fails(&["HTTP_PROXY"])),
        row(&[("HTTP_PROXY", BAD)], request_from_env::<F>, Fails(&["HTTP_PROXY"])),
        row(&[("HTTPS_PROXY", BAD)], default_client::<F>, Direct),
        row(&[("HTTP_PROXY", BAD)], direct_client::<F>, Direct),
        // A CGI program gets `HTTP_PROXY` from the one who sends the request.
        #[cfg(unix)]
        row(&[HTTP, ("REQUEST_METHOD", "GET")], default_client::<F>, Direct),
        #[cfg(unix)]
        row(&[("http_proxy", PROXY), ("REQUEST_METHOD", "GET")], default_client::<F>, Proxied),
    ]
}

const PROXIED: &str = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nproxied";
const DIRECT: &str = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\ndirect";

fn each_row<F: Environment>() {
    if let Ok(row) = env::var(ROW) {
        let row: usize = row.parse().unwrap();
        return check::<F>(&rows::<F>()[row]);
    }
    let [origin, proxy] = [DIRECT, PROXIED].map(|text| ScriptedServer::repeat(serve(text)));
    for (n, row) in rows::<F>().iter().enumerate() {
        let before = proxy.connections();
        in_a_child::<F>(n, row, &origin, &proxy);
        let uses = proxy.connections() - before;
        assert!(uses <= usize::from(matches!(row.outcome, Proxied)), "row {n}: {:?}", row.environment);
    }
}

/// In the child.
fn check<F: Environment>(row: &Row) {
    let response = (row.request)(&env::var(URL).unwrap());
    match (row.outcome, response) {
        (Proxied, response) => assert_eq!(response.unwrap().text(), "proxied"),
        (Direct, response) => assert_eq!(response.unwrap().text(), "direct"),
        (Fails(words), response) => {
            let error = response.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{error:?}");
            // Windows ignores the case of names, and finds the first spelling.
            let spelled = |text: &str| if cfg!(unix) { text.to_owned() } else { text.to_uppercase() };
            let text = spelled(&error.to_string());
            assert!(words.iter().all(|word| text.contains(&spelled(word))), "{text}");
            assert!(!format!("{error:#} {error:?}").contains("s3cret"), "{error:?}");
        }
    }
}

fn in_a_child<F: Environment>(n: usize, row: &Row, origin: &ScriptedServer, proxy: &ScriptedServer) {
    let url = origin.url().replace("127.0.0.1", "origin.test");
    let mut child = Command::new(env::current_exe().unwrap());
    child.args(["--exact", &format!("{}::each_row", F::NAME)]);
    for variable in VARIABLES {
        child.env_remove(variable);
    }
    for (variable, value) in row.environment {
        child.env(variable, if *value == PROXY { proxy.url() } else { (*value).to_owned() });
    }
    let child = child.env(ROW, n.to_string()).env(URL, url).output().unwrap();
    let said = String::from_utf8_lossy(&child.stdout) + String::from_utf8_lossy(&child.stderr);
    assert!(child.status.success() && said.contains("1 passed"), "row {n}, {:?}: {said}", row.environment);
}
