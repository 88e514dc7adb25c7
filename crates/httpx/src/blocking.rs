//! The blocking flavour.

mod client;
mod client_builder;
mod event_source;
mod functions;
mod request_builder;
mod resume;

pub use client::Client;
pub use functions::{delete, get, head, options, patch, post, put, request};
