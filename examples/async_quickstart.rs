//! A tour of the library in the async flavour: the same names, with `.await`. It runs each line that it shows, and checks
//! what the line prints.
//!
//!     cargo run --release --example async_quickstart
//!     cargo run --release --example async_quickstart -- https://www.example.com
//!
//! Without a URL it talks to its own small servers on loopback; with a URL it fetches that page.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

mod support;

use std::error::Error;
use std::time::Duration;

use httpx::ahttpx::{self, Body, Bytes, Client, ConnectionPool, Request, Response, Text, Transport};
use httpx::tls::TlsConfig;
use serde::{Deserialize, Serialize};
use tokio::io::{self, AsyncReadExt};

type Result<T = (), E = Box<dyn Error>> = std::result::Result<T, E>;

#[tokio::main]
async fn main() -> Result {
    match std::env::args().nth(1) {
        Some(url) => fetch(&url).await,
        None => tour().await,
    }
}

async fn fetch(url: &str) -> Result {
    let r = ahttpx::get(url).send().await?;
    println!("{r:?}");
    for (name, value) in r.headers() {
        println!("{name}: {value}");
    }
    println!();
    r.text().lines().take(10).for_each(|line| println!("{line}"));
    Ok(())
}

async fn tour() -> Result {
    let (http, other, https) = (support::http(), support::http(), support::https());
    client(&http.url(), &other.url()).await?;
    base_url(&http.url()).await?;
    headers(&http.url()).await?;
    sending(&http.url()).await?;
    json(&http.url()).await?;
    streaming(&http.url()).await?;
    redirects(&http.url()).await?;
    cookies(&http.url()).await?;
    gzip(&http.url()).await?;
    tls(&https.url(), https.root()).await?;
    mock_transport().await?;
    errors(&http.url()).await?;
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

async fn client(url: &str, other: &str) -> Result {
    println!("A client is a handle to a pool of connections, for all tasks and threads");
    run!(let client = Client::new());
    prints!(("{client:?}") => "<Client [0 active]>");
    run!(let r = client.get(url).send().await?);
    prints!(("{r:?} {}", r.text()) => "<Response [200 OK]> <h1>Hello, world</h1>");
    run!(let r = client.get(other).send().await?);
    prints!(("{r:?} {client:?}") => "<Response [200 OK]> <Client [0 active, 2 idle]>");
    run!(client.close().await);
    prints!(("{client:?}") => "<Client [0 active]>");
    prints!(("{:?}", client.get(url).send().await.unwrap_err().kind()) => "Closed");
    Ok(())
}

async fn base_url(url: &str) -> Result {
    println!("\nA base URL");
    run!(let client = Client::builder().url(url).build()?);
    run!(let r = client.get("/json").send().await?);
    prints!(("{r:?} {}", r.text()) => r#"<Response [200 OK]> {"title": "Slides", "pages": 3}"#);
    run!(let r = client.get("/query").params([("q", "a b"), ("page", "2")]).send().await?);
    prints!(("{}", r.text()) => "q=a+b&page=2");
    Ok(())
}

async fn headers(url: &str) -> Result {
    println!("\nHeaders for each request, and for one");
    run!(let headers = [("User-Agent", "dev"), ("Accept-Encoding", "gzip")]);
    run!(let client = Client::builder().url(url).headers(headers).build()?);
    prints!(("{}", client.get("/agent").send().await?.text()) => "dev");
    prints!(("{}", client.get("/agent").header("User-Agent", "me").send().await?.text()) => "me");
    Ok(())
}

async fn sending(url: &str) -> Result {
    println!("\nOther methods and forms");
    let client = Client::builder().url(url).build()?;
    run!(let r = client.post("/echo").form([("name", "Ann"), ("age", "42")]).send().await?);
    prints!(("{}", r.text()) => "name=Ann&age=42");
    prints!(("{}", client.put("/echo").content(Text("some text")).send().await?.text()) => "some text");
    prints!(("{:?}", client.delete("/echo").send().await?) => "<Response [200 OK]>");
    prints!(("{:?}", client.request("POST", "/nowhere").send().await?) => "<Response [404 Not Found]>");
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

async fn json(url: &str) -> Result {
    println!("\nJSON with serde's types, in both directions");
    let client = Client::builder().url(url).build()?;
    run!(let note = NewNote { title: "Sleep" });
    run!(let r = client.post("/v1/notes").json(&note).send().await?.error_for_status()?);
    run!(let note: Note = r.json()?);
    prints!(("{r:?} {} {:?}", note.id, note.title) => r#"<Response [201 Created]> 4 "Sleep""#);
    Ok(())
}

async fn streaming(url: &str) -> Result {
    println!("\nStreaming: a response implements AsyncRead, and a body can be made from an async reader");
    let client = Client::builder().url(url).build()?;
    run!(let mut r = client.get("/large").stream().await?);
    prints!(("{r:?} {client:?}") => "<Response [200 OK]> <Client [1 active]>");
    prints!(("{} bytes", io::copy(&mut r, &mut io::sink()).await?) => "10000000 bytes");
    prints!(("{client:?}") => "<Client [0 active, 1 idle]>");
    run!(let upload = Body::from_reader(io::repeat(b'x').take(1 << 20)));
    prints!(("{} bytes back", client.post("/echo").body(upload).send().await?.bytes().len()) => "1048576 bytes back");
    Ok(())
}

async fn redirects(url: &str) -> Result {
    println!("\nRedirects are followed");
    let client = Client::builder().url(url).build()?;
    run!(let r = client.get("/old").send().await?);
    prints!(("{r:?} after {} redirects", r.history().len()) => "<Response [200 OK]> after 2 redirects");
    prints!(("{:?}", client.get("/old").max_redirects(0).send().await?) => "<Response [302 Found]>");
    Ok(())
}

async fn cookies(url: &str) -> Result {
    println!("\nCookies are stored and sent back");
    let client = Client::builder().url(url).build()?;
    prints!(("{}", client.get("/me").send().await?.text()) => "a stranger");
    run!(client.get("/login").send().await?);
    prints!(("{}", client.get("/me").send().await?.text()) => "sid=31d4d96e");
    Ok(())
}

async fn gzip(url: &str) -> Result {
    println!("\nCompressed responses are decoded");
    let client = Client::builder().url(url).build()?;
    prints!(("{} bytes", client.get("/gzip").send().await?.bytes().len()) => "3000 bytes");
    run!(let raw = client.get("/gzip").decompress(false).send().await?);
    prints!(("{:?}", raw.headers().get("content-encoding")) => r#"Some("gzip")"#);
    prints!(("{:02x?}", &raw.bytes()[..2]) => "[1f, 8b]");
    Ok(())
}

async fn tls(url: &str, root: &str) -> Result {
    println!("\nTLS and pool settings: here one more trusted authority");
    run!(let tls = TlsConfig::builder().root(root).build()?);
    run!(let client = Client::builder().url(url).tls(tls.clone()).max_connections(20).build()?);
    prints!(("{}", client.get("/").send().await?.text()) => "<h1>Hello, world</h1>");
    println!("\n  The same with a pool of its own, which several clients can share");
    run!(let pool = ConnectionPool::builder().tls(tls).max_connections(20).build());
    run!(let client = Client::builder().url(url).transport(pool.clone()).build()?);
    prints!(("{}", client.get("/").send().await?.text()) => "<h1>Hello, world</h1>");
    prints!(("{client:?} {pool:?}") => "<Client [0 active, 1 idle]> <ConnectionPool [0 active, 1 idle]>");
    Ok(())
}

struct MockTransport(Response<Bytes>);

impl Transport for MockTransport {
    async fn send(&self, _request: Request) -> ahttpx::Result<Response<Body>> {
        Ok(self.0.clone().into())
    }
}

async fn mock_transport() -> Result {
    println!("\nA transport without a network");
    run!(let mock = MockTransport(Response::new(200, Text("Hello, mock"))?));
    run!(let client = Client::builder().transport(mock).build()?);
    prints!(("{client:?} {}", client.get("https://www.example.com").send().await?.text()) => "<Client> Hello, mock");
    Ok(())
}

async fn errors(url: &str) -> Result {
    println!("\nErrors say what was attempted and what to do");
    let client = Client::builder().url(url).timeout(Duration::from_secs(5)).build()?;
    run!(let error = client.get("/nowhere").send().await?.error_for_status().unwrap_err());
    prints!(("{error}") => format!("GET {url}nowhere: the server answered 404 Not Found"));
    run!(let error = ahttpx::get("http://127.0.0.1:1/").send().await.unwrap_err());
    prints!(("{:?} {}", error.kind(), error.is_connect()) => "Connect true");
    println!("    {error:#}");
    Ok(())
}
