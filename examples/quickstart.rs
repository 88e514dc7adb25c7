//! A tour of the library. It runs each line that it shows, and checks what the line prints.
//!
//!     cargo run --release --example quickstart
//!     cargo run --release --example quickstart -- https://www.example.com
//!
//! Without a URL it talks to its own small servers on loopback; with a URL it fetches that page.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

mod support;

use std::error::Error;
use std::io::{self, Read};
use std::time::Duration;

use httpx::tls::TlsConfig;
use httpx::{Body, Bytes, Client, ConnectionPool, Request, Response, Text, Transport};
use serde::{Deserialize, Serialize};

type Result<T = (), E = Box<dyn Error>> = std::result::Result<T, E>;

fn main() -> Result {
    match std::env::args().nth(1) {
        Some(url) => fetch(&url),
        None => tour(),
    }
}

fn fetch(url: &str) -> Result {
    let r = httpx::get(url).send()?;
    println!("{r:?}");
    for (name, value) in r.headers() {
        println!("{name}: {value}");
    }
    println!();
    r.text().lines().take(10).for_each(|line| println!("{line}"));
    Ok(())
}

fn tour() -> Result {
    let (http, other, https) = (support::http(), support::http(), support::https());
    client(&http.url(), &other.url())?;
    base_url(&http.url())?;
    headers(&http.url())?;
    sending(&http.url())?;
    json(&http.url())?;
    streaming(&http.url())?;
    redirects(&http.url())?;
    cookies(&http.url())?;
    gzip(&http.url())?;
    tls(&https.url(), https.root())?;
    mock_transport()?;
    errors(&http.url())?;
    println!("\nEach line printed what was expected.");
    Ok(())
}

/// Shows a line of code and runs it.
macro_rules! run {
    ($($code:tt)*) => {
        println!("  > {};", stringify!($($code)*));
        $($code)*;
    };
}

/// Shows a line that prints, and fails if it prints something else than expected.
macro_rules! prints {
    (($($format:tt)*) => $expected:expr) => {
        println!("  > println!({});", stringify!($($format)*));
        let printed = format!($($format)*);
        println!("    {printed}");
        assert_eq!(printed, $expected, "line {} of the tour printed something else", line!());
    };
}

fn client(url: &str, other: &str) -> Result {
    println!("A client is a handle to a pool of connections, and all threads can share it");
    run!(let client = Client::new());
    prints!(("{client:?}") => "<Client [0 active]>");
    run!(let r = client.get(url).send()?);
    prints!(("{r:?} {}", r.text()) => "<Response [200 OK]> <h1>Hello, world</h1>");
    run!(let r = client.get(other).send()?);
    prints!(("{r:?} {client:?}") => "<Response [200 OK]> <Client [0 active, 2 idle]>");
    run!(client.close());
    prints!(("{client:?}") => "<Client [0 active]>");
    prints!(("{:?}", client.get(url).send().unwrap_err().kind()) => "Closed");
    Ok(())
}

