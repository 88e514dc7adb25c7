//! The Unix socket of [`ConnectOptions`].

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use super::ConnectOptions;

impl ConnectOptions {
    /// Connects to the Unix socket with this path, for every URL.
    ///
    /// The host of the URL is sent in the `Host` header, and is the name in TLS. It is not looked up, and the [address
    /// filter](Self::address_filter) is not asked. A program that filters URLs from others should not set a socket for
    /// them. On Linux, a path that begins with NUL is a name in the abstract namespace.
    ///
    /// [`TcpBackend`](crate::TcpBackend) supports it, on Unix systems. Elsewhere requests fail with kind
    /// [`Config`](httpx_core::ErrorKind::Config), and other backends may ignore it.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use httpx::network::ConnectOptions;
    ///
    /// let options = ConnectOptions::new().unix_socket("/var/run/docker.sock");
    /// ```
    pub fn unix_socket(mut self, path: impl AsRef<Path>) -> Self {
        self.fields_mut().unix_socket = UnixSocket::At(path.as_ref().into());
        self
    }

    /// Connects over the network, also if the pool has a [Unix socket](Self::unix_socket). For the options of one request.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::Body}; pub use httpx_pool::*; pub mod network { pub use httpx_pool::*; } }
    /// use httpx::network::ConnectOptions;
    /// use httpx::{Body, ConnectionPool, Request};
    ///
    /// let pool = ConnectionPool::builder().unix_socket("/var/run/docker.sock").build();
    /// let mut request: Request<Body> = Request::new("GET", "https://example.com/")?;
    /// request.head_mut().extensions_mut().insert(ConnectOptions::new().no_unix_socket());
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn no_unix_socket(mut self) -> Self {
        self.fields_mut().unix_socket = UnixSocket::Disabled;
        self
    }
}

/// Whether connections lead to a Unix socket.
#[derive(Clone)]
pub(super) enum UnixSocket {
    /// The pool decides.
    Unset,
    Disabled,
    At(Arc<Path>),
}

impl UnixSocket {
    pub(super) fn path(&self) -> Option<&Path> {
        match self {
            UnixSocket::Unset | UnixSocket::Disabled => None,
            UnixSocket::At(path) => Some(path),
        }
    }

    /// Returns this setting, or the other if this is not set.
    pub(super) fn or(&self, other: &Self) -> Self {
        match self {
            UnixSocket::Unset => other.clone(),
            UnixSocket::Disabled | UnixSocket::At(_) => self.clone(),
        }
    }

    /// Prints the setting, if it is set.
    pub(super) fn debug_field(&self, debug: &mut fmt::DebugStruct<'_, '_>) {
        match self {
            UnixSocket::Unset => {}
            UnixSocket::Disabled => drop(debug.field("unix_socket", &None::<&Path>)),
            UnixSocket::At(path) => drop(debug.field("unix_socket", path)),
        }
    }
}
