//! Roots that the environment names are read while the runtime continues. The environment belongs to a process, so the
//! client runs in a child process. The parent is its server, and provides the roots through a pipe, late.
// The pipe needs a name in the file system, as `/dev/stdin` is.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests are tests

mod support;

use std::env;
use std::future::{Future, poll_fn};
use std::io::{self, Read, Write};
use std::pin::pin;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;

use httpx_core::Request;
use httpx_core::ahttpx::Transport;
use httpx_pool::Destination;
use httpx_pool::ahttpx::{Connecting, ConnectionPool, NetworkBackend, TcpBackend};
use support::tls::Authority;
use support::{OK, PATIENCE, serve};

/// Set in the child: where to send a request.
const URL: &str = "HTTPX_TEST_URL";

/// The line that the child prints, past the test harness, when its runtime continues.
const FREE: &[u8] = b"\nthe runtime is free\n";

#[test]
fn the_runtime_continues_while_roots_are_read() {
    if let Ok(url) = env::var(URL) {
        return child(&url);
    }
    let authority = Authority::new(&[&rustls::version::TLS13]);
    let server = authority.serve(std::iter::repeat(serve(OK)));
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "the_runtime_continues_while_roots_are_read"])
        .env(URL, server.url())
        .env("SSL_CERT_FILE", "/dev/stdin")
        .env_remove("SSL_CERT_DIR")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut roots, mut says) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let (free, is_free) = mpsc::channel();
    let listener = thread::spawn(move || {
        let (mut said, mut buf) = (Vec::new(), [0; 1024]);
        while let Ok(n @ 1..) = says.read(&mut buf) {
            said.extend_from_slice(&buf[..n]);
            if said.windows(FREE.len()).any(|window| window == FREE) {
                let _ = free.send(());
            }
        }
        String::from_utf8_lossy(&said).into_owned()
    });
    // The roots are written after this event, or after a time that only a failure takes.
    let in_time = is_free.recv_timeout(PATIENCE);
    roots.write_all(authority.pem.as_bytes()).unwrap();
    drop(roots);
    let status = child.wait().unwrap();
    let said = listener.join().unwrap();
    assert!(status.success(), "{said}");
    assert!(in_time.is_ok(), "reading the roots held the runtime up");
}

/// Reports when its network is connected. The handshake comes next.
#[derive(Debug, Clone, Default)]
struct Connected(Arc<AtomicBool>);

impl NetworkBackend for Connected {
    fn connect<'a>(&'a self, to: &'a Destination<'a>) -> Connecting<'a> {
        Box::pin(async move {
            let stream = TcpBackend::new().connect(to).await;
            self.0.store(true, Ordering::Relaxed);
            stream
        })
    }
}

fn child(url: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let connected = Connected::default();
    let pool = ConnectionPool::builder().backend(connected.clone()).build();
    let text = runtime.block_on(async {
        let mut call = pin!(async { pool.send(Request::new("GET", url)?).await?.read_body().await });
        let mut said = false;
        let response = poll_fn(|cx| {
            let polled = call.as_mut().poll(cx);
            // The roots have not been written, and the poll that needs them has returned.
            if polled.is_pending() && connected.0.load(Ordering::Relaxed) && !said {
                said = true;
                io::stdout().write_all(FREE).unwrap();
                io::stdout().flush().unwrap();
            }
            polled
        });
        response.await.unwrap().text().into_owned()
    });
    assert_eq!(text, "hello");
}
