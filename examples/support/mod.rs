//! A small site for the examples, on loopback and on a free port, so that each example runs by itself.
//!
//! Read the examples first; this is only the server that they talk to.

// Each example uses a part of it; a server that cannot go on panics.
#![allow(dead_code, unreachable_pub, clippy::expect_used)]

mod site;

use httpx_testing::tls::{Authority, SelfSigned};
pub use httpx_testing::{Reply, Seen, Server};

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

/// The site over https, with a certificate of a test authority: see [`Site::root`].
pub fn https() -> Site {
    let authority = Authority::new();
    Site { server: Server::tls(authority.server("localhost"), site::answer), root: authority.pem() }
}

/// The site over https, with a self-signed certificate.
pub fn https_self_signed() -> Site {
    let SelfSigned { server, pem, .. } = SelfSigned::any_version("localhost");
    Site { server: Server::tls(server, site::answer), root: pem }
}

/// A server that answers each request with this function, over http.
pub fn serve(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Site {
    Site { server: Server::new(answer), root: String::new() }
}

/// The site over https for clients with a certificate of its authority, and such a certificate with its key, in PEM.
pub fn https_for_known_clients() -> (Site, String, String) {
    let authority = Authority::new();
    let (certificate, key) = authority.client("ann");
    let server = Server::tls(authority.server_for_known("localhost"), site::answer);
    (Site { server, root: authority.pem() }, certificate, key)
}
