//! The codec, and `httparse` alone as its floor.

use std::error::Error;
use std::hint::black_box;
use std::mem::MaybeUninit;

use httpx_core::{Headers, Method, ResponseHead};
use httpx_proto::{BodyLength, Client, Event, Limits, RemoteError, RequestRef};

use crate::allocations;

/// The floor.
pub(crate) fn floor(n: u64) {
    for _ in 0..n {
        black_box(floor_measured(black_box(crate::HEAD.as_bytes())));
    }
}

#[inline(never)]
fn floor_measured(head: &[u8]) -> (Option<u16>, usize) {
    let mut fields = [const { MaybeUninit::uninit() }; 64];
    let mut response = httparse::Response::new(&mut []);
    let config = httparse::ParserConfig::default();
    let parsed = config.parse_response_with_uninit_headers(&mut response, head, &mut fields);
    (parsed.ok().and(response.code), response.headers.len())
}

/// Response after response over one connection.
pub(crate) fn run(n: u64) -> Result<(), Box<dyn Error>> {
    let mut connection = Connection::new();
    for turn in 0..=n {
        connection.ask()?;
        match turn {
            0 => black_box(connection.answer()?), // warms up
            _ => black_box(codec_measured(&mut connection)?),
        };
    }
    Ok(())
}

/// How many allocations a response costs.
pub(crate) fn allocations() -> Result<u64, Box<dyn Error>> {
    let mut connection = Connection::new();
    connection.ask()?;
    connection.answer()?;
    allocations::per_run(1000, || {
        (0..1000).try_for_each(|_| {
            connection.ask()?;
            connection.answer()?;
            Ok(())
        })
    })
}

#[inline(never)]
fn codec_measured(connection: &mut Connection) -> Result<ResponseHead, RemoteError> {
    connection.answer()
}

struct Connection {
    codec: Client,
    wire: Vec<u8>,
    out: Vec<u8>,
    headers: Headers,
}

impl Connection {
    fn new() -> Self {
        let wire = [crate::HEAD, crate::BODY].concat().into_bytes();
        let headers = Headers::from_static(&[("Accept", "*/*"), ("Accept-Encoding", "gzip")]);
        Connection { codec: Client::new(Limits::default()), wire, out: Vec::new(), headers }
    }

    fn ask(&mut self) -> Result<(), Box<dyn Error>> {
        self.codec.next_cycle()?;
        self.out.clear();
        let head = RequestRef { method: &Method::GET, target: "/", host: Some("h"), headers: &self.headers };
        Ok(self.codec.send_head(head, BodyLength::None, &mut self.out)?)
    }

    /// The bytes go in, the head and the body come out.
    fn answer(&mut self) -> Result<ResponseHead, RemoteError> {
        if let Some(room) = self.codec.spare().get_mut(..self.wire.len()) {
            room.copy_from_slice(&self.wire);
        }
        self.codec.filled(self.wire.len());
        let Event::Head(head) = self.codec.next_event()? else { return Err(RemoteError::Unasked) };
        while let Event::Data = self.codec.next_event()? {
            let n = black_box(self.codec.data()).len();
            self.codec.consume(n);
        }
        Ok(head)
    }
}
