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
mod thread_waker;
mod transport;

pub use crate::mock_transport::MockTransport;
pub use body::Body;
pub use chunks::Chunks;
pub use source::BodySource;
#[doc(hidden)]
pub use thread_waker::{ThreadWaker, wait_for};
pub use transport::Transport;
