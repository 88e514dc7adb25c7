//! Cookies that outlive the program: they are saved to a file and loaded again, in the format of curl and wget.
//!
//!     cargo run --release --example saved_cookies

#![allow(clippy::print_stdout)]

mod support;

use std::path::Path;

use httpx::Client;
use httpx::cookies::{CookieJar, SessionCookies};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let site = support::http();
    let file = std::env::temp_dir().join(format!("httpx-cookies-{}.txt", std::process::id()));
    log_in(&site.url(), &file)?;
    let name = come_back(&site.url(), &file)?;
    std::fs::remove_file(&file)?;
    println!("the server knows us as {name}");
    assert_eq!(name, "sid=31d4d96e");
    Ok(())
}

/// The first run of a program.
fn log_in(url: &str, file: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder().url(url).build()?;
    client.get("/login").send()?.error_for_status()?;
    // The site's cookie has no expiry, so it belongs to the session; it is saved only if that is asked for.
    client.cookies().save_file(file, SessionCookies::Include)?;
    Ok(())
}

/// A later run.
fn come_back(url: &str, file: &Path) -> Result<String, Box<dyn std::error::Error>> {
    let jar = CookieJar::new();
    println!("{} cookie loaded", jar.load_file(file)?);
    let client = Client::builder().url(url).cookie_jar(jar).build()?;
    Ok(client.get("/me").send()?.text().into_owned())
}
