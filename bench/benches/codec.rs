//! The time that an exchange takes, and how much body goes by in it: `cargo bench --manifest-path bench/Cargo.toml`,
//! with `--features peers` for the others too.

use divan::Bencher;
use divan::counter::BytesCount;
use httpx_bench::{Codec, Httparse, Httpx, cases::Case};
#[cfg(feature = "peers")]
use httpx_bench::{Hyper, UreqProto};

const CASES: [&str; 6] = ["small", "browser", "large", "odd", "chunks-small", "chunks-large"];

fn main() {
    divan::main();
}

/// The request is written, and the answer read to its end.
#[cfg_attr(not(feature = "peers"), divan::bench(args = CASES, types = [Httparse, Httpx]))]
#[cfg_attr(feature = "peers", divan::bench(args = CASES, types = [Httparse, Httpx, UreqProto, Hyper]))]
fn cycle<C: Codec>(bencher: Bencher<'_, '_>, name: &str) {
    let case = Case::named(name).expect("a case of this name");
    let mut codec = C::new(&case).expect("a connection");
    bencher.counter(BytesCount::new(case.wire().len())).bench_local(|| codec.cycle().expect("an answer"));
}
