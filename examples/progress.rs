//! Draws progress bars for an upload and a download. The server is part of the example.
//!
//!     cargo run --release --example progress

#![allow(clippy::print_stdout)]

use std::error::Error;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use httpx::models::{Direction, Progress};
use httpx::{Body, Client};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

const LENGTH: u64 = 32 << 20;

fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}/echo", listener.local_addr()?);
    thread::spawn(move || listener.incoming().flatten().try_for_each(serve));

    let bars = MultiProgress::new();
    let style = ProgressStyle::with_template("{msg:4} {bar:40} {bytes}/{total_bytes} {bytes_per_sec} {eta}")?;
    let bar = |name| bars.add(ProgressBar::no_length().with_style(style.clone()).with_message(name));
    let (up, down) = (bar("up"), bar("down"));

    // A clone of a bar draws the same bar. It draws at most 20 times per second, even if it is updated more often.
    let clones = (up.clone(), down.clone());
    let show = move |progress: Progress| {
        let bar = match progress.direction {
            Direction::Upload => &clones.0,
            Direction::Download => &clones.1,
        };
        if let Some(total) = progress.total {
            bar.set_length(total);
        }
        bar.set_position(progress.bytes);
    };
    let body = Body::from_sized_reader(io::repeat(b'x').take(LENGTH), LENGTH);
    let mut response = Client::new().post(url).body(body).on_progress(show).stream()?.error_for_status()?;
    let received = response.copy_to(&mut io::sink())?;
    up.finish();
    down.finish();
    println!("{} bytes up, {received} bytes down", up.position());
    assert_eq!((up.position(), down.position(), received), (LENGTH, LENGTH, LENGTH));
    Ok(())
}

/// Reads one request, and answers with a body of the same length.
fn serve(mut stream: TcpStream) -> io::Result<()> {
    let mut request = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    while request.read_line(&mut line)? > 2 {
        line.clear();
    }
    io::copy(&mut request.take(LENGTH), &mut io::sink())?;
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {LENGTH}\r\n\r\n")?;
    io::copy(&mut io::repeat(b'y').take(LENGTH), &mut stream)?;
    Ok(())
}
