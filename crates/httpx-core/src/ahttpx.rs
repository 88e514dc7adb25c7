//! The async flavour: [`Body`], whose reads are awaited, and the [`Transport`] trait. Runs on tokio.

mod background;
mod blocking_chunks;
mod body;
mod body_items;
mod body_parts;
mod buf_read;
#[cfg(feature = "json")]
mod json_lines;
mod progress;
mod response;
mod runtime;
mod save;
mod source;
mod transport;

pub use crate::mock_transport::MockTransport;
#[doc(hidden)]
pub use background::run_in_background;
pub use body::{Body, ReadBody};
#[doc(hidden)]
pub use runtime::{catch_missing_driver, current_runtime, current_runtime_with_timers, pause, wait_for};
pub use source::BodySource;
pub use transport::{DynTransport, Transport};
