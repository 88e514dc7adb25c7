//! A server with prepared responses. It runs in a separate process, so that its work is not counted.

use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::thread;

use flate2::{Compression, write::GzEncoder};
use httpx_bench::cases::Case;

use crate::uploads;

/// The length of a long body, decoded.
pub(crate) const LONG: u64 = 1 << 30;
/// The items of the JSON: 2 KiB together.
pub(crate) const JSON_ITEMS: usize = 32;
/// The bytes of one write.
const PIECE: usize = 1 << 20;

/// Prints the port, and serves until the process is killed.
pub(crate) fn serve() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?.port());
    for stream in listener.incoming() {
        let stream = stream?;
        stream.set_nodelay(true)?;
        thread::spawn(move || answer_all(stream));
    }
    Ok(())
}

/// Serves requests that arrive in one piece and have no body, and uploads.
pub(crate) fn answer_all(mut stream: impl Read + Write) -> io::Result<()> {
    let small = Case::small().wire();
    let mut request = [0; 4096];
    loop {
        let n = stream.read(&mut request)?;
        match request.get(..n).unwrap_or_default() {
            [] => return Ok(()),
            get if get.starts_with(b"GET /small") => {
                stream.write_all(&small)?;
                stream.flush()?;
            }
            get if get.starts_with(b"GET /json ") => {
                let item = r#"{"id":"1234567890","name":"a pen","colour":"blue","price":"12"}"#;
                let json = format!("[{}]", [item; JSON_ITEMS].join(","));
                write!(
                    stream,
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{json}",
                    json.len()
                )?;
                stream.flush()?;
            }
            get if get.starts_with(b"GET /plain ") => plain(&mut stream)?,
            get if get.starts_with(b"GET /chunked ") => chunked(&mut stream)?,
            get if get.starts_with(b"GET /gzip ") => gzip(&mut stream)?,
            post if post.starts_with(b"POST ") => return uploads::answer(stream, post),
            _ => stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")?,
        }
    }
}

fn plain(stream: &mut impl Write) -> io::Result<()> {
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {LONG}\r\n\r\n")?;
    let piece = text();
    (0..LONG / PIECE as u64).try_for_each(|_| stream.write_all(&piece))
}

fn chunked(stream: &mut impl Write) -> io::Result<()> {
    let chunk = [b"4000\r\n".as_slice(), &text()[..0x4000], b"\r\n"].concat();
    let piece = chunk.repeat(PIECE / 0x4000);
    stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
    (0..LONG / PIECE as u64).try_for_each(|_| stream.write_all(&piece))?;
    stream.write_all(b"0\r\n\r\n")
}

/// The same member again and again.
fn gzip(stream: &mut impl Write) -> io::Result<()> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(&text())?;
    let member = encoder.finish()?;
    let pieces = LONG / PIECE as u64;
    let length = pieces * member.len() as u64;
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {length}\r\n\r\n")?;
    (0..pieces).try_for_each(|_| stream.write_all(&member))
}

/// Lines that differ a little.
fn text() -> Vec<u8> {
    let lines =
        (0u64..).map(|n| format!("{n} {:x} the quick brown fox\n", n.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
    let mut text: Vec<u8> = lines.flat_map(String::into_bytes).take(PIECE).collect();
    text.shrink_to_fit();
    text
}
