//! Draws a progress bar for a download. The server is part of the example.
//!
//!     cargo run --release --example progress

#![allow(clippy::print_stdout)]

use std::error::Error;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use httpx::Client;
use httpx::models::Progress;
use indicatif::{ProgressBar, ProgressStyle};

const LENGTH: usize = 64 << 20;

fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}/large.bin", listener.local_addr()?);
    thread::spawn(move || listener.incoming().flatten().try_for_each(serve));

    let style = "{msg} {bar:40} {bytes}/{total_bytes} {bytes_per_sec} {eta}";
    let bar = ProgressBar::no_length().with_style(ProgressStyle::with_template(style)?).with_message("down");
    // A clone of a bar draws the same bar. It draws at most 20 times per second, however often it is told.
    let down = bar.clone();
    let show = move |progress: Progress| {
        if let Some(total) = progress.total {
            down.set_length(total);
        }
        down.set_position(progress.bytes);
    };
    let mut response = Client::new().get(url).on_progress(show).stream()?.error_for_status()?;
    let length = response.copy_to(&mut io::sink())?;
    bar.finish();
    println!("{length} bytes");
    assert_eq!((length, bar.position()), (LENGTH as u64, LENGTH as u64));
    Ok(())
}

/// Answers one request.
fn serve(mut stream: TcpStream) -> io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {LENGTH}\r\n\r\n")?;
    let piece = vec![b'x'; 1 << 20];
    (0..LENGTH / piece.len()).try_for_each(|_| stream.write_all(&piece))
}
