//! Which sockets have connected.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use super::*;
use crate::socket_options::SocketOptions;
use crate::sys::start_connect;

/// A listener with a full backlog does not accept. A port without a listener refuses.
#[test]
fn only_what_has_connected_is_connected() {
    let connect = |to: SocketAddr| start_connect(to, &SocketOptions::new(), None).unwrap();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let to = listener.local_addr().unwrap();
    rustix::net::listen(&listener, 0).unwrap();
    assert!(is_connected(&connect(to)));
    let waiting: Vec<_> = (0..3).map(|_| connect(to)).collect();
    assert!(!is_connected(waiting.last().unwrap()));
    drop(listener);
    assert!(!is_connected(&connect(to)));
}
