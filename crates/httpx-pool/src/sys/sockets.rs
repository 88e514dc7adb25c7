//! The sockets of tokio.

pub(crate) use tokio::io::Interest;
pub(crate) use tokio::net::TcpStream;
