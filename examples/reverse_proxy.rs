//! A reverse proxy: a server of `hyper` that forwards each request through this client, and streams both bodies. The origin
//! and a user agent that checks the proxy are part of the example.
//!
//!     cargo run --release --features tower --example reverse_proxy

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use http::header::{CONNECTION, CONTENT_LENGTH, EXPECT, HOST, HeaderMap, HeaderName, HeaderValue, VIA};
use http::{Method, Request, Response, StatusCode, Uri, Version};
use httpx::ahttpx::{Body, Bytes, Client, Error, Headers};
use httpx::{ErrorKind, headers};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tower_service::Service;

type Result<T, E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;

#[tokio::main]
async fn main() -> Result<()> {
    let origin = listen(|_, request| answer(request)).await?;
    let proxy = Arc::new(Proxy::new(origin)?);
    let proxy = listen(move |peer, request| Arc::clone(&proxy).forward(peer, request)).await?;
    check(proxy).await?;

    let closed = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
    let proxy = Arc::new(Proxy::new(closed)?);
    let proxy = listen(move |peer, request| Arc::clone(&proxy).forward(peer, request)).await?;
    let client = Client::builder().no_proxy().build()?;
    assert_eq!(client.get(format!("http://{proxy}/")).send().await?.status(), 502);
    Ok(())
}

// ---- the proxy

struct Proxy {
    client: Client,
    origin: SocketAddr,
}

impl Proxy {
    /// A client that leaves requests and responses as they are.
    fn new(origin: SocketAddr) -> Result<Self> {
        let client = Client::builder()
            .headers(Headers::new()) // adds no default headers
            .decompress(false)
            .max_redirects(0)
            .no_cookies()
            .no_proxy()
            .head_timeout(Duration::from_secs(1)) // for the check below: the default is 30 s
            .build()?;
        Ok(Proxy { client, origin })
    }

    async fn forward(self: Arc<Self>, peer: SocketAddr, request: Request<Incoming>) -> Response<Body> {
        let (method, target) = (request.method().clone(), request.uri().clone());
        let Some(request) = self.forwarded(peer, request) else { return status(StatusCode::NOT_IMPLEMENTED) };
        match (&self.client).call(request).await {
            Ok(mut response) => {
                remove_hop_by_hop(response.headers_mut());
                *response.version_mut() = Version::HTTP_11; // the version of the proxy, not of the origin
                response.headers_mut().append(VIA, HeaderValue::from_static("1.1 reverse_proxy"));
                response
            }
            Err(error) => {
                eprintln!("{method} {target}: {error}");
                status(status_of(&error))
            }
        }
    }

    /// Returns the request for the origin; `None` for a request without a path, such as CONNECT.
    fn forwarded(&self, peer: SocketAddr, mut request: Request<Incoming>) -> Option<Request<Incoming>> {
        if request.method() == Method::CONNECT {
            return None;
        }
        let path = request.uri().path_and_query().filter(|path| path.path().starts_with('/'))?.clone();
        let uri = Uri::builder().scheme("http").authority(self.origin.to_string()).path_and_query(path);
        *request.uri_mut() = uri.build().ok()?;

        let headers = request.headers_mut();
        remove_hop_by_hop(headers);
        // The server answers `Expect` itself, and the client computes the length from the body.
        headers.remove(EXPECT);
        headers.remove(CONTENT_LENGTH);
        // The values of the user agent cannot be trusted. Behind another proxy, append to the values of that proxy.
        headers.remove("forwarded");
        let host = headers.remove(HOST).unwrap_or_else(|| HeaderValue::from_static(""));
        headers.insert("x-forwarded-host", host);
        headers.insert("x-forwarded-for", peer.ip().to_string().parse().ok()?);
        headers.insert("x-forwarded-proto", HeaderValue::from_static("http"));
        headers.append(VIA, HeaderValue::from_static("1.1 reverse_proxy"));
        Some(request)
    }
}

/// Removes the fields that are for one connection only (RFC 9110 §7.6.1). `Trailer` stays: the trailers are forwarded.
fn remove_hop_by_hop(headers: &mut HeaderMap) {
    let mut names = ["proxy-connection", "keep-alive", "te", "transfer-encoding", "upgrade"]
        .map(HeaderName::from_static)
        .to_vec();
    for value in headers.get_all(CONNECTION) {
        let listed = value.as_bytes().split(|&byte| byte == b',').map(<[u8]>::trim_ascii);
        names.extend(listed.filter_map(|name| HeaderName::from_bytes(name).ok()));
    }
    names.push(CONNECTION);
    for name in names {
        headers.remove(name);
    }
}

/// Returns the status for an error before the head of the response. A later error cuts the response.
fn status_of(error: &Error) -> StatusCode {
    match error.kind() {
        ErrorKind::Timeout(_) => StatusCode::GATEWAY_TIMEOUT,
        // The user agent did not send its body to the end.
        ErrorKind::Body => StatusCode::BAD_REQUEST,
        _ => StatusCode::BAD_GATEWAY,
    }
}

fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

// ---- any server

