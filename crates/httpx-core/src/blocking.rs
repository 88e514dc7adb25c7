//! The blocking flavour: [`Body`], whose reads block, and the [`Transport`] trait.

mod body;
mod transport;

pub use body::{Body, BodySource};
pub use transport::Transport;
