//! From an endpoint to a stream over TCP.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::net::TcpListener;
#[cfg(target_os = "linux")]
use std::time::Duration;
use std::time::Instant;

use httpx_pool::{ConnectError, ConnectStep, Endpoint, Scheme};

use crate::support::network::*;
use crate::support::{PATIENCE, both_flavours};

both_flavours! {
    to_a_literal_and_to_a_name,
    a_refusal_names_the_addresses,
    a_deadline_in_the_past_connects_nowhere,
    a_name_that_cannot_be_is_a_failure_to_resolve,
    #[cfg(target_os = "linux")]
    a_peer_that_does_not_answer_is_waited_for_until_the_deadline,
}

fn connect<N: Network>(host: &str, port: u16, by: Option<Instant>) -> Result<N::Stream, ConnectError> {
    N::connect(Via::Tcp, &Endpoint::new(Scheme::Http, host, port), by)
}

fn soon() -> Option<Instant> {
    Instant::now().checked_add(PATIENCE)
}

fn to_a_literal_and_to_a_name<N: Network>() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    for host in ["127.0.0.1", "localhost"] {
        for by in [None, soon()] {
            let mut stream = connect::<N>(host, address.port(), by).unwrap();
            let (socket, _) = listener.accept().unwrap();
            assert_eq!(stream.local_addr(), socket.peer_addr().ok());
            assert_eq!(stream.peer_addr(), Some(address));
            assert!(stream.look().is_alive());
        }
    }
}

fn a_refusal_names_the_addresses<N: Network>() {
    let port = closed_port();
    let error = connect::<N>("127.0.0.1", port.port(), soon()).unwrap_err();
    assert_eq!(error.to_string(), format!("cannot connect to 127.0.0.1 (tried 127.0.0.1:{port})"));
    let source = error.source().unwrap().downcast_ref::<io::Error>().unwrap();
    assert_eq!(source.kind(), ErrorKind::ConnectionRefused);
}

/// An IP address is not looked up either.
fn a_deadline_in_the_past_connects_nowhere<N: Network>() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    for host in ["127.0.0.1", "::1", "[::1]"] {
        let error = connect::<N>(host, port, Some(Instant::now())).unwrap_err();
        assert!(matches!(error, ConnectError::TimedOut { step: ConnectStep::Connecting, .. }), "{error:?}");
        let bare = host.trim_matches(['[', ']']);
        assert_eq!(error.to_string(), format!("no time left while connecting to {bare}"));
    }
    // The lookup may finish before the time is up.
    let error = connect::<N>("localhost", port, Some(Instant::now())).unwrap_err();
    assert!(matches!(error, ConnectError::TimedOut { .. }), "{error:?}");
    assert_eq!(kind(listener.accept()), ErrorKind::WouldBlock);
}

fn a_name_that_cannot_be_is_a_failure_to_resolve<N: Network>() {
    // No label may be longer than 63 bytes, so no network is asked.
    let name = "x".repeat(64) + ".invalid";
    for by in [None, soon()] {
        let error = connect::<N>(&name, 80, by).unwrap_err();
        assert!(matches!(&error, ConnectError::Resolve { host, .. } if **host == *name), "{error:?}");
    }
}

#[cfg(target_os = "linux")]
fn a_peer_that_does_not_answer_is_waited_for_until_the_deadline<N: Network>() {
    let silent = Silent::listen();
    for host in ["127.0.0.1", "localhost"] {
        let by = Instant::now() + Duration::from_millis(100);
        let error = connect::<N>(host, silent.addr().port(), Some(by)).unwrap_err();
        // Where the name has two addresses, the first one refuses.
        assert!(matches!(error, ConnectError::TimedOut { step: ConnectStep::Connecting, .. }), "{error:?}");
        assert!((by..by + PATIENCE / 4).contains(&Instant::now()), "{host}");
    }
}
