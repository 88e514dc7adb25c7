//! The async flavour: [`Body`], whose reads are awaited, and the [`Transport`] trait. Runs on tokio.

mod body;
mod reader;
mod response;
mod source;
mod transport;

pub use crate::mock_transport::MockTransport;
pub use body::{Body, ReadBody};
pub use source::BodySource;
pub use transport::{DynTransport, Transport};
