//! The blocking client.

mod client;
mod quick;

pub use client::Client;
pub use quick::{delete, get, head, options, patch, post, put, request};
