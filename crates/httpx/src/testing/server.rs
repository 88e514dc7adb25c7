//! [`TestServer`]: a small real server on loopback.

#[cfg(feature = "tls")]
mod authority;
mod builder;
mod connection;
mod ending;
mod player;
mod received;
mod script;
mod shared;
mod threads;
mod wire;

#[cfg(not(feature = "tls"))]
use std::convert::Infallible as ServerIdentity;
use std::fmt;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use bytes::Bytes;
use httpx_core::{Error, ErrorKind, Request, Result};
#[cfg(feature = "tls")]
use httpx_pool::TlsConfig;

use super::mock::Mock;
use super::reply::Reply;
#[cfg(feature = "tls")]
use authority::ServerIdentity;
pub use builder::TestServerBuilder;
pub use script::Script;
use shared::{Behaviour, Shared};
use threads::Threads;

const THREAD_NAME: &str = "httpx test server";

/// The longest wait of a drop for the threads of connections.
const STOP_TIMEOUT: Duration = Duration::from_secs(1);

/// A small real server on loopback, on a free port, for clients of both flavours.
///
/// A function answers the requests, or the routes of a [`Mock`], or [`Script`]s of bytes. It keeps connections alive, and
/// sends `100 Continue` to those who ask for it. It has a thread for each connection, at most 256, and reads bodies of at
/// most 16 MiB. Dropping it closes all connections.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// use httpx::testing::{Reply, TestServer};
///
/// let server = TestServer::new(|request| match request.url().path() {
///     "/hello" => Reply::text("Hello, world"),
///     _ => Reply::new(404),
/// })?;
/// assert_eq!(httpx::get(server.url("/hello")).send()?.text(), "Hello, world");
/// assert_eq!(server.requests()[0].url().path(), "/hello");
/// # }
/// # Ok::<(), httpx::Error>(())
/// ```
///
/// Over TLS, with a certificate that is made at the start:
///
/// ```
/// # #[cfg(all(feature = "async", feature = "tls"))] {
/// use httpx::ahttpx::Client;
/// use httpx::testing::TestServer;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> httpx::Result<()> {
/// let server = TestServer::builder().tls().serve(|_| 204)?;
/// let client = Client::builder().tls(server.tls_config()).build()?;
/// assert_eq!(client.get(server.url("/")).send().await?.status(), 204);
/// # Ok(())
/// # }
/// # main().unwrap();
/// # }
/// ```
///
/// With the routes of a mock:
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// use httpx::testing::{Mock, Reply, TestServer};
///
/// let mock = Mock::new();
/// mock.get("/users/{id}").reply(Reply::text("Ann")).expect(1);
/// let server = TestServer::mock(&mock)?;
/// assert_eq!(httpx::get(server.url("/users/7")).send()?.text(), "Ann");
/// # }
/// # Ok::<(), httpx::Error>(())
/// ```
pub struct TestServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    threads: Threads,
    identity: Option<Arc<ServerIdentity>>,
    acceptor: Option<JoinHandle<()>>,
}

impl TestServer {
    /// A server over http that answers each request with this function. A function that panics answers 500.
    ///
    /// # Errors
    ///
    /// If no port can be opened.
    pub fn new<R: Into<Reply>>(
        answer: impl Fn(&Request<Bytes>) -> R + Send + Sync + 'static,
    ) -> Result<Self> {
        TestServer::builder().serve(answer)
    }

    /// A server over http that answers with the routes of this mock, and 404 where none matches. The mock checks its
    /// expectations, and records the requests too.
    ///
    /// # Errors
    ///
    /// If no port can be opened.
    pub fn mock(mock: &Mock) -> Result<Self> {
        TestServer::builder().mock(mock)
    }

    /// A server over http that plays a script on each connection: the nth on the nth connection, the last on all others.
    ///
    /// # Errors
    ///
    /// If no port can be opened.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// use httpx::ErrorKind;
    /// use httpx::testing::{Script, TestServer};
    ///
    /// let cut = Script::new().read_request().send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").reset();
    /// let server = TestServer::scripts([cut])?;
    /// let error = httpx::get(server.url("/")).send().unwrap_err();
    /// assert!(matches!(error.kind(), ErrorKind::Io | ErrorKind::Incomplete));
    /// # }
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn scripts(scripts: impl IntoIterator<Item = Script>) -> Result<Self> {
        TestServer::builder().scripts(scripts)
    }

