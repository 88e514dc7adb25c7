//! Support for the tests of the client: see also the crate `httpx-testing`.

#![allow(dead_code, unused_imports, unused_macros, unreachable_pub)] // each test takes the part that it needs

pub mod flavour;
pub mod over;
#[cfg(feature = "tls")]
pub mod tls;

#[cfg(feature = "async")]
pub use flavour::Async;
#[cfg(feature = "blocking")]
pub use flavour::Blocking;
pub use flavour::Flavour;
use std::fs;
use std::path::Path;

pub use httpx_testing::{Reply, Seen, Server, both_flavours, encode, route};

/// Leaves the files of a download to this path that has stopped after some bytes.
pub fn partial_download(path: &Path, url: &str, bytes: &[u8], etag: &str) {
    // FNV-1a
    let hash = url.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    fs::write(path.with_extension("part"), bytes).unwrap();
    let record = format!("httpx resume 1\nurl {hash:016x}\nlength unknown\nvalidator {etag}\n");
    fs::write(path.with_extension("part.meta"), record).unwrap();
}
