//! An echo server over the codec and plain sockets, with keep-alive, pipelining and Expect.
//!
//!     cargo run -p httpx-proto --example codec_server -- 127.0.0.1:8080
//!     curl -d hello http://127.0.0.1:8080/

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::time::Duration;

use httpx_proto::{BodyLength, Event, Headers, Limits, ResponseHead, Server, StatusCode};

/// The longest body that is read.
const MAX_BODY_BYTES: usize = 1024 * 1024;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    let listener = TcpListener::bind(std::env::args().nth(1).as_deref().unwrap_or("127.0.0.1:0"))?;
    println!("http://{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept()?;
        std::thread::spawn(|| serve(stream).unwrap_or_else(|error| eprintln!("{error}")));
    }
}

/// Answers the requests of a connection, one after the other.
fn serve(mut stream: TcpStream) -> Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut server = Server::new(Limits::default());
    while server.next_cycle().is_ok() {
        let Some((status, body)) = receive(&mut server, &mut stream)? else { break };
        let mut headers = httpx_proto::headers![("Content-Type", "application/octet-stream")];
        if status != StatusCode::OK {
            headers.set("Connection", "close")?; // the rest of the request is not read
        }
        let (head, mut out) = (ResponseHead::new(status).with_headers(headers), Vec::new());
        server.send_head(&head, BodyLength::Known(body.len() as u64), &mut out)?;
        server.send_data(&body, &mut out)?;
        server.send_end(&Headers::new(), &mut out)?;
        stream.write_all(&out)?;
    }
    // Closing a socket with unread bytes resets it, and the client may lose the end of the response.
    if stream.shutdown(Shutdown::Write).is_ok() {
        std::io::copy(&mut stream.take(64 * MAX_BODY_BYTES as u64), &mut std::io::sink())?;
    }
    Ok(())
}

/// Receives a request and returns the status and the body of its response; `None` after the last request.
fn receive(server: &mut Server, stream: &mut TcpStream) -> Result<Option<(StatusCode, Vec<u8>)>> {
    let (mut line, mut body, mut out) = (Vec::new(), Vec::new(), Vec::new());
    Ok(Some(loop {
        match server.next_event() {
            Ok(Event::NeedData) if server.awaits_continue() => {
                server.send_head(&ResponseHead::new(StatusCode::CONTINUE), BodyLength::None, &mut out)?;
                stream.write_all(&out)?;
            }
            Ok(Event::NeedData) => match stream.read(server.spare())? {
                0 => server.receive_eof(true),
                n => server.filled(n),
            },
            Ok(Event::Head(head)) => line = format!("{} {}\n", head.method(), head.target()).into_bytes(),
            Ok(Event::Data) if body.len() > MAX_BODY_BYTES => break (StatusCode::CONTENT_TOO_LARGE, line),
            Ok(Event::Data) => {
                body.extend_from_slice(server.data());
                server.consume(usize::MAX);
            }
            Ok(Event::End(_)) if line.starts_with(b"CONNECT ") => break (StatusCode::NOT_IMPLEMENTED, line),
            Ok(Event::End(_)) => break (StatusCode::OK, if body.is_empty() { line } else { body }),
            Ok(Event::Interim(_) | Event::Paused | Event::Closed) => return Ok(None),
            Err(error) => break (error.status(), format!("{error}\n").into_bytes()),
        }
    }))
}