    /// Returns a builder: TLS, limits.
    pub fn builder() -> TestServerBuilder {
        TestServerBuilder::new()
    }

    /// Returns the URL of a path on this server: `http://127.0.0.1:40321/path`.
    pub fn url(&self, path: &str) -> String {
        self.url_on("127.0.0.1", path)
    }

    /// Returns the URL of a path on this server under another name of this machine, such as `localhost`. Certificates are
    /// valid for `localhost`, `127.0.0.1` and `[::1]`.
    ///
    /// ```
    /// let server = httpx::testing::TestServer::new(|_| 200)?;
    /// assert_eq!(server.url_on("localhost", "/"), format!("http://localhost:{}/", server.address().port()));
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn url_on(&self, host: &str, path: &str) -> String {
        let scheme = if self.identity.is_some() { "https" } else { "http" };
        format!("{scheme}://{host}:{}{path}", self.address.port())
    }

    /// Returns the address that the server listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the requests so far, in order, with their bodies. The oldest are forgotten beyond 10,000 requests, or 64 MiB
    /// of bodies.
    pub fn requests(&self) -> Vec<Request<Bytes>> {
        self.shared.requests()
    }

    /// Returns the number of connections that were accepted.
    pub fn connections(&self) -> usize {
        self.shared.accepted()
    }

    /// Returns a configuration of clients that trusts this server alone. For a server over http it is the default one.
    #[cfg(feature = "tls")]
    pub fn tls_config(&self) -> TlsConfig {
        self.identity.as_ref().map_or_else(TlsConfig::default, |identity| identity.client().clone())
    }

    /// Returns the certificate that a client must trust, in PEM. `None` for a server over http.
    #[cfg(feature = "tls")]
    pub fn root_pem(&self) -> Option<&str> {
        self.identity.as_ref().map(|identity| identity.root_pem())
    }

    fn start(behaviour: Behaviour, max_body_bytes: usize, identity: Option<ServerIdentity>) -> Result<Self> {
        let failed = |error| {
            Error::new(ErrorKind::Config, "a test server could not open a port on loopback")
                .with_source(error)
        };
        let listener = TcpListener::bind("127.0.0.1:0").map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let shared = Arc::new(Shared::new(behaviour, max_body_bytes, address, identity.is_some()));
        let (threads, identity) = (Threads::default(), identity.map(Arc::new));
        let (to_accept, running, tls) = (Arc::clone(&shared), threads.clone(), identity.clone());
        let accept = move || accept(&listener, &to_accept, &running, tls.as_ref());
        let acceptor = thread::Builder::new().name(THREAD_NAME.to_owned()).spawn(accept).map_err(failed)?;
        Ok(TestServer { address, shared, threads, identity, acceptor: Some(acceptor) })
    }
}

/// Accepts connections until the server stops.
fn accept(
    listener: &TcpListener,
    shared: &Arc<Shared>,
    threads: &Threads,
    identity: Option<&Arc<ServerIdentity>>,
) {
    while let Ok((socket, _)) = listener.accept() {
        if shared.is_stopped() {
            return;
        }
        // Beyond the limit the connection is closed.
        let Some(place) = shared.enter(&socket) else { continue };
        let (identity, own, running) = (identity.cloned(), Arc::clone(shared), threads.enter());
        let serve = move || {
            if let Some(mut wire) = wire::open(socket, identity.as_deref()) {
                connection::serve(&mut *wire, &own, place);
            }
            own.leave(place);
            // Before the thread counts as ended: the last one to drop this may drop a mock, which must happen in the thread
            // of the test.
            drop(own);
            drop(running);
        };
        // Without a thread the connection is closed.
        if thread::Builder::new().name(THREAD_NAME.to_owned()).spawn(serve).is_err() {
            shared.leave(place);
        }
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.shared.stop();
        // Wakes the acceptor.
        let is_woken = TcpStream::connect_timeout(&self.address, STOP_TIMEOUT).is_ok();
        if let Some(acceptor) = self.acceptor.take().filter(|_| is_woken) {
            // An error is a panic, which it does not have.
            drop(acceptor.join());
        }
        self.threads.wait(STOP_TIMEOUT);
    }
}

/// `TestServer(http://127.0.0.1:40321, 3 requests)`.
impl fmt::Debug for TestServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TestServer({}, {} requests)", self.url(""), self.shared.requests().len())
    }
}
