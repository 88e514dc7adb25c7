//! The blocking flavour: [`Body`], whose reads block, and the [`Transport`] trait.

mod body;
mod body_items;
mod body_parts;
mod buf_read;
mod chunks;
mod progress;
mod response;
mod save;
mod source;
mod transport;

pub use crate::mock_transport::MockTransport;
pub use body::Body;
pub use chunks::Chunks;
pub use source::BodySource;
pub use transport::Transport;
