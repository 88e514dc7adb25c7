//! The async client alone: futures that are dropped or sent to other threads, and a client that runtimes share.
//! The other files test both clients.
#![cfg(all(feature = "async", feature = "tls", feature = "gzip"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)] // helpers of tests are tests

mod support;

use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::path::Path;
use std::pin::Pin;
use std::sync::{LazyLock, Mutex};
use std::task::Poll;

use futures_util::{StreamExt, stream};
use httpx::ahttpx::network::DynTransport;
use httpx::ahttpx::{
    self, Body, Client, ConnectionPool, Error, ErrorKind, Request, Response, Result, Transport,
};
use httpx::models::{Multipart, Part};
use httpx_testing::PATIENCE;
use httpx_testing::give_up::{Dropped, polled};
use support::encode::gzip;
use support::flavour::RUNTIME;
use support::tls::{Authority, Trusting};
use support::{Reply, Server};
use tokio::fs::File;
use tokio::io::AsyncReadExt;

fn is_send<T: Send + 'static>(value: T) -> T {
    value
}

fn is_send_and_sync<T: Send + Sync + 'static>() {}

#[tokio::test]
async fn awaiting_a_builder_sends_it() {
    let server = Server::fine();
    let client = Client::new();
    let get = is_send(client.get(server.url("/")).into_future());
    assert_eq!(get.await.unwrap().status(), 200);
    assert_eq!(client.get(server.url("/")).await.unwrap().status(), 200);
}

#[tokio::test]
async fn types_are_send_and_sync() {
    is_send_and_sync::<Box<dyn DynTransport>>();
    let server = Server::fine();
    let cli = Client::new();
    let send = is_send(cli.get(server.url("/")).send());
    println!("a call of the client takes {} bytes", size_of_val(&send));
    assert_eq!(send.await.unwrap().status(), 200);
    let streamed = is_send(cli.get(server.url("/")).stream());
    let response = is_send(streamed.await.unwrap());
    is_send(response.read_body()).await.unwrap();
    let (_, body) = is_send(cli.get(server.url("/")).stream().await.unwrap()).into_parts();
    is_send(body.into_bytes()).await.unwrap();
    let mut reading = cli.get(server.url("/")).stream().await.unwrap();
    tokio::spawn(async move { reading.read_to_end(&mut Vec::new()).await }).await.unwrap().unwrap();
    is_send(ahttpx::get(server.url("/")).send()).await.unwrap();
    let other = cli.clone();
    is_send(async move { other.close().await }).await;
}

/// A download to a file and an upload from a file run at once on a runtime of one thread: tokio's other threads read
/// and write the files.
#[tokio::test]
async fn files() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let [from, to] = ["upload", "download"].map(|name| folder.join(format!("ahttpx_{name}")));
    let text = "so much to tell ".repeat(100_000);
    tokio::fs::write(&from, &text).await.unwrap();
    let server = Server::routes([("/large", Reply::ok(&text))]);
    let cli = Client::new();

    let upload = async {
        let file = File::open(&from).await?;
        let length = file.metadata().await?.len();
        cli.put(server.url("/")).body(Body::from_sized_reader(file, length)).send().await?;
        let file = File::open(&from).await?;
        cli.put(server.url("/")).body(Body::from_reader(file)).send().await?.error_for_status()
    };
    let download = async {
        let mut response = cli.get(server.url("/large")).stream().await?.error_for_status()?;
        Ok(tokio::io::copy(&mut response, &mut File::create(&to).await?).await?)
    };
    let (_, copied) = tokio::try_join!(upload, download).unwrap();
    assert_eq!(copied, text.len() as u64);
    assert!(tokio::fs::read(&to).await.unwrap() == text.as_bytes());
    let uploads: Vec<_> = server.take().into_iter().filter(|seen| seen.method() == "PUT").collect();
    let [sized, chunked] = &uploads[..] else { panic!("{} uploads", uploads.len()) };
    assert_eq!(sized.header("Content-Length").unwrap(), text.len().to_string());
    assert!(sized.body() == text.as_bytes() && chunked.content() == text.as_bytes());

    // A missing file is its own kind of error, never an error of the network.
    let error = Error::from(File::open(folder.join("no such file")).await.unwrap_err());
    assert_eq!((error.kind(), error.url()), (ErrorKind::Io, None));
}

