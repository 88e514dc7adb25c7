//! The time of an exchange, and its throughput.
//!
//! ```sh
//! cargo bench --manifest-path bench/Cargo.toml --features peers
//! ```
//!
//! The feature `peers` adds other libraries.

use divan::Bencher;
use divan::counter::BytesCount;
use httpx_bench::cases::{self, Case};
use httpx_bench::{Codec, Httparse, Httpx};
#[cfg(feature = "peers")]
use httpx_bench::{Hyper, UreqProto};

fn main() {
    divan::main();
}

/// Writes the request, and reads the response to its end.
#[cfg_attr(not(feature = "peers"), divan::bench(args = names(), types = [Httparse, Httpx]))]
#[cfg_attr(feature = "peers", divan::bench(args = names(), types = [Httparse, Httpx, UreqProto, Hyper]))]
fn cycle<C: Codec>(bencher: Bencher<'_, '_>, name: &str) {
    let case = Case::named(name).expect("a case of this name");
    let mut codec = C::new(&case).expect("a connection");
    let bytes = BytesCount::new(case.wire().len());
    bencher.counter(bytes).bench_local(|| codec.cycle().expect("an answer"));
}

/// Writes the request.
#[cfg_attr(not(feature = "peers"), divan::bench(types = [Httpx]))]
#[cfg_attr(feature = "peers", divan::bench(types = [Httpx, UreqProto]))]
fn encode<C: Codec>(bencher: Bencher<'_, '_>) {
    let mut codec = C::new(&Case::small()).expect("a connection");
    bencher.bench_local(|| codec.encode().expect("a request"));
}

fn names() -> impl Iterator<Item = &'static str> {
    cases::all().into_iter().map(|case| case.name)
}
