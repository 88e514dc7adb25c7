//! A client as the page about clients shows it.

#![cfg(all(
    any(feature = "blocking", feature = "async"),
    feature = "tls",
    feature = "cookies",
    feature = "json"
))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

#[cfg(feature = "async")]
mod ahttpx;
#[cfg(feature = "blocking")]
mod blocking;
mod connecting;
mod lifetime;
mod observing;
mod requests;
mod settings;
#[path = "../support/mod.rs"]
mod support;
mod transports;
