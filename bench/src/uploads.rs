//! Uploads of both flavours, plain and over TLS, whole and streamed. `scripts/cost.sh` watches how they are sent.

use std::fs;
use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;

use httpx::tls::TlsConfig;
use httpx::tls::rustls::pki_types::pem::PemObject;
use httpx::tls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use httpx::tls::rustls::{ServerConfig, ServerConnection, StreamOwned};
use httpx::{Body, Client, ahttpx};
use httpx_bench::Result;
use tokio::runtime::Builder;

use crate::server;

/// The length of an upload: more bytes than one write takes.
const LENGTH: usize = 8 << 20;

/// Prints the port, and serves over TLS until the process is killed. A server without tickets resumes no session.
pub(crate) fn serve(certificate: &str, key: &str, tickets: usize) -> Result<()> {
    let chain = vec![CertificateDer::from_pem_file(certificate)?];
    let mut config =
        ServerConfig::builder_with_provider(Arc::new(httpx::tls::rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, PrivateKeyDer::from_pem_file(key)?)?;
    config.send_tls13_tickets = tickets;
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?.port());
    for stream in listener.incoming() {
        let session = ServerConnection::new(Arc::clone(&config))?;
        let stream = stream?;
        stream.set_nodelay(true)?;
        let stream = StreamOwned::new(session, stream);
        thread::spawn(move || server::answer_all(stream));
    }
    Ok(())
}

/// Answers uploads. The bytes `begun` have been received already.
pub(crate) fn answer(mut stream: impl Read + Write, begun: &[u8]) -> io::Result<()> {
    let mut request = begun.to_vec();
    let mut buf = vec![0; 1 << 20];
    loop {
        while !is_whole(&request) {
            match stream.read(&mut buf)? {
                0 => return Ok(()),
                n => request.extend_from_slice(&buf[..n]),
            }
        }
        request.clear();
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")?;
        stream.flush()?;
    }
}

fn is_whole(request: &[u8]) -> bool {
    let request = String::from_utf8_lossy(request);
    let Some((head, body)) = request.split_once("\r\n\r\n") else { return false };
    let head = head.to_ascii_lowercase();
    match head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok()) {
        Some(length) => body.len() >= length,
        None => body.ends_with("\r\n0\r\n\r\n"),
    }
}

/// Uploads in each way: whole, and streamed.
pub(crate) fn run(flavour: &str, url: &str, certificate: &str) -> Result<()> {
    let tls = TlsConfig::builder().root(fs::read(certificate)?).build()?;
    match flavour {
        "blocking" => blocking(url, tls)?,
        "async" => Builder::new_current_thread().enable_all().build()?.block_on(with_tokio(url, tls))?,
        _ => return Err(format!("no such flavour: {flavour}").into()),
    }
    Ok(())
}

fn blocking(url: &str, tls: TlsConfig) -> httpx::Result<()> {
    let client = Client::builder().tls(tls).build()?;
    client.post(url).body(vec![b'x'; LENGTH]).send()?.error_for_status()?;
    let reader = io::repeat(b'x').take(LENGTH as u64);
    client.post(url).body(Body::from_reader(reader)).send()?.error_for_status()?;
    Ok(())
}

async fn with_tokio(url: &str, tls: TlsConfig) -> httpx::Result<()> {
    let client = ahttpx::Client::builder().tls(tls).build()?;
    client.post(url).body(vec![b'x'; LENGTH]).send().await?.error_for_status()?;
    let reader = tokio::io::AsyncReadExt::take(tokio::io::repeat(b'x'), LENGTH as u64);
    client.post(url).body(ahttpx::Body::from_reader(reader)).send().await?.error_for_status()?;
    Ok(())
}
