//! Support for several targets: feeds bytes to a codec in pieces.

pub mod decoding;

use httpx_core::Headers;
use httpx_proto::role::Role;
use httpx_proto::{Connection, Event, Phase, RemoteError};

/// One thing that a codec said; neighbouring data is one.
#[derive(Debug, Clone, PartialEq)]
pub enum Said<H> {
    Interim(H),
    Head(H),
    Data(Vec<u8>),
    End(Headers),
    Closed,
    Error(RemoteError),
}

/// How the input is split.
#[derive(Debug, Clone, Copy)]
pub enum Cut {
    Whole,
    EachByte,
    /// Pieces of sizes that this number makes up.
    Some(u64),
}

/// The pieces; together they are `bytes`.
pub fn pieces(bytes: &[u8], cut: Cut) -> Vec<&[u8]> {
    let mut random = match cut {
        Cut::Whole => return vec![bytes],
        Cut::EachByte => return bytes.chunks(1).collect(),
        Cut::Some(seed) => seed | 1,
    };
    let (mut rest, mut pieces) = (bytes, Vec::new());
    while !rest.is_empty() {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let len = 1 + (random >> 8) as usize % (1 << (random % 7));
        let (piece, behind) = rest.split_at(len.min(rest.len()));
        pieces.push(piece);
        rest = behind;
    }
    pieces
}

/// Plays the pieces, and writes down what was said. `answer` is asked whenever nothing comes before this side acts,
/// and says whether it did.
pub fn play<R: Role>(
    codec: &mut Connection<R>,
    pieces: &[&[u8]],
    eof: Option<bool>,
    mut answer: impl FnMut(&mut Connection<R>) -> bool,
) -> Vec<Said<R::Receives>> {
    let total = pieces.iter().map(|piece| piece.len()).sum::<usize>();
    let mut said = Vec::new();
    for piece in pieces {
        codec.receive(piece);
        listen(codec, &mut said, total, &mut answer);
    }
    if let Some(clean) = eof {
        codec.receive_eof(clean);
        listen(codec, &mut said, total, &mut answer);
    }
    said
}

fn listen<R: Role>(
    codec: &mut Connection<R>,
    said: &mut Vec<Said<R::Receives>>,
    total: usize,
    answer: &mut impl FnMut(&mut Connection<R>) -> bool,
) {
    // Each event takes a byte at least, or ends something that did.
    for _ in 0..2 * total + 16 {
        match codec.next_event() {
            Ok(Event::NeedData) => return,
            Ok(Event::Paused) if answer(codec) => {}
            Ok(Event::Paused) => return,
            Ok(Event::Interim(head)) => said.push(Said::Interim(head)),
            Ok(Event::Head(head)) => said.push(Said::Head(head)),
            Ok(Event::Data) => {
                let data = codec.data().to_vec();
                assert!(!data.is_empty(), "data that is none");
                codec.consume(data.len());
                match said.last_mut() {
                    Some(Said::Data(before)) => before.extend(data),
                    _ => said.push(Said::Data(data)),
                }
            }
            Ok(Event::End(trailers)) => said.push(Said::End(trailers)),
            Ok(Event::Closed) => {
                if !matches!(said.last(), Some(Said::Closed | Said::Error(_))) {
                    said.push(Said::Closed);
                }
                return;
            }
            Err(error) => {
                assert_eq!(codec.next_event().err().as_ref(), Some(&error), "an error repeats");
                assert_eq!(codec.phases().receiving, Phase::Failed);
                if !matches!(said.last(), Some(Said::Error(_))) {
                    said.push(Said::Error(error));
                }
                return;
            }
        }
    }
    panic!("the codec does not stop");
}

/// The lines of these headers, in order.
pub fn lines(headers: &Headers) -> Vec<(String, Vec<u8>)> {
    headers.iter().map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec())).collect()
}
