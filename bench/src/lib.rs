//! What the codec is measured by: messages as they come over the wire, and those who speak HTTP in them.
//!
//! `cost` counts the instructions and allocations of ours, `peers` sets others beside it, and `benches/codec.rs` takes
//! the time. Nothing in here waits: what is asked is answered from memory.

pub mod cases;
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

/// What can go wrong while measuring.
pub type Result<T, E = Box<dyn Error + Send + Sync>> = std::result::Result<T, E>;

/// One end of a connection that is kept.
pub trait Codec: Sized {
    /// A connection on which each request is answered by this case.
    ///
    /// # Errors
    ///
    /// If the request is not to its liking.
    fn new(case: &Case) -> Result<Self>;

    /// Sends [`cases::REQUEST`], and reads the answer to its end; gives the length of the body.
    ///
    /// # Errors
    ///
    /// If the answer is not to its liking.
    fn cycle(&mut self) -> Result<u64>;

    /// Writes [`cases::REQUEST`] alone, over a connection that is new; false where that cannot be told apart.
    ///
    /// # Errors
    ///
    /// If the request is not to its liking.
    fn encode(&mut self) -> Result<bool> {
        Ok(false)
    }
}
