//! The pool against scripted servers, in both flavours.
#![cfg(all(any(unix, windows), any(feature = "blocking", feature = "async")))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

#[path = "../support/mod.rs"]
mod support;

mod address_filter;
mod closing;
mod connect_options;
mod connection;
mod downloads;
mod early_responses;
mod events;
mod happy_eyeballs;
mod invalid_requests;
mod limits;
mod preconnect;
mod resolving;
mod reuse;
mod socket_options;
mod socks_lookups;
mod stats;
mod timeouts;
mod timings;
#[cfg(unix)]
mod unix_sockets;
mod uploads;
mod waiting_uploads;
