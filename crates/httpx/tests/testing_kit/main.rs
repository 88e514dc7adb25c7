//! The testing kit: mocks, test servers and cassettes, both flavours through the same cases.

#![cfg(all(feature = "testing", any(feature = "blocking", feature = "async")))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests are tests

#[path = "../support/mod.rs"]
mod support;

mod cassettes;
mod expectations;
mod kit;
mod matching;
mod replies;
mod server;
mod server_scripts;
