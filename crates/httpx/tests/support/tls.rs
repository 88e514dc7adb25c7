//! Certificates made for one test each, and the client's configuration that trusts them.

use httpx::tls::{TlsConfig, TlsConfigBuilder};

pub use httpx_testing::tls::Authority;

/// The clients of an [`Authority`].
pub trait Trusting {
    /// A client that trusts this authority alone.
    fn trusted(&self) -> TlsConfig {
        self.client().build().unwrap()
    }

    fn client(&self) -> TlsConfigBuilder;
}

impl Trusting for Authority {
    fn client(&self) -> TlsConfigBuilder {
        TlsConfig::builder().only_given_roots().root(self.pem())
    }
}
