//! Computes the checksum of a file while it is downloaded, and compares it with the one that the server publishes. The
//! server is part of the example.
//!
//!     cargo run --release --example checksum

#![allow(clippy::print_stdout)]

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use httpx::{Client, Result};
use sha2::{Digest, Sha256};

/// A writer that also computes the checksum of its bytes.
struct Hashing<W> {
    writer: W,
    hash: Sha256,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let n = self.writer.write(buf)?;
        self.hash.update(&buf[..n]);
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

fn main() -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}/", listener.local_addr()?);
    thread::spawn(move || listener.incoming().flatten().try_for_each(serve));

    let client = Client::builder().url(url).build()?;
    // As `sha256sum` prints it: the checksum, two spaces, the name.
    let published = client.get("large.bin.sha256").send()?.error_for_status()?;
    let expected = published.text().split_whitespace().next().unwrap_or_default().to_owned();

    let mut response = client.get("large.bin").stream()?.error_for_status()?;
    let mut file = Hashing { writer: Vec::new(), hash: Sha256::new() }; // a real program writes to a File
    let length = response.copy_to(&mut file)?;
    let checksum = hex(&file.hash.finalize());
    println!("{length} bytes, SHA-256 {checksum}");
    assert_eq!(checksum, expected);
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Answers each request on one connection.
fn serve(mut stream: TcpStream) -> io::Result<()> {
    let large: Vec<u8> = (0..1 << 20).map(|i: u32| (i % 251) as u8).collect();
    let sum = format!("{}  large.bin\n", hex(&Sha256::digest(&large))).into_bytes();
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    while let Some(request_line) = lines.next().transpose()? {
        // The other lines of the head.
        while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
        let body = if request_line.contains(".sha256 ") { &sum } else { &large };
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len())?;
        stream.write_all(body)?;
    }
    Ok(())
}
