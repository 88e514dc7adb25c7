//! A small site for the examples, on loopback and on a free port, so that each example runs by itself.
//!
//! Read the examples first; this is only the server that they talk to.

// Each example uses a part of it; a server that cannot go on panics.
#![allow(dead_code, unreachable_pub, clippy::expect_used)]

mod site;

use httpx_testing::Server;
use httpx_testing::tls::{Authority, SelfSigned};

/// The running site.
pub struct Site {
    server: Server,
    root: String,
}

impl Site {
    /// Its base URL: `http://127.0.0.1:40321/`.
    pub fn url(&self) -> String {
        self.server.url("/")
    }

    /// The certificate that a client must trust, in PEM.
    pub fn root(&self) -> &str {
        &self.root
    }
}

/// The site over http.
pub fn http() -> Site {
    Site { server: Server::new(site::answer), root: String::new() }
}

/// The site over https, with a certificate of its own authority: see [`Site::root`].
pub fn https() -> Site {
    let authority = Authority::new();
    Site { server: Server::tls(authority.server("localhost"), site::answer), root: authority.pem() }
}

/// The site over https, with a self-signed certificate.
pub fn https_self_signed() -> Site {
    let SelfSigned { server, pem } = SelfSigned::any_version("localhost");
    Site { server: Server::tls(server, site::answer), root: pem }
}
