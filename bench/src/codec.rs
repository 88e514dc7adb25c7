//! The codec, and `httparse` alone as its floor.

use httpx_bench::cases::{self, Body, Case};
use httpx_bench::{Codec, Httparse, Httpx, Reads, Result};

use crate::allocations;

/// The floor.
pub(crate) fn floor(case: &Case, n: u64) -> Result<()> {
    let mut codec = Httparse::new(case)?;
    (0..n).try_for_each(|_| fine(case, floor_measured(&mut codec)?))
}

/// Reads one response after the other over one connection.
pub(crate) fn run(case: &Case, n: u64) -> Result<()> {
    answers(case, &mut Httpx::new(case)?, n)
}

/// Reads only the heads of these responses.
pub(crate) fn head(case: &Case, n: u64) -> Result<()> {
    let mut codec = Httpx::new(case)?;
    (0..n).try_for_each(|_| {
        codec.ask()?;
        head_measured(&mut codec)?;
        fine(case, codec.body()?)
    })
}

/// Writes one request after the other.
pub(crate) fn encode(n: u64) -> Result<()> {
    let case = &Case::small();
    let mut codec = Httpx::new(case)?;
    (0..n).try_for_each(|_| {
        encode_measured(&mut codec)?;
        fine(case, codec.answer()?)
    })
}

/// Responses with long bodies, in two sizes: their difference is the cost of the body.
pub(crate) fn body(kind: &str, mib: usize, n: u64) -> Result<()> {
    const CHUNK: usize = 16 << 10;
    /// This size and three times this size have the same number of hexadecimal digits, none of them a letter.
    const FEWER: usize = 0x3000;
    let length = Body::Length(mib << 20);
    let (body, reads) = match kind {
        "direct" => (length, Reads::Direct(64 << 10)),
        "buffered" => (length, Reads::Buffered),
        "chunks" => (Body::Chunks { count: (mib << 20) / CHUNK, size: CHUNK }, Reads::Direct(64 << 10)),
        // The same number of chunks and of reads for each size.
        "bytes" => (Body::Chunks { count: (1 << 20) / FEWER, size: mib * FEWER }, Reads::Direct(usize::MAX)),
        _ => return Err("no such body".into()),
    };
    let case = &Case::of(body);
    answers(case, &mut Httpx::new(case)?.reading(reads), n)
}

/// The allocations of each, by name.
pub(crate) fn allocations() -> Result<Vec<(String, u64)>> {
    let mut counted = Vec::new();
    for case in cases::all() {
        let mut codec = Httpx::new(&case)?;
        fine(&case, codec.cycle()?)?;
        let cycles = || (0..1000).try_for_each(|_| fine(&case, codec.cycle()?));
        counted.push((format!("codec.{}.allocations", case.name), allocations::per_run(1000, cycles)?));
    }
    counted.push(("codec.encode.allocations".to_owned(), encode_allocations()?));
    Ok(counted)
}

fn encode_allocations() -> Result<u64> {
    let case = &Case::small();
    let mut codec = Httpx::new(case)?;
    let mut sum = 0;
    for turn in 0..1000 {
        let count = allocations::per_run(1, || codec.ask())?;
        fine(case, codec.answer()?)?;
        sum += if turn == 0 { 0 } else { count };
    }
    Ok(sum.div_ceil(1000))
}

fn answers(case: &Case, codec: &mut Httpx, n: u64) -> Result<()> {
    (0..n).try_for_each(|_| {
        codec.ask()?;
        fine(case, codec_measured(codec)?)
    })
}

fn fine(case: &Case, length: u64) -> Result<()> {
    if length == case.length() { Ok(()) } else { Err("a body was cut".into()) }
}

#[inline(never)]
fn floor_measured(codec: &mut Httparse) -> Result<u64> {
    codec.cycle()
}

#[inline(never)]
fn codec_measured(codec: &mut Httpx) -> Result<u64> {
    codec.answer()
}

#[inline(never)]
fn head_measured(codec: &mut Httpx) -> Result<()> {
    codec.head()
}

#[inline(never)]
fn encode_measured(codec: &mut Httpx) -> Result<()> {
    codec.ask()
}