#[tokio::test]
async fn streams_as_parts_of_a_form() {
    let server = Server::fine();
    let items = |items: [&'static str; 3]| stream::iter(items.map(|item| Ok::<_, Error>(item.into())));
    for (body, length) in [
        (Body::from_stream(items(["o", "n", "e"])), None),
        (Body::from_sized_stream(items(["o", "n", "e"]), 3), Some("3")),
    ] {
        let form = Multipart::new().part("f", Part::new(body).file_name("a.txt")).text("b", "2");
        Client::new().post(server.url("/")).multipart(form).send().await.unwrap();
        let seen = server.take_one();
        let text = String::from_utf8(seen.content()).unwrap();
        let part =
            "name=\"f\"; filename=\"a.txt\"\r\nContent-Type: application/octet-stream\r\n\r\none\r\n--";
        assert!(text.contains(part) && text.contains("name=\"b\"\r\n\r\n2\r\n--"), "{text}");
        let whole = length.map(|_| text.len().to_string());
        assert_eq!(seen.header("Content-Length"), whole);
    }
}

/// On a runtime of one thread: the writer is a task of this thread, so neither opening nor reading the FIFO may block it.
#[cfg(unix)]
#[tokio::test]
async fn a_fifo_as_a_file() {
    use tokio::io::AsyncWriteExt;

    let (server, dir) = (Server::fine(), httpx_testing::TempDir::new());
    let path = dir.path("fifo");
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    let write = async {
        let mut fifo = File::options().write(true).open(&path).await?;
        for text in ["from ", "a ", "FIFO"] {
            tokio::task::yield_now().await;
            fifo.write_all(text.as_bytes()).await?;
            fifo.flush().await?;
        }
        Ok(())
    };
    let client = Client::new();
    let send = client.put(server.url("/")).content(httpx::models::File::new(&path)).send();
    let both = tokio::time::timeout(PATIENCE, async { tokio::try_join!(send, write) });
    assert_eq!(both.await.unwrap().unwrap().0.status(), 200);
    let seen = server.take_one();
    assert_eq!(seen.header("Transfer-Encoding").unwrap(), "chunked");
    assert_eq!(seen.content(), b"from a FIFO");
}

#[cfg(feature = "json")]
#[tokio::test]
async fn lines_of_json_from_a_stream() {
    let server = Server::routes([("/away", Reply::redirect("307", "/there"))]);
    let client = Client::new();
    let values = || stream::iter([[1, 2], [3, 4]]);
    let post = |path| client.post(server.url(path)).json_lines(values());
    for (ask, content_type) in [
        (post("/"), Some("application/x-ndjson")),
        (post("/").header("Content-Type", "application/jsonl"), Some("application/jsonl")),
        (client.post(server.url("/")).body(Body::from_json_lines(values())), None),
    ] {
        ask.send().await.unwrap();
        let seen = server.take_one();
        assert_eq!(seen.header("Content-Type").as_deref(), content_type);
        assert_eq!(seen.header("Transfer-Encoding").unwrap(), "chunked");
        assert_eq!((seen.content(), seen.header("Content-Length")), (b"[1,2]\n[3,4]\n".to_vec(), None));
    }
    let error = post("/away").send().await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Redirect, 307));
    assert_eq!(server.take_one().content(), b"[1,2]\n[3,4]\n");
}

/// The response of one server becomes the body of a request to another.
#[tokio::test]
async fn from_one_server_to_another() {
    let text = "so much to tell ".repeat(10_000);
    let (from, to) = (Server::routes([("/large", Reply::ok(&text))]), Server::fine());
    let cli = Client::new();
    let mut response = cli.get(from.url("/large")).stream().await.unwrap();
    let mut length = 0;
    while let Some(chunk) = response.next().await {
        length += chunk.unwrap().len();
    }
    assert_eq!(length, text.len());

    let download = cli.get(from.url("/large")).stream().await.unwrap();
    cli.put(to.url("/copy")).body(Body::from_stream(download)).send().await.unwrap();
    assert!(to.take_one().content() == text.as_bytes());
}

fn gzipped(text: &str) -> Reply {
    Reply::full("200 OK", "Content-Encoding: gzip\r\n", gzip(text.as_bytes()))
}

/// Through redirects whose bodies are drained, cookies and gzip.
#[tokio::test]
async fn dropped_at_each_poll() {
    let text = "so much to tell ".repeat(10_000);
    let server = Server::routes([
        ("/a", Reply::full("302 Found", "Location: /b\r\nSet-Cookie: a=b\r\n", "x".repeat(60_000))),
        ("/b", Reply::full("307 Temporary Redirect", "Location: /c\r\n", "x".repeat(200_000))),
        ("/c", gzipped(&text)),
    ]);
    for n in 0.. {
        let pool = ConnectionPool::builder().max_connections(1).build();
        let cli = Client::builder().transport(pool.clone()).build().unwrap();
        if let Some(response) = polled(n, Dropped::Woken, cli.get(server.url("/a")).send()).await {
            assert_eq!(response.unwrap().text(), text);
            println!("two redirects and gzip: {n} polls");
            break;
        }
        assert_eq!(pool.counts().unwrap().active, 0, "after {n} polls");
        let good = tokio::time::timeout(PATIENCE, cli.get(server.url("/good")).send()).await;
        assert_eq!(good.unwrap().unwrap().text(), "good", "after {n} polls");
        assert_eq!(pool.counts().unwrap().idle, 1, "after {n} polls");
    }
}

