//! Backends and streams by themselves, in both flavours.
#![cfg(all(any(unix, windows), any(feature = "blocking", feature = "async")))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

#[path = "../support/mod.rs"]
mod support;

mod connect;
mod memory;
mod memory_faults;
#[cfg(feature = "tls")]
mod peer;
#[cfg(feature = "blocking")]
mod readiness;
mod tcp;
#[cfg(feature = "tls")]
mod tls;
