//! Connecting a TCP socket without waiting, on Unix and Windows.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::time::Instant;

use socket2::{Domain, Protocol, SockAddr, Socket, TcpKeepalive, Type};

use super::imp::is_under_way;
use crate::socket_options::SocketOptions;

/// Starts to connect to an address. The socket does not block, and Nagle's algorithm is off: a request is written in one
/// piece, and must not wait until the last packet is acknowledged.
pub(crate) fn start_connect(
    address: SocketAddr,
    options: &SocketOptions,
    _until: Option<Instant>,
) -> io::Result<TcpStream> {
    let socket = open(address)?;
    socket.set_tcp_nodelay(true)?;
    prepare(&socket, address, options)?;
    match socket.connect(&SockAddr::from(address)) {
        Err(error) if !is_under_way(&error) => Err(error),
        _ => Ok(socket.into()),
    }
}

/// Makes a socket that does not block, by one system call where the system can do this.
fn open(address: SocketAddr) -> io::Result<Socket> {
    let domain = Domain::for_address(address);
    #[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
    return Socket::new(domain, Type::STREAM.nonblocking(), Some(Protocol::TCP));
    #[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
    {
        let socket = Socket::new(domain, Type::STREAM, Some(Protocol::TCP))?;
        socket.set_nonblocking(true)?;
        Ok(socket)
    }
}

/// Sets the options. A buffer must have its size before the connection is made (RFC 7323 §2.2).
fn prepare(socket: &Socket, to: SocketAddr, options: &SocketOptions) -> io::Result<()> {
    if let Some(idle) = options.keepalive {
        socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(idle))?;
    }
    if let Some(bytes) = options.send_buffer_bytes {
        socket.set_send_buffer_size(size(bytes))?;
    }
    if let Some(bytes) = options.recv_buffer_bytes {
        socket.set_recv_buffer_size(size(bytes))?;
    }
    if let Some(interface) = &options.interface {
        bind_to_interface(socket, interface)?;
    }
    if let Some(local) = options.local_address {
        if local.is_ipv6() != to.is_ipv6() {
            let message = format!("the local address {local} is of the other family");
            return Err(io::Error::new(io::ErrorKind::AddrNotAvailable, message));
        }
        let bound = socket.bind(&SockAddr::from(SocketAddr::new(local, 0)));
        bound.map_err(|error| named(&error, &format!("the local address {local}")))?;
    }
    Ok(())
}

fn size(bytes: u32) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

#[cfg(any(target_os = "linux", target_os = "android", target_os = "fuchsia"))]
fn bind_to_interface(socket: &Socket, interface: &str) -> io::Result<()> {
    let bound = socket.bind_device(Some(interface.as_bytes()));
    bound.map_err(|error| named(&error, &format!("the network interface {interface}")))
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "fuchsia")))]
fn bind_to_interface(_: &Socket, interface: &str) -> io::Result<()> {
    let message =
        format!("this system cannot bind a socket to the network interface {interface}; use a local address");
    Err(io::Error::new(io::ErrorKind::Unsupported, message))
}

/// An error about a setting of the user.
fn named(error: &io::Error, what: &str) -> io::Error {
    io::Error::new(error.kind(), format!("cannot use {what}: {error}"))
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr, TcpListener};
    use std::time::Duration;

    use socket2::SockRef;

    use super::*;

    #[test]
    fn options_are_set() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let to = listener.local_addr().unwrap();
        let connect = |options: &SocketOptions| start_connect(to, options, None).unwrap();

        let plain = connect(&SocketOptions::new());
        let (socket, nodelay) = (SockRef::from(&plain), plain.nodelay().unwrap());
        assert!(nodelay && !socket.keepalive().unwrap());
        let set = connect(&SocketOptions {
            keepalive: Some(Duration::from_secs(77)),
            local_address: Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            interface: None,
            send_buffer_bytes: Some(50_000),
            recv_buffer_bytes: Some(60_000),
        });
        let socket = SockRef::from(&set);
        assert!(socket.keepalive().unwrap());
        #[cfg(unix)]
        assert_eq!(socket.tcp_keepalive_time().unwrap(), Duration::from_secs(77));
        // Linux doubles them.
        assert!([50_000, 100_000].contains(&socket.send_buffer_size().unwrap()));
        assert!([60_000, 120_000].contains(&socket.recv_buffer_size().unwrap()));
        assert_eq!(set.local_addr().unwrap().ip(), Ipv4Addr::LOCALHOST);
    }

    #[test]
    fn an_interface() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let options = SocketOptions { interface: Some("no-such-one".into()), ..SocketOptions::new() };
        let error = start_connect(listener.local_addr().unwrap(), &options, None).unwrap_err();
        assert!(error.to_string().contains("the network interface no-such-one"), "{error}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_loopback_interface() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let options = SocketOptions { interface: Some("lo".into()), ..SocketOptions::new() };
        let socket = start_connect(listener.local_addr().unwrap(), &options, None).unwrap();
        assert_eq!(SockRef::from(&socket).device().unwrap().as_deref(), Some(&b"lo"[..]));
    }
}
