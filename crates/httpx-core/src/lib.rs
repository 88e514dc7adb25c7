//! httpx-core
#![forbid(unsafe_code)]

pub mod decode;

pub use media_type::MediaType;

// Whoever reads a body's text uses it.
#[allow(dead_code)]
mod charset;
mod media_type;
