//! Prints whether `NoProxy` matches, for `scripts/no_proxy.py`, which asks curl the same.
//!
//! Each line of the input is a list, a tab, and a URL. Each line of the output is `direct` or `proxy`.

#![allow(clippy::print_stdout)]

use std::error::Error;
use std::io;

use httpx_core::Url;
use httpx_pool::NoProxy;

fn main() -> Result<(), Box<dyn Error>> {
    for line in io::stdin().lines() {
        let line = line?;
        let (list, url) = line.rsplit_once('\t').ok_or("a line without a tab")?;
        let url = Url::parse(url)?;
        let host = url.host().ok_or("a URL without a host")?;
        let port = url.port_or_default().ok_or("a URL without a port")?;
        println!("{}", if NoProxy::parse(list).matches(host, port) { "direct" } else { "proxy" });
    }
    Ok(())
}
