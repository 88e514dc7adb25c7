//! Feeds bytes to a codec and records its events.

#![allow(dead_code, unreachable_pub)]

use httpx_core::{Headers, Method, ResponseHead, StatusCode};
use httpx_proto::{
    BodyLength, Client, Connection, Event, Limits, Phase, ReceivedRequest, RemoteError, RequestRef, Reuse,
    Server, role::Role,
};

/// How the stream ends after the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Not yet.
    Open,
    /// By FIN, or close_notify.
    Eof,
    /// Under TLS without close_notify.
    Cut,
}

/// A client that has sent this: `GET`, `HEAD`, `POST`…, `UPGRADE` (a GET with `Upgrade`), `CLOSE` (a GET with
/// `Connection: close`), `CONNECT`, or nothing (`-`).
pub fn client_that_sent(what: &str, limits: Limits) -> Client {
    let mut client = Client::new(limits);
    let headers = match what {
        "UPGRADE" => httpx_proto::headers![("Connection", "upgrade"), ("Upgrade", "websocket")],
        "CLOSE" => httpx_proto::headers![("Connection", "close")],
        _ => Headers::new(),
    };
    let method = match what {
        "-" => return client,
        "UPGRADE" | "CLOSE" => Method::GET,
        method => Method::try_from(method).unwrap(),
    };
    let target = if method == Method::CONNECT { "h:443" } else { "/" };
    let head = RequestRef { method: &method, target, host: Some("h"), headers: &headers };
    client.send_head(head, BodyLength::None, &mut Vec::new()).unwrap();
    client
}

/// Heads that can be recorded.
pub trait Show {
    fn show(&self) -> String;

    fn show_error(error: &RemoteError) -> String;
}

impl Show for ResponseHead {
    fn show(&self) -> String {
        let mut text = self.status().as_u16().to_string();
        if self.reason() != self.status().reason() {
            text += &format!(" ({})", self.reason());
        }
        text + &show_headers(self.headers())
    }

    fn show_error(error: &RemoteError) -> String {
        format!("error {error:?}")
    }
}

/// An error is recorded with the status of the server's response.
impl Show for ReceivedRequest {
    fn show(&self) -> String {
        let mut headers = self.headers().clone();
        if headers.get("Host").is_some_and(|host| host.as_bytes() == b"h") {
            headers.remove("Host");
        }
        format!("{} {}{}", self.method(), self.target(), show_headers(&headers))
    }

    fn show_error(error: &RemoteError) -> String {
        format!("{} {error:?}", error.status().as_u16())
    }
}

/// The headers without those for framing, whose effect is recorded in later events.
pub fn show_headers(headers: &Headers) -> String {
    let mut shown = headers.clone();
    for name in ["Content-Length", "Transfer-Encoding", "Connection", "Upgrade"] {
        shown.remove(name);
    }
    if shown.is_empty() { String::new() } else { format!(" {shown:?}") }
}

/// Feeds the pieces and records all events and, at the end, whether the connection can be reused. The end of the stream
/// arrives with the last piece.
pub fn play<R: Role>(codec: Connection<R>, pieces: &[&[u8]], end: End) -> String
where
    R::Receives: Show,
{
    play_and(codec, pieces, end, |_| None)
}

/// The same for a server that answers each request and continues with the next: see [`answer`].
pub fn play_and_answer(server: Server, pieces: &[&[u8]], end: End) -> String {
    play_and(server, pieces, end, answer)
}

/// Answers a request that has ended: with 101 if it asks for a switch, otherwise with 200.
fn answer(server: &mut Server) -> Option<String> {
    if server.phases().sending != Phase::Idle {
        return None;
    }
    let upgrade = httpx_proto::headers![("Upgrade", "x")];
    let [switch, ok] = [101, 200].map(|code| StatusCode::try_from(code).unwrap());
    let head = ResponseHead::new(switch).with_headers(upgrade);
    let mut said = "101";
    if server.send_head(&head, BodyLength::None, &mut Vec::new()).is_err() {
        server.send_head(&ResponseHead::new(ok), BodyLength::None, &mut Vec::new()).unwrap();
        said = "200";
    }
    if server.reuse() == Reuse::Ready {
        server.next_cycle().unwrap();
    }
    Some(said.to_owned())
}