/// Serves on a free port of loopback, and returns its address.
async fn listen<F, A>(answer: F) -> Result<SocketAddr>
where
    F: Fn(SocketAddr, Request<Incoming>) -> A + Clone + Send + 'static,
    A: Future<Output = Response<Body>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((socket, peer)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                let service = service_fn(move |request| {
                    let response = answer(peer, request);
                    async move { Ok::<_, Infallible>(response.await) }
                });
                if let Err(error) =
                    http1::Builder::new().serve_connection(TokioIo::new(socket), service).await
                {
                    eprintln!("the connection of {peer}: {error}");
                }
            });
        }
    });
    Ok(address)
}

// ---- the origin

const LARGE: usize = 64 << 20;

async fn answer(request: Request<Incoming>) -> Response<Body> {
    match request.uri().path() {
        "/download" => Response::new(large()),
        // The length of what was uploaded.
        "/upload" => {
            let mut body = Body::from_http_body(request.into_body());
            let mut length = 0;
            while let Ok(Some(chunk)) = body.chunk().await {
                length += chunk.len();
            }
            Response::new(length.to_string().into())
        }
        // The body comes back while it arrives.
        "/echo" => Response::new(Body::from_http_body(request.into_body())),
        "/headers" => {
            let lines = request.headers().iter().map(|(name, value)| format!("{name}: {value:?}\n"));
            let mut response = Response::new(lines.collect::<String>().into());
            response.headers_mut().insert("x-hop", HeaderValue::from_static("1"));
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("x-hop"));
            response
        }
        "/redirect" => {
            let mut response = status(StatusCode::FOUND);
            response.headers_mut().insert("location", HeaderValue::from_static("/elsewhere"));
            response
        }
        "/slow" => std::future::pending().await,
        // Half a body.
        "/broken" => {
            let half = stream::once(async { Ok(Bytes::from("half")) });
            let failure = stream::once(async {
                tokio::task::yield_now().await; // the server sends what it has
                Err("the disk is gone")
            });
            Response::new(Body::from_stream(half.chain(failure)))
        }
        _ => status(StatusCode::NOT_FOUND),
    }
}

/// A long body of unknown length, which is made while it is sent.
fn large() -> Body {
    let piece = Bytes::from(vec![b'x'; 64 << 10]);
    let pieces = stream::repeat(piece).take(LARGE / (64 << 10));
    Body::from_stream(pieces.map(Ok::<_, Infallible>))
}

// ---- the user agent

async fn check(proxy: SocketAddr) -> Result<()> {
    let client = Client::builder().url(format!("http://{proxy}")).no_proxy().max_redirects(0).build()?;

    let mut download = client.get("/download").stream().await?;
    let mut length = 0;
    while let Some(chunk) = download.chunk().await? {
        assert!(chunk.iter().all(|&byte| byte == b'x'));
        length += chunk.len();
    }
    println!("download: {length} bytes");
    assert_eq!(length, LARGE);

    for body in [large(), Body::from(vec![0; LARGE])] {
        let response = client.put("/upload").body(body).send().await?;
        println!("upload: {} bytes", response.text());
        assert_eq!(response.text(), LARGE.to_string());
    }
    echo(&client).await?;

    let sent = headers![
        ("Connection", "x-secret"),
        ("X-Secret", "1"),
        ("X-Kept", "1"),
        ("X-Forwarded-For", "1.2.3.4")
    ];
    let response = client.get("/headers").headers(sent).send().await?;
    println!("{}", response.text());
    let text = response.text().into_owned();
    for line in ["x-kept: \"1\"", "x-forwarded-for: \"127.0.0.1\"", "via: \"1.1 reverse_proxy\""] {
        assert!(text.contains(line), "{line}");
    }
    assert!(text.contains(&format!("x-forwarded-host: \"{proxy}\"")) && !text.contains("x-secret"));
    assert!(!response.headers().contains("X-Hop") && response.headers().contains("Via"));

    // The length stays although there is no body.
    assert!(client.head("/headers").send().await?.content_length() > Some(0));

    for (path, expected) in [("/redirect", 302), ("/missing", 404), ("/slow", 504)] {
        assert_eq!(client.get(path).send().await?.status(), expected);
    }
    // Either a 502, or a response that is cut: never a complete but shorter one.
    match client.get("/broken").send().await {
        Ok(response) => assert_eq!(response.status(), 502),
        Err(error) => println!("{error}"),
    }
    Ok(())
}

/// Sends each piece only after the one before has come back: nothing in between waits for the end of a body.
async fn echo(client: &Client) -> Result<()> {
    let (sender, mut receiver) = mpsc::channel::<Bytes>(1);
    let pieces = stream::poll_fn(move |cx| receiver.poll_recv(cx)).map(Ok::<_, Infallible>);
    sender.send("0".into()).await?;
    let mut response = client.put("/echo").body(Body::from_stream(pieces)).stream().await?;
    for round in 1..=3 {
        println!("echo: {:?}", response.chunk().await?);
        sender.send(round.to_string().into()).await?;
    }
    drop(sender);
    let rest = response.read_body().await?;
    assert_eq!(rest.text(), "3");
    Ok(())
}
