//! [`DigestInfo`]: the header `Authentication-Info` (RFC 7616 §3.5).

use crate::Headers;
use crate::auth::param_reader::read_params;

/// The most parameters. The RFC has five.
const MAX_PARAMS: usize = 32;

/// The most bytes of a nonce that is kept. It is sent with each request.
const MAX_NONCE_BYTES: usize = 8 << 10;

/// What a server tells after a digest that it accepts, in `Authentication-Info` or `Proxy-Authentication-Info`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DigestInfo {
    pub(super) next_nonce: Option<Vec<u8>>,
    pub(super) rspauth: Option<Vec<u8>>,
}

impl DigestInfo {
    /// Reads the header field of this name.
    pub fn parse(headers: &Headers, name: &str) -> Self {
        let mut info = DigestInfo::default();
        for value in headers.get_all(name) {
            for (name, value) in read_params(value.as_bytes(), MAX_PARAMS) {
                match &*name {
                    "nextnonce" if !value.is_empty() && value.len() <= MAX_NONCE_BYTES => {
                        info.next_nonce.get_or_insert(value);
                    }
                    "rspauth" => {
                        info.rspauth.get_or_insert(value);
                    }
                    _ => {}
                }
            }
        }
        info
    }
}
