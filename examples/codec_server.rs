//! A server that sends back what it is sent, over the codec and a plain socket: keep-alive, pipelining, Expect.
//!
//!     cargo run -p httpx-proto --example codec_server -- 127.0.0.1:8080
//!     curl -d hello http://127.0.0.1:8080/

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::error::Error;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::time::Duration;

use httpx_proto::{BodyLength, Event, Headers, Limits, Phase, ResponseHead, Reuse, Server, StatusCode};

/// The longest body that is sent back.
const MOST: usize = 1024 * 1024;

type Answer = (StatusCode, Vec<u8>);

fn main() -> Result<(), Box<dyn Error>> {
    let addr = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:0".to_owned());
    let listener = TcpListener::bind(addr)?;
    println!("http://{}", listener.local_addr()?);
    for stream in listener.incoming() {
        let stream = stream?;
        std::thread::spawn(move || serve(stream).unwrap_or_else(|error| eprintln!("{error}")));
    }
    Ok(())
}

/// Answers one request after the other, for as long as the connection allows.
fn serve(mut stream: TcpStream) -> Result<(), Box<dyn Error>> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut server = Server::new(Limits::default());
    while let Some((status, body)) = receive(&mut server, &mut stream)? {
        let headers = Headers::from_static(&[("Content-Type", "application/octet-stream")]);
        let (head, mut out) = (ResponseHead::new(status).with_headers(headers), Vec::new());
        server.send_head(&head, BodyLength::Known(body.len() as u64), &mut out)?;
        if server.phases().sending == Phase::Body {
            server.frame(body.len(), &mut out)?; // not where HEAD was asked for
            out.extend_from_slice(&body);
        }
        server.send_end(&Headers::new(), &mut out)?;
        stream.write_all(&out)?;
        if server.reuse() != Reuse::Ready {
            break;
        }
        server.next_cycle()?;
    }
    // Closed with bytes unread, a socket would take back what was written last.
    stream.shutdown(Shutdown::Write)?;
    std::io::copy(&mut stream.take(64 * MOST as u64), &mut std::io::sink())?;
    Ok(())
}

/// One request, and what to answer; `None` where the client is done.
fn receive(server: &mut Server, stream: &mut TcpStream) -> Result<Option<Answer>, Box<dyn Error>> {
    let (mut body, mut line) = (Vec::new(), String::new());
    loop {
        match server.next_event() {
            Ok(Event::NeedData) if server.awaits_continue() => {
                let mut out = Vec::new();
                server.send_head(&ResponseHead::new(StatusCode::CONTINUE), BodyLength::None, &mut out)?;
                stream.write_all(&out)?;
            }
            Ok(Event::NeedData) => match stream.read(server.spare())? {
                0 => server.receive_eof(true),
                n => server.filled(n),
            },
            Ok(Event::Head(head)) => line = format!("{} {}\n", head.method(), head.target()),
            Ok(Event::Data) if body.len() + server.data().len() > MOST => {
                return Ok(Some((StatusCode::try_from(413)?, b"too large\n".to_vec())));
            }
            Ok(Event::Data) => {
                body.extend_from_slice(server.data());
                server.consume(usize::MAX);
            }
            Ok(Event::End(_)) if body.is_empty() => return Ok(Some((StatusCode::OK, line.into_bytes()))),
            Ok(Event::End(_)) => return Ok(Some((StatusCode::OK, body))),
            Ok(Event::Interim(_) | Event::Paused | Event::Closed) => return Ok(None),
            Err(error) => return Ok(Some((error.status(), format!("{error}\n").into_bytes()))),
        }
    }
}
