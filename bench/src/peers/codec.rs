//! The codecs side by side: whole exchanges, including all copies.

use httpx_bench::cases::Case;
use httpx_bench::{Codec, Httparse, Httpx, Hyper, UreqProto};

use crate::{Result, allocations};

/// The measurement: a case, or the request alone.
pub(crate) fn measure(name: &str, what: &str, count: &str) -> Result<()> {
    match name {
        "httparse" => of::<Httparse>(what, count),
        "httpx-proto" => of::<Httpx>(what, count),
        "ureq-proto" => of::<UreqProto>(what, count),
        "hyper" => of::<Hyper>(what, count),
        _ => Err("no such codec".into()),
    }
}

fn of<C: Codec>(what: &str, count: &str) -> Result<()> {
    let (case, run): (_, fn(&mut C) -> Result<()>) = match what {
        "encode" => (Case::small(), encode_measured::<C>),
        name => (Case::named(name).ok_or("no such case")?, cycle_measured::<C>),
    };
    let mut codec = C::new(&case)?;
    if what == "encode" && !codec.encode()? {
        println!("-");
        return Ok(());
    }
    run(&mut codec)?;
    match count {
        "allocations" => {
            println!("{}", allocations::per_run(1000, || (0..1000).try_for_each(|_| run(&mut codec)))?)
        }
        n => (0..n.parse()?).try_for_each(|_: u64| run(&mut codec))?,
    }
    Ok(())
}

#[inline(never)]
fn cycle_measured<C: Codec>(codec: &mut C) -> Result<()> {
    codec.cycle().map(drop)
}

#[inline(never)]
fn encode_measured<C: Codec>(codec: &mut C) -> Result<()> {
    codec.encode().map(drop)
}
