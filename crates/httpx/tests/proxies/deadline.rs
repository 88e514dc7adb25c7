//! One deadline for all steps of a connection through a proxy. Seen by the blocking stream, which is told how long it may
//! wait.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use httpx::network::{ConnectError, Destination, Interest, Liveness, NetworkBackend, NetworkStream};
use httpx::network::{Readiness, TcpBackend};
use httpx_testing::{Act, ScriptedServer, send, serve};

use crate::support::tls::{Authority, Trusting};
use crate::support::{Blocking, Flavour};
use crate::{OK, connect_to, proxy};

/// The time that each step has left.
type Left = Arc<Mutex<Vec<Duration>>>;

/// A backend, or one of its streams, that writes down how long each call may take.
#[derive(Debug)]
struct Watched<S>(S, Left);

impl<S> Watched<S> {
    fn note(&self, left: Option<Duration>) {
        // A look at what has arrived does not wait.
        self.1.lock().unwrap_or_else(PoisonError::into_inner).extend(left.filter(|left| !left.is_zero()));
    }
}

impl NetworkBackend for Watched<TcpBackend> {
    fn connect(&self, to: &Destination<'_>) -> Result<Box<dyn NetworkStream>, ConnectError> {
        self.note(to.deadline().map(|by| by.saturating_duration_since(Instant::now())));
        Ok(Box::new(Watched(self.0.connect(to)?, Arc::clone(&self.1))))
    }

    fn resolve(&self, to: &Destination<'_>) -> Result<Vec<SocketAddr>, ConnectError> {
        self.note(to.deadline().map(|by| by.saturating_duration_since(Instant::now())));
        Ok(vec![([192, 0, 2, 1], 80).into()])
    }
}

impl NetworkStream for Watched<Box<dyn NetworkStream>> {
    fn read(&mut self, buf: &mut [u8], timeout: Option<Duration>) -> io::Result<usize> {
        self.note(timeout);
        self.0.read(buf, timeout)
    }

    fn write(&mut self, buf: &[u8], timeout: Option<Duration>) -> io::Result<usize> {
        self.note(timeout);
        self.0.write(buf, timeout)
    }

    fn ready(&mut self, interest: Interest, timeout: Option<Duration>) -> io::Result<Readiness> {
        self.note(timeout);
        self.0.ready(interest, timeout)
    }

    fn look(&mut self) -> Liveness {
        self.0.look()
    }

    fn shutdown(&mut self) -> io::Result<()> {
        self.0.shutdown()
    }
}

/// No step has more time than the one before it.
#[test]
fn all_steps_share_the_connect_timeout() {
    let authority = Authority::new();
    let secure = ScriptedServer::tls(authority.server("origin.test"), std::iter::repeat(serve(OK)));
    let over_tls =
        ScriptedServer::tls(authority.server("127.0.0.1"), std::iter::repeat(connect_to(secure.addr())));
    let socks = vec![
        Act::TakeBytes(4),
        send(b"\x05\x00"),
        Act::TakeBytes(10),
        send(b"\x05\x00\x00\x01\0\0\0\0\0\0"),
        Act::Relay(secure.addr()),
    ];
    let over_socks = ScriptedServer::repeat(socks);
    let proxies = [
        (proxy("https", &over_tls).tls(authority.trusted()), 4),
        (proxy("socks5", &over_socks), 5),
        (proxy("http", &ScriptedServer::repeat(connect_to(secure.addr()))), 4),
    ];
    for (proxy, least) in proxies {
        let left = Left::default();
        let backend = Watched(TcpBackend::new(), Arc::clone(&left));
        let client =
            Blocking::pooled(|pool| pool.backend(backend).tls(authority.trusted()).proxy(proxy.clone()));
        client.connect("https://origin.test/").unwrap();
        let left = left.lock().unwrap();
        assert!(left.len() >= least, "{proxy:?}: {left:?}");
        assert!(left[0] <= Duration::from_secs(10) && left.is_sorted_by(|one, next| one >= next), "{left:?}");
    }
}