/// Answers "good" while all requests of a connection come from one runtime. The path is the name of the runtime.
static SERVER: LazyLock<Server> = LazyLock::new(|| {
    let opened_by = Mutex::new(HashMap::new());
    Server::new(move |seen| {
        let name = seen.target();
        let opened_by = opened_by.lock().unwrap().entry(seen.connection).or_insert(name.clone()).clone();
        match name == opened_by {
            true => Reply::ok("good"),
            false => Reply::full("409 Conflict", "", format!("{name} came over a connection of {opened_by}")),
        }
    })
});
static CLIENT: LazyLock<Client> = LazyLock::new(Client::new);

/// POST is not sent again, so the test sees how the first connection of each call behaves.
async fn asks_twice(name: &str) {
    let url = SERVER.url(name);
    let asked = [CLIENT.post(&*url).send().await, ahttpx::post(&*url).send().await];
    for response in asked {
        assert_eq!(response.unwrap().text(), "good");
    }
}

/// One client for the whole program, and a runtime for each test, besides one that is alive all the time: an idle
/// connection is only given to a request on the runtime that opened it. The quick functions have a client, too.
macro_rules! tests_with_a_static_client {
    ($($name:ident)*) => {$(
        #[tokio::test]
        async fn $name() {
            for _ in 0..3 {
                asks_twice(concat!("/", stringify!($name))).await;
                RUNTIME.spawn(asks_twice("/elsewhere")).await.unwrap();
            }
        }
    )*};
}

tests_with_a_static_client!(s01 s02 s03 s04 s05 s06 s07 s08 s09 s10 s11 s12 s13 s14 s15 s16 s17 s18 s19 s20);

/// No task for a request or a connection: polling the calls does all the work.
#[tokio::test]
async fn no_task_is_spawned() {
    let authority = Authority::new();
    let plain = Server::routes([]);
    let secure = Server::tls(authority.server("localhost"), |_| Reply::ok("good"));
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    for server in [plain, secure] {
        let pool = ConnectionPool::builder().tls(authority.trusted()).max_connections(10).build();
        let cli = Client::builder().transport(pool.clone()).build().unwrap();
        let mut calls: Vec<_> = (0..100).map(|_| Box::pin(cli.get(server.url("/")).send())).collect();
        poll_fn(|cx| {
            calls.retain_mut(|call| match call.as_mut().poll(cx) {
                Poll::Pending => true,
                Poll::Ready(response) => {
                    assert_eq!(response.unwrap().text(), "good");
                    false
                }
            });
            // One that has been spawned in this poll has not run yet.
            assert_eq!(tasks(), 0, "{} calls are left", calls.len());
            if calls.is_empty() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        assert_eq!((server.opened(), pool.counts().unwrap().idle), (10, 10));
        assert_eq!(tasks(), 0, "for ten idle connections");
        drop((cli, pool));
        assert_eq!(tasks(), 0);
    }
    // The runtime does count.
    assert_eq!((tokio::spawn(async move { tasks() }).await.unwrap(), tasks()), (1, 0));
}

/// Client and server together.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_at_once_take_little_memory() {
    let server = Server::routes([]);
    let cli = Client::new();
    let before = resident();
    let calls: Vec<_> = (0..1_000).map(|_| tokio::spawn(cli.get(server.url("/")).send())).collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap().text(), "good");
    }
    let grown = resident().saturating_sub(before) >> 20;
    println!("{grown} MiB for {} connections", server.opened());
    assert!(grown < 64, "{grown} MiB");
}

/// Returns how much memory is in use now.
#[cfg(target_os = "linux")]
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
}

/// A user's transport with a plain `async fn` that waits, in a separate task.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transport_of_the_user() {
    struct Slow<T>(T);
    impl<T: Transport> Transport for Slow<T> {
        async fn send(&self, request: Request) -> Result<Response<Body>> {
            tokio::task::yield_now().await;
            self.0.send(request).await
        }
    }
    let server = Server::routes([]);
    let shared: std::sync::Arc<dyn DynTransport> = std::sync::Arc::new(Slow(ConnectionPool::new()));
    let cli = Client::builder().transport(Slow(shared)).build().unwrap();
    assert_eq!(format!("{cli:?}"), "<Client>");
    let url = server.url("/");
    let tasks: Vec<_> = (0..8).map(|_| tokio::spawn(cli.get(&*url).send())).collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap().text(), "good");
    }
    // Borrowed, too.
    let boxed: Pin<Box<dyn Future<Output = Result<Response<Body>>> + Send + '_>> =
        Box::pin(cli.send(Request::new("GET", &*url).unwrap()));
    assert_eq!(boxed.await.unwrap().read_body().await.unwrap().text(), "good");
}
