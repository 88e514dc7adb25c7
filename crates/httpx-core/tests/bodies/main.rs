//! How bodies are read: streaming, decoding, collecting, draining, failing. Every test runs in both flavours.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod closures;
mod decoding;
mod draining;
mod failures;
mod flavour;
#[cfg(feature = "http")]
mod http_body;
#[cfg(feature = "json")]
mod json_lines;
mod limits;
mod mixed_reads;
mod parts;
mod source;
mod trailers;
mod transforms;
mod uploads;
