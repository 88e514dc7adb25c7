//! Counts the bytes that are looked at, copied or made room for, so that a test can say what a drip costs without a
//! clock.

#[cfg(test)]
thread_local!(static LOOKED_AT: std::cell::Cell<u64> = const { std::cell::Cell::new(0) });

/// Says that `n` bytes are looked at.
#[cfg(test)]
pub(crate) fn look(n: usize) {
    LOOKED_AT.set(LOOKED_AT.get() + n as u64);
}

/// Outside of tests nothing is counted.
#[cfg(not(test))]
#[inline(always)]
pub(crate) fn look(_: usize) {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

    use httpx_core::{Headers, Method};

    use super::LOOKED_AT;
    use crate::role::Role;
    use crate::{BodyLength, Client, Connection, Event, Limits, RequestRef, Server};

    const SIZE: usize = 64 * 1024;

    /// The most that one byte may cost: it is copied, searched for a line end and parsed, and the first few bytes of the
    /// head are looked at again with each piece, which are eight to a client, and a method to a server.
    const MOST: u64 = 16;

    /// Limits that let anything of twice the size through.
    fn wide() -> Limits {
        let mut limits = Limits::default();
        (limits.head_bytes, limits.header_count, limits.target_bytes) = (3 * SIZE, SIZE, 3 * SIZE);
        limits
    }

    fn client() -> Client {
        let mut client = Client::new(wide());
        let headers = Headers::new();
        let head = RequestRef { method: &Method::GET, target: "/", host: Some("h"), headers: &headers };
        client.send_head(head, BodyLength::None, &mut Vec::new()).unwrap();
        client
    }

    /// How the bytes come.
    #[derive(Debug, Clone, Copy)]
    enum By {
        Copy,
        Spare,
    }

    /// What it costs to receive this in pieces of so many bytes, up to the end of the message: at most [`MOST`] a byte.
    fn cost<R: Role>(name: &str, mut codec: Connection<R>, bytes: &str, piece: usize, by: By) -> u64 {
        let (before, most) = (LOOKED_AT.get(), MOST * bytes.len() as u64);
        let mut ended = false;
        for mut piece in bytes.as_bytes().chunks(piece) {
            assert!(!ended, "no sooner");
            let cost = LOOKED_AT.get() - before;
            assert!(cost <= most, "{name}, by {by:?}: {cost} for {} bytes", bytes.len());
            if let By::Copy = by {
                codec.receive(piece);
            }
            while let (By::Spare, false) = (by, piece.is_empty()) {
                let spare = codec.spare();
                let n = spare.len().min(piece.len());
                spare[..n].copy_from_slice(&piece[..n]);
                codec.filled(n);
                piece = &piece[n..];
            }
            loop {
                match codec.next_event().unwrap() {
                    Event::NeedData | Event::Paused => break,
                    Event::Data => codec.consume(usize::MAX),
                    Event::Head(_) | Event::Interim(_) => {}
                    Event::End(_) => ended = true,
                    Event::Closed => panic!("it goes on"),
                }
            }
        }
        assert!(ended);
        LOOKED_AT.get() - before
    }

    /// For twice the bytes not more than twice as much.
    fn is_linear<R: Role>(name: &str, new: impl Fn() -> Connection<R>, bytes: impl Fn(usize) -> String) {
        let (once, twice) = (bytes(SIZE), bytes(2 * SIZE));
        assert!(once.len() >= SIZE && twice.len() <= 2 * once.len(), "{name}");
        for (piece, by) in [(1, By::Copy), (1, By::Spare), (7, By::Spare)] {
            let one = cost(name, new(), &once, piece, by);
            let two = cost(name, new(), &twice, piece, by);
            assert!(two <= one * 21 / 10, "{name}, {piece} by {by:?}: {one}, and {two} for twice as much");
        }
    }

    /// A name, and at least so many bytes of something.
    type Shape = (&'static str, fn(usize) -> String);

    /// What a section of fields may look like.
    fn shapes() -> [Shape; 5] {
        [
            ("many lines", |n| "A: b\r\n".repeat(n / 6 + 1)),
            ("many odd lines", |n| "A:\t\u{e9}\r\n".repeat(n / 7 + 1)),
            ("one line", |n| format!("A: {}\r\n", "b".repeat(n))),
            ("one line of white space", |n| format!("A:{}b\r\n", " ".repeat(n))),
            ("long names", |n| format!("{}: b\r\n", "a".repeat(16_379)).repeat(n / 16_384)),
        ]
    }

    #[test]
    fn a_head_that_drips_costs_its_size() {
        for (name, lines) in shapes() {
            is_linear(name, client, |n| format!("HTTP/1.1 204 No Content\r\n{}\r\n", lines(n)));
            let new = || Server::new(wide());
            is_linear(name, new, |n| format!("GET / HTTP/1.1\r\nHost: h\r\n{}\r\n", lines(n)));
        }
        is_linear("a reason", client, |n| format!("HTTP/1.1 204 {}\r\n\r\n", "a".repeat(n)));
        is_linear("folded", client, |n| format!("HTTP/1.1 204 x\r\nA: b\r\n{}\r\n", " c\r\n".repeat(n / 4)));
        is_linear("bare LF", client, |n| format!("HTTP/1.1 204 x\n{}\n", "A: b\n".repeat(n / 5)));
        let target = |n| format!("GET /{} HTTP/1.1\r\nHost: h\r\n\r\n", "a".repeat(n));
        is_linear("a target", || Server::new(wide()), target);
    }

    #[test]
    fn trailers_that_drip_cost_their_size() {
        let fields = "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n";
        for (name, lines) in shapes() {
            is_linear(name, client, |n| format!("HTTP/1.1 200 OK\r\n{fields}{}\r\n", lines(n)));
            let new = || Server::new(wide());
            is_linear(name, new, |n| format!("POST / HTTP/1.1\r\nHost: h\r\n{fields}{}\r\n", lines(n)));
        }
    }

    #[test]
    fn framing_that_drips_costs_its_size() {
        let fields = "Transfer-Encoding: chunked\r\n\r\n";
        let shapes: [Shape; 3] = [
            ("chunks", |n| "1\r\na\r\n".repeat(n / 6 + 1)),
            ("extensions", |n| "1;b\r\na\r\n".repeat(n / 8 + 1)),
            ("one extension", |n| format!("1;{}\r\na\r\n", "b".repeat(n))),
        ];
        for (name, chunks) in shapes {
            is_linear(name, client, |n| format!("HTTP/1.1 200 OK\r\n{fields}{}0\r\n\r\n", chunks(n)));
            let new = || Server::new(wide());
            is_linear(name, new, |n| format!("POST / HTTP/1.1\r\nHost: h\r\n{fields}{}0\r\n\r\n", chunks(n)));
        }
        let hints = |n| format!("{}HTTP/1.1 204 x\r\n\r\n", "HTTP/1.1 103 x\r\n\r\n".repeat(n / 18 + 1));
        let patient = || {
            let mut client = client();
            client.limits_mut().interim_count = SIZE;
            client
        };
        is_linear("interim responses", patient, hints);
    }
}
