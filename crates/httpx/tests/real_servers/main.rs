//! Against real servers: `scripts/servers.sh run cargo test -p httpx --features full --test real_servers`.
//!
//! A test whose server is missing prints this on standard error and passes; with `CI=true` it fails.
//! `scripts/servers.sh install` installs the servers.

#![cfg(all(
    any(feature = "blocking", feature = "async"),
    feature = "tls",
    feature = "cookies",
    feature = "gzip",
    feature = "br",
    feature = "digest",
    feature = "json"
))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod digest;
mod httpbin;
mod nginx;
mod nginx_tls;
mod proxies;
mod python;
#[path = "../support/mod.rs"]
mod support;
mod websockets;

use std::collections::HashMap;
use std::io::Write;
use std::sync::Once;
use std::thread;

use httpx::tls::TlsConfig;
use httpx::{Bytes, Response};
use support::Flavour;

/// The value of a variable of `scripts/servers.sh`. Without it the test ends here.
macro_rules! server {
    ($name:literal) => {
        match std::env::var($name) {
            Ok(value) => value,
            Err(_) => return $crate::skip($name),
        }
    };
}
use server;

/// Prints which test is skipped, past the harness, which hides the output of passing tests.
fn skip(variable: &str) {
    static HOW: Once = Once::new();
    let thread = thread::current();
    let test = thread.name().unwrap_or("a test");
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "{test}: {variable} is not set, and CI wants them all"
    );
    HOW.call_once(|| {
        let run = "scripts/servers.sh run cargo test -p httpx --features full --test real_servers";
        say(&format!("tests want real servers, and are skipped; scripts/servers.sh install; {run}"));
    });
    say(&format!("skipped: {test} ({variable} is not set)"));
}

/// Prints the line in one write, because other tests print too.
fn say(line: &str) {
    std::io::stderr().write_all(format!("{line}\n").as_bytes()).unwrap();
}

#[track_caller]
fn get<F: Flavour>(client: &F, url: &str) -> Response<Bytes> {
    F::send(client.get(url)).unwrap_or_else(|error| panic!("{error:?}"))
}

/// The lines `name: value` of a body.
fn fields(response: &Response<Bytes>) -> HashMap<String, String> {
    let text = response.text();
    let lines = text.lines().filter_map(|line| line.split_once(": "));
    lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The JSON of a response of httpbin.
fn json(response: &Response<Bytes>) -> serde_json::Value {
    response.json().unwrap_or_else(|error| panic!("{error:?}"))
}

/// nginx' `/1m.bin`.
fn one_mebibyte() -> Vec<u8> {
    (0..1 << 20).map(|i| (i % 251) as u8).collect()
}

/// A client that trusts the CA of these servers alone.
fn trusting<F: Flavour>(ca: &str) -> F {
    let tls = TlsConfig::builder().only_given_roots().root(std::fs::read(ca).unwrap()).build().unwrap();
    F::pooled(|pool| pool.tls(tls))
}
