//! `httpx-proto` as its drivers use it.

use std::hint::black_box;

use httpx_core::{Headers, Method};
use httpx_proto::{BodyLength, Client, Event, Limits, RequestRef};

use crate::cases::{Case, REQUEST};
use crate::{Codec, Result};

/// A connection of ours.
#[derive(Debug)]
pub struct Httpx {
    codec: Client,
    headers: Headers,
    out: Vec<u8>,
    wire: Vec<u8>,
    /// The number of bytes read so far.
    at: usize,
    reads: Reads,
}

/// How a long body is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// Past the codec's buffer, as much as the codec allows and this many bytes at most.
    Direct(usize),
    /// Through the codec's buffer.
    Buffered,
}

impl Codec for Httpx {
    fn new(case: &Case) -> Result<Self> {
        let headers = Headers::try_from(REQUEST.fields)?;
        let codec = Client::new(Limits::default());
        let (out, wire, at) = (Vec::new(), case.wire(), 0);
        Ok(Httpx { codec, headers, out, wire, at, reads: Reads::Direct(64 << 10) })
    }

    fn cycle(&mut self) -> Result<u64> {
        self.ask()?;
        black_box(&self.out);
        self.answer()
    }

    fn encode(&mut self) -> Result<bool> {
        write(&mut Client::new(Limits::default()), &self.headers, &mut self.out)?;
        black_box(&self.out);
        Ok(true)
    }
}

impl Httpx {
    /// The same with another way of reading.
    pub fn reading(self, reads: Reads) -> Self {
        Httpx { reads, ..self }
    }

    /// Writes the request.
    ///
    /// # Errors
    ///
    /// If the connection cannot be kept.
    pub fn ask(&mut self) -> Result<()> {
        self.codec.next_cycle()?;
        self.at = 0;
        write(&mut self.codec, &self.headers, &mut self.out)
    }

    /// Reads the response to its end. Returns the length of its body.
    ///
    /// # Errors
    ///
    /// If the response is invalid.
    pub fn answer(&mut self) -> Result<u64> {
        self.head()?;
        self.body()
    }

    /// Reads the head of the response and drops it.
    ///
    /// # Errors
    ///
    /// If it is wrong.
    pub fn head(&mut self) -> Result<()> {
        loop {
            match self.codec.next_event()? {
                Event::NeedData => self.read(),
                Event::Head(head) => {
                    drop(black_box(head));
                    return Ok(());
                }
                _ => return Err("the answer has no head".into()),
            };
        }
    }

    /// Reads the body of the response to its end. Returns its length.
    ///
    /// # Errors
    ///
    /// If it is wrong.
    pub fn body(&mut self) -> Result<u64> {
        let mut length = 0;
        loop {
            match self.codec.next_event()? {
                Event::NeedData => length += self.read(),
                Event::Data => {
                    let n = black_box(self.codec.data()).len();
                    self.codec.consume(n);
                    length += n as u64;
                }
                Event::End(_) => return Ok(length),
                _ => return Err("the answer has stopped".into()),
            }
        }
    }

    /// Reads from the wire. Returns the number of body bytes that bypassed the codec.
    fn read(&mut self) -> u64 {
        let rest = self.wire.get(self.at..).unwrap_or_default();
        if let (Reads::Direct(most), Some(n)) = (self.reads, self.codec.passthrough_len()) {
            let n = usize::try_from(n).unwrap_or(usize::MAX).min(most).min(rest.len());
            black_box(rest.get(..n)); // the body is the caller's
            self.codec.consumed_directly(n as u64);
            self.at += n;
            return n as u64;
        }
        let n = copied_by_the_system(rest, self.codec.spare());
        self.codec.filled(n);
        self.at += n;
        0
    }
}

fn write(codec: &mut Client, headers: &Headers, out: &mut Vec<u8>) -> Result<()> {
    out.clear();
    let head = RequestRef {
        method: black_box(&Method::GET),
        target: black_box(REQUEST.target),
        host: Some(black_box(REQUEST.host)),
        headers,
    };
    Ok(codec.send_head(head, BodyLength::None, out)?)
}

/// Stands for a read from a socket, which does not count as the codec's work.
#[inline(never)]
fn copied_by_the_system(from: &[u8], to: &mut [u8]) -> usize {
    let n = from.len().min(to.len());
    if let (Some(from), Some(to)) = (from.get(..n), to.get_mut(..n)) {
        to.copy_from_slice(from);
    }
    n
}
