//! The blocking client.

mod client;
mod functions;

pub use client::Client;
pub use functions::{delete, get, head, options, patch, post, put, request};