/// Feeds the pieces. Each time the receiving side pauses, `paused` may act; it returns its action, and is called again.
fn play_and<R: Role>(
    mut codec: Connection<R>,
    pieces: &[&[u8]],
    end: End,
    mut paused: impl FnMut(&mut Connection<R>) -> Option<String>,
) -> String
where
    R::Receives: Show,
{
    let mut script = Script::default();
    for (nth, piece) in pieces.iter().enumerate() {
        feed(&mut codec, piece, nth % 2 == 0);
        if end != End::Open && nth + 1 == pieces.len() {
            codec.receive_eof(end == End::Eof);
        }
        drain(&mut codec, &mut script, &mut paused);
    }
    if let Err(error) = codec.next_event() {
        assert_eq!(script.lines.last(), Some(&R::Receives::show_error(&error)), "an error repeats");
    }
    script.flush();
    if codec.phases().receiving == Phase::Switched && !codec.unread().is_empty() {
        script.lines.push(format!("unread \"{}\"", codec.unread().escape_ascii()));
    }
    script.lines.push(match codec.reuse() {
        Reuse::Ready => "ready".to_owned(),
        Reuse::NotYet => "not yet".to_owned(),
        Reuse::Never(reason) => format!("never: {reason:?}"),
    });
    script.lines.join(" | ")
}

#[derive(Default)]
struct Script {
    lines: Vec<String>,
    data: Vec<u8>,
}

impl Script {
    fn flush(&mut self) {
        if !self.data.is_empty() {
            self.lines.push(format!("\"{}\"", self.data.escape_ascii()));
            self.data.clear();
        }
    }

    fn push(&mut self, line: String) {
        self.flush();
        self.lines.push(line);
    }
}

fn feed<R: Role>(codec: &mut Connection<R>, mut piece: &[u8], by_copy: bool) {
    if by_copy {
        codec.receive(piece);
        return;
    }
    while !piece.is_empty() {
        let spare = codec.spare();
        let n = spare.len().min(piece.len());
        assert!(n > 0, "there is room");
        spare[..n].copy_from_slice(&piece[..n]);
        codec.filled(n);
        piece = &piece[n..];
    }
}

/// All available events. Data of odd length is consumed in two halves.
fn drain<R: Role>(
    codec: &mut Connection<R>,
    script: &mut Script,
    paused: &mut impl FnMut(&mut Connection<R>) -> Option<String>,
) where
    R::Receives: Show,
{
    for _ in 0..100_000 {
        match codec.next_event() {
            Ok(Event::NeedData) => {
                assert!(codec.data().is_empty());
                assert!(!codec.spare().is_empty());
                return;
            }
            Ok(Event::Paused) => match paused(codec) {
                Some(said) => script.push(said),
                None => return,
            },
            Ok(Event::Interim(head)) => script.push(format!("interim {}", head.show())),
            Ok(Event::Head(head)) => script.push(head.show()),
            Ok(Event::Data) => {
                let data = codec.data();
                assert!(!data.is_empty(), "Data means that there is some");
                let take = data.len().div_ceil(2);
                script.data.extend_from_slice(&data[..take]);
                codec.consume(take);
            }
            Ok(Event::End(trailers)) => script.push(format!("end{}", show_headers(&trailers))),
            Ok(Event::Closed) => {
                if script.lines.last().map(String::as_str) != Some("closed") {
                    script.push("closed".to_owned());
                }
                return;
            }
            Err(error) => {
                let line = R::Receives::show_error(&error);
                if script.lines.last() != Some(&line) {
                    script.push(line);
                }
                return;
            }
        }
    }
    panic!("it goes on for ever");
}

/// The result is the same whole, byte by byte and cut in two at each place, with the end of the stream at the last byte
/// or after it.
pub fn play_every_split<R: Role>(new: impl Fn() -> Connection<R>, bytes: &[u8], end: End) -> String
where
    R::Receives: Show,
{
    every_split(bytes, |pieces| {
        let said = play(new(), pieces, end);
        let late = play(new(), &[pieces, &[b""]].concat(), end);
        assert_eq!(late, said, "the end alone: {}", bytes.escape_ascii());
        said
    })
}

/// The same for a server that answers. The end arrives with the last byte, because an earlier end can change the
/// responses.
pub fn answer_every_split(new: impl Fn() -> Server, bytes: &[u8], end: End) -> String {
    every_split(bytes, |pieces| play_and_answer(new(), pieces, end))
}

fn every_split(bytes: &[u8], play: impl Fn(&[&[u8]]) -> String) -> String {
    let whole = play(&[bytes]);
    let single = bytes.chunks(1).collect::<Vec<_>>();
    if !single.is_empty() {
        assert_eq!(play(&single), whole, "byte by byte: {}", bytes.escape_ascii());
    }
    for at in 1..bytes.len().min(4096) {
        let (one, two) = bytes.split_at(at);
        assert_eq!(play(&[one, two]), whole, "cut at {at}: {}", bytes.escape_ascii());
    }
    whole
}
