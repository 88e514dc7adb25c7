//! A body is drained only if its connection can be used again afterwards.

use httpx_core::Options;

use crate::flavour::{Async, Blocking, Flavour};
use crate::source::{Script, Step};

/// Rows: the case, the source, its end, the number of reads.
fn table() -> Vec<(&'static str, Script, &'static str, usize)> {
    let drip = || std::iter::repeat_with(|| Step::Bytes(b"x".to_vec()));
    vec![
        ("short", Script::bytes(["abc", "def"]), "finished", 3),
        ("encoded, but not with its coding", Script::bytes(["no gzip"]), "finished", 2),
        ("too long", Script::bytes([vec![0; 60], vec![0; 60]]), "discarded", 2),
        ("drips", Script::new(drip().take(1000)), "discarded", 65),
        ("stalls", Script::new([Step::Bytes(b"x".to_vec()), Step::Stall]), "discarded", 2),
        ("announces too much", Script::bytes(["x"]).remaining(101), "discarded", 0),
        ("announces the most that is drained", Script::bytes([vec![0; 100]]).remaining(100), "finished", 2),
        ("the connection is closed anyway", Script::bytes(["x"]).not_reusable(), "discarded", 0),
    ]
}

fn drains<F: Flavour>() {
    for (case, source, end, reads) in table() {
        let log = source.log();
        F::drain(F::response(source, "gzip", &Options::default()).into_body(), 100);
        assert_eq!((log.end(), log.reads()), (Some(end), reads), "{case}");
    }
}

#[test]
fn only_short_rests_of_reusable_connections_are_drained() {
    drains::<Blocking>();
    drains::<Async>();
}
