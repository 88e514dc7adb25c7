//! A body is drained only where that makes its connection usable again.

use httpx_core::Options;

use crate::flavour::{Async, Blocking, Flavour};
use crate::source::{Script, Step};

/// A row: what it is, the source, how it ends, how often it is read.
fn table() -> Vec<(&'static str, Script, &'static str, usize)> {
    let drip = || std::iter::repeat_with(|| Step::Bytes(b"x".to_vec()));
    vec![
        ("short", Script::bytes(["abc", "def"]), "finished", 3),
        ("encoded, but not with its coding", Script::bytes(["no gzip"]), "finished", 2),
        ("too long", Script::bytes([vec![0; 60], vec![0; 60]]), "discarded", 2),
        ("drips", Script::new(drip().take(1000)), "discarded", 65),
        ("stalls", Script::new([Step::Bytes(b"x".to_vec()), Step::Stall]), "discarded", 2),
        ("announces too much", Script::bytes(["x"]).remaining(101), "discarded", 0),
        ("announces just so much", Script::bytes([vec![0; 100]]).remaining(100), "finished", 2),
        ("the connection is closed anyway", Script::bytes(["x"]).not_reusable(), "discarded", 0),
    ]
}

fn drains<F: Flavour>() {
    for (what, source, end, reads) in table() {
        let log = source.log();
        F::drain(F::response(source, "gzip", &Options::default()).into_body(), 100);
        assert_eq!((log.end(), log.reads()), (Some(end), reads), "{what}");
    }
}

#[test]
fn what_is_drained() {
    drains::<Blocking>();
    drains::<Async>();
}
