//! Responses that a client accepts or refuses: one row for each case, each fed whole, byte by byte and cut in two at
//! each place.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod common;
#[path = "rows/client.rs"]
mod rows;

use httpx_proto::{Limits, UncleanEnds};
use rows::{CHUNKS, CODINGS, CUTS_ACCEPTED, EXCHANGES, LENGTHS, LINES, Row, STATUS_LINES, VERSIONS};

fn check(rows: &[Row], prefix: &str, said: &str) {
    for &(name, sent, bytes, end, expected) in rows {
        let bytes = [prefix, bytes].concat();
        let new = || common::client_that_sent(sent, Limits::default());
        let mut said_now = common::play_every_split(new, bytes.as_bytes(), end);
        if let Some(rest) = said_now.strip_prefix(said) {
            said_now = rest.to_owned();
        }
        assert_eq!(said_now, expected, "{name}");
    }
}

#[test]
fn versions() {
    check(VERSIONS, "", "");
}

#[test]
fn status_lines() {
    check(STATUS_LINES, "", "");
}

#[test]
fn lines() {
    check(LINES, "", "");
}

#[test]
fn lengths() {
    check(LENGTHS, "", "");
}

#[test]
fn codings() {
    check(CODINGS, "", "");
}

#[test]
fn chunks() {
    check(CHUNKS, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "200 | ");
}

#[test]
fn exchanges() {
    check(EXCHANGES, "", "");
}

#[test]
fn cuts_that_are_accepted() {
    for &(name, sent, bytes, end, expected) in CUTS_ACCEPTED {
        let new = || {
            let mut client = common::client_that_sent(sent, Limits::default());
            client.set_unclean_ends(UncleanEnds::Accept);
            client
        };
        assert_eq!(common::play_every_split(new, bytes.as_bytes(), end), expected, "{name}");
    }
}