fn base_url(url: &str) -> Result {
    println!("\nA base URL");
    run!(let client = Client::builder().url(url).build()?);
    run!(let r = client.get("/json").send()?);
    prints!(("{r:?} {}", r.text()) => r#"<Response [200 OK]> {"title": "Slides", "pages": 3}"#);
    run!(let r = client.get("/query").params([("q", "a b"), ("page", "2")]).send()?);
    prints!(("{}", r.text()) => "q=a+b&page=2");
    Ok(())
}

fn headers(url: &str) -> Result {
    println!("\nHeaders for each request, and for one");
    run!(let headers = [("User-Agent", "dev"), ("Accept-Encoding", "gzip")]);
    run!(let client = Client::builder().url(url).headers(headers).build()?);
    prints!(("{}", client.get("/agent").send()?.text()) => "dev");
    prints!(("{}", client.get("/agent").header("User-Agent", "me").send()?.text()) => "me");
    Ok(())
}

fn sending(url: &str) -> Result {
    println!("\nOther methods and forms");
    let client = Client::builder().url(url).build()?;
    run!(let r = client.post("/echo").form([("name", "Ann"), ("age", "42")]).send()?);
    prints!(("{}", r.text()) => "name=Ann&age=42");
    prints!(("{}", client.put("/echo").content(Text("some text")).send()?.text()) => "some text");
    prints!(("{:?}", client.delete("/echo").send()?) => "<Response [200 OK]>");
    prints!(("{:?}", client.request("POST", "/nowhere").send()?) => "<Response [404 Not Found]>");
    Ok(())
}

#[derive(Debug, Serialize)]
struct NewNote {
    title: &'static str,
}

#[derive(Debug, Deserialize)]
struct Note {
    id: u64,
    title: String,
}

fn json(url: &str) -> Result {
    println!("\nJSON with serde's types, in both directions");
    let client = Client::builder().url(url).build()?;
    run!(let note = NewNote { title: "Sleep" });
    run!(let r = client.post("/v1/notes").json(&note).send()?.error_for_status()?);
    run!(let note: Note = r.json()?);
    prints!(("{r:?} {} {:?}", note.id, note.title) => r#"<Response [201 Created]> 4 "Sleep""#);
    Ok(())
}

fn streaming(url: &str) -> Result {
    println!("\nStreaming: a response implements Read, and a body can be made from a reader");
    let client = Client::builder().url(url).build()?;
    run!(let mut r = client.get("/large").stream()?);
    prints!(("{r:?} {client:?}") => "<Response [200 OK]> <Client [1 active]>");
    prints!(("{} bytes", io::copy(&mut r, &mut io::sink())?) => "10000000 bytes");
    prints!(("{client:?}") => "<Client [0 active, 1 idle]>");
    run!(let upload = Body::from_reader(io::repeat(b'x').take(1 << 20)));
    prints!(("{} bytes back", client.post("/echo").body(upload).send()?.bytes().len()) => "1048576 bytes back");
    Ok(())
}

fn redirects(url: &str) -> Result {
    println!("\nRedirects are followed");
    let client = Client::builder().url(url).build()?;
    run!(let r = client.get("/old").send()?);
    prints!(("{r:?} after {} redirects", r.history().len()) => "<Response [200 OK]> after 2 redirects");
    prints!(("{:?}", client.get("/old").max_redirects(0).send()?) => "<Response [302 Found]>");
    Ok(())
}

fn cookies(url: &str) -> Result {
    println!("\nCookies are stored and sent back");
    let client = Client::builder().url(url).build()?;
    prints!(("{}", client.get("/me").send()?.text()) => "a stranger");
    run!(client.get("/login").send()?);
    prints!(("{}", client.get("/me").send()?.text()) => "sid=31d4d96e");
    Ok(())
}

fn gzip(url: &str) -> Result {
    println!("\nCompressed responses are decoded");
    let client = Client::builder().url(url).build()?;
    prints!(("{} bytes", client.get("/gzip").send()?.bytes().len()) => "3000 bytes");
    run!(let raw = client.get("/gzip").decompress(false).send()?);
    prints!(("{:?}", raw.headers().get("content-encoding")) => r#"Some("gzip")"#);
    prints!(("{:02x?}", &raw.bytes()[..2]) => "[1f, 8b]");
    Ok(())
}

fn tls(url: &str, root: &str) -> Result {
    println!("\nTLS and pool settings: here one more trusted authority");
    run!(let tls = TlsConfig::builder().root(root).build()?);
    run!(let client = Client::builder().url(url).tls(tls.clone()).max_connections(20).build()?);
    prints!(("{}", client.get("/").send()?.text()) => "<h1>Hello, world</h1>");
    println!("\n  The same with a pool of its own, which several clients can share");
    run!(let pool = ConnectionPool::builder().tls(tls).max_connections(20).build());
    run!(let client = Client::builder().url(url).transport(pool.clone()).build()?);
    prints!(("{}", client.get("/").send()?.text()) => "<h1>Hello, world</h1>");
    prints!(("{client:?} {pool:?}") => "<Client [0 active, 1 idle]> <ConnectionPool [0 active, 1 idle]>");
    Ok(())
}

struct MockTransport(Response<Bytes>);

impl Transport for MockTransport {
    fn send(&self, _request: Request) -> httpx::Result<Response<Body>> {
        Ok(self.0.clone().into())
    }
}

fn mock_transport() -> Result {
    println!("\nA transport without a network");
    run!(let mock = MockTransport(Response::new(200, Text("Hello, mock"))?));
    run!(let client = Client::builder().transport(mock).build()?);
    prints!(("{client:?} {}", client.get("https://www.example.com").send()?.text()) => "<Client> Hello, mock");
    Ok(())
}

fn errors(url: &str) -> Result {
    println!("\nErrors say what was attempted and what to do");
    let client = Client::builder().url(url).timeout(Duration::from_secs(5)).build()?;
    run!(let error = client.get("/nowhere").send()?.error_for_status().unwrap_err());
    prints!(("{error}") => format!("GET {url}nowhere: the server answered 404 Not Found"));
    run!(let error = httpx::get("http://127.0.0.1:1/").send().unwrap_err());
    prints!(("{:?} {}", error.kind(), error.is_connect()) => "Connect true");
    println!("    {error:#}");
    Ok(())
}
