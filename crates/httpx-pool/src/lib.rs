//! httpx-pool

mod connect_error;
mod stream;
mod target;

#[cfg(feature = "blocking")]
mod blocking;
#[cfg(feature = "blocking")]
mod sys;

pub use connect_error::{ConnectError, ConnectStep};
pub use stream::{DeadReason, Interest, Liveness, Readiness};
pub use target::{Scheme, Target};

#[cfg(feature = "blocking")]
pub use blocking::{NetworkBackend, NetworkStream, TcpBackend, TcpStream, memory};

