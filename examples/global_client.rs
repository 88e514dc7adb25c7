//! One client for the whole program, used by eight threads at once.
//!
//!     cargo run --release --example global_client

#![allow(clippy::print_stdout, clippy::expect_used)]

mod support;

use std::sync::LazyLock;
use std::thread;

use httpx::{Client, Result};

// A client keeps cookies, and all its requests share them. One that serves several users must not.
static CLIENT: LazyLock<Client> =
    LazyLock::new(|| Client::builder().no_cookies().build().expect("the settings agree"));

fn main() -> Result<()> {
    let server = support::http();
    let url = server.url();
    println!("{:?}", *CLIENT);
    thread::scope(|scope| {
        let threads = [(); 8].map(|()| scope.spawn(|| fetch(&url)));
        threads.into_iter().try_for_each(|thread| thread.join().expect("the thread does not panic"))
    })?;
    println!("{:?}", *CLIENT); // as many connections as were in use at once

    CLIENT.close();
    println!("{:?}", *CLIENT);
    assert_eq!(format!("{:?}", *CLIENT), "<Client [0 active]>");
    Ok(())
}

fn fetch(url: &str) -> Result<()> {
    for _ in 0..100 {
        let r = CLIENT.get(url).send()?.error_for_status()?;
        assert_eq!(r.text(), "<h1>Hello, world</h1>");
    }
    Ok(())
}
