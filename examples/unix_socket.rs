//! Requests over a Unix socket, as those to Docker. The server is part of the example.
//!
//!     cargo run --release --example unix_socket

#![allow(clippy::print_stdout)]

#[cfg(unix)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::temp_dir().join(format!("httpx-example-{}", std::process::id()));
    std::fs::create_dir(&folder)?;
    let result = run(&folder.join("server.sock"));
    std::fs::remove_dir_all(&folder)?;
    result
}

#[cfg(unix)]
fn run(path: &std::path::Path) -> Result<(), Box<dyn std::error::Error>> {
    let server = std::os::unix::net::UnixListener::bind(path)?;
    std::thread::spawn(move || server.incoming().flatten().try_for_each(serve));

    // Every request of this client goes to the socket. The host of its URLs is for the Host header alone.
    let client = httpx::Client::builder().unix_socket(path).url("http://localhost/v1/").build()?;
    let r = client.get("version").send()?;
    println!("{r:?} {}", r.text());
    assert_eq!(r.text(), "GET /v1/version HTTP/1.1");

    // One request of another client.
    let r = httpx::get("http://example.com/version").unix_socket(path).send()?;
    println!("{r:?} {}", r.text());
    assert_eq!(r.text(), "GET /version HTTP/1.1");
    Ok(())
}

/// Answers one request with its first line.
#[cfg(unix)]
fn serve(mut socket: std::os::unix::net::UnixStream) -> std::io::Result<()> {
    use std::io::{BufRead, BufReader, Write};

    let mut lines = BufReader::new(socket.try_clone()?).lines();
    let first = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
    write!(socket, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{first}", first.len())
}

#[cfg(not(unix))]
fn main() {
    println!("this system has no Unix sockets");
}
