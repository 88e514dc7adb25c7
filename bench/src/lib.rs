//! The messages for the measurements, and the libraries that exchange them.
//!
//! `cost` counts the instructions and allocations of httpx, `peers` adds other libraries, and `benches/codec.rs`
//! measures the time. All responses come from memory, except in `connecting`.

pub mod cases;
pub mod connecting;
mod floor;
#[cfg(feature = "peers")]
mod hyper;
mod ours;
#[cfg(feature = "peers")]
mod ureq;

use std::error::Error;

use cases::Case;

#[cfg(feature = "peers")]
pub use self::hyper::Hyper;
pub use floor::Httparse;
pub use ours::{Httpx, Reads};
#[cfg(feature = "peers")]
pub use ureq::UreqProto;

/// An error of a measurement.
pub type Result<T, E = Box<dyn Error + Send + Sync>> = std::result::Result<T, E>;

/// The client's end of a kept connection.
pub trait Codec: Sized {
    /// Makes a connection on which this case answers each request.
    ///
    /// # Errors
    ///
    /// If the request is not to its liking.
    fn new(case: &Case) -> Result<Self>;

    /// Sends [`cases::REQUEST`] and reads the response to its end. Returns the length of the body.
    ///
    /// # Errors
    ///
    /// If the library rejects the response.
    fn cycle(&mut self) -> Result<u64>;

    /// Only writes [`cases::REQUEST`], on a new connection. Returns false if the library cannot do this separately.
    ///
    /// # Errors
    ///
    /// If the request is not to its liking.
    fn encode(&mut self) -> Result<bool> {
        Ok(false)
    }
}
