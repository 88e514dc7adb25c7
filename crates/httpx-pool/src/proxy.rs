//! Proxies: which hosts are reached without one, and what the environment says.

#[allow(dead_code)] // until the client reads the environment
mod env;
mod no_proxy;

pub use no_proxy::NoProxy;
