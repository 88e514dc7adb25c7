//! `httparse` alone: the head, and the sizes of the chunks. It checks no framing, keeps nothing and has no limits.

use std::hint::black_box;
use std::mem::MaybeUninit;

use httparse::{ParserConfig, Response, Status};

use crate::cases::Case;
use crate::{Codec, Result};

/// The floor.
#[derive(Debug)]
pub struct Httparse {
    head: String,
    body: Vec<u8>,
    is_chunked: bool,
}

impl Codec for Httparse {
    fn new(case: &Case) -> Result<Self> {
        Ok(Httparse { head: case.head(), body: case.body(), is_chunked: case.is_chunked() })
    }

    fn cycle(&mut self) -> Result<u64> {
        head(black_box(self.head.as_bytes()))?;
        if self.is_chunked { chunks(black_box(&self.body)) } else { Ok(self.body.len() as u64) }
    }
}

fn head(bytes: &[u8]) -> Result<()> {
    let mut fields = [const { MaybeUninit::uninit() }; 64];
    let mut response = Response::new(&mut []);
    let config = ParserConfig::default();
    let parsed = config.parse_response_with_uninit_headers(&mut response, bytes, &mut fields)?;
    black_box(&response);
    match parsed {
        Status::Complete(_) => Ok(()),
        Status::Partial => Err("the head is not whole".into()),
    }
}

fn chunks(mut rest: &[u8]) -> Result<u64> {
    let mut length = 0;
    loop {
        match httparse::parse_chunk_size(rest).map_err(|_| "no chunk size")? {
            Status::Complete((_, 0)) => return Ok(length),
            Status::Complete((line, size)) => {
                length += size;
                rest = rest.get(line + usize::try_from(size)? + 2..).ok_or("a chunk is not whole")?;
            }
            Status::Partial => return Err("no chunk size".into()),
        }
    }
}
