//! The async client as a `tower::Service`, and a `tower::Service` as the transport of a client.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod foreign;
mod hyper_client;
mod service;
mod transport;
mod transport_failures;
mod transport_timeouts;
