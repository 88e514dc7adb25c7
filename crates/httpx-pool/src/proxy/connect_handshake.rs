//! [`ConnectHandshake`]: opens a tunnel through an HTTP proxy, by CONNECT (RFC 9110 §9.3.6), without I/O.

use httpx_core::{Headers, Method};
use httpx_proto::{BodyLength, Client, Event, Limits, RequestRef};

use super::{ProxyError, ProxyServer};
use crate::endpoint::Endpoint;

/// The head of a proxy's answer. Anything longer is not an answer to CONNECT.
const MAX_HEAD_BYTES: usize = 64 << 10;

/// The first byte of each message of SOCKS5 (RFC 1928 §3). No HTTP response begins with it.
const SOCKS5: u8 = 5;

/// A CONNECT request and its response.
#[derive(Debug)]
pub(crate) struct ConnectHandshake {
    codec: Client,
    out: Vec<u8>,
    written: usize,
    is_done: bool,
}

impl ConnectHandshake {
    pub(super) fn new(proxy: &ProxyServer, origin: &Endpoint) -> Result<Self, ProxyError> {
        let mut limits = Limits::default();
        limits.head_bytes = limits.head_bytes.min(MAX_HEAD_BYTES);
        let mut codec = Client::new(limits);
        let target = origin.authority_with_port();
        let mut headers = Headers::new();
        if let Some(value) = proxy.authorization("CONNECT", &target) {
            // A value in base64 is always valid, and so is a digest: its parts came in a header.
            let _ = headers.set("Proxy-Authorization", value);
        }
        let request =
            RequestRef { method: &Method::CONNECT, target: &target, host: Some(&target), headers: &headers };
        let mut out = Vec::new();
        codec.send_head(request, BodyLength::None, &mut out).map_err(ProxyError::InvalidTarget)?;
        Ok(ConnectHandshake { codec, out, written: 0, is_done: false })
    }

    pub(super) fn outgoing(&self) -> &[u8] {
        self.out.get(self.written..).unwrap_or_default()
    }

    pub(super) fn wrote(&mut self, n: usize) {
        self.written += n;
    }

    pub(super) fn spare(&mut self) -> &mut [u8] {
        self.codec.spare()
    }

    pub(super) fn is_done(&self) -> bool {
        self.is_done
    }

    /// Takes over the first `n` bytes of [`spare`](Self::spare); 0 is the end of the stream.
    pub(super) fn received(&mut self, n: usize) -> Result<(), ProxyError> {
        if n == 0 {
            self.codec.receive_eof(true);
        } else {
            self.codec.filled(n);
        }
        if self.codec.unread().first() == Some(&SOCKS5) {
            return Err(ProxyError::LooksLikeSocks5);
        }
        loop {
            match self.codec.next_event().map_err(ProxyError::NotHttp)? {
                Event::NeedData => return Ok(()),
                Event::Interim(_) => {}
                Event::Head(head) if head.status().is_success() => {
                    self.is_done = true;
                    // The body that some proxies announce belongs to the tunnel (RFC 9110 §9.3.6).
                    let is_quiet = self.codec.unread().is_empty();
                    return if is_quiet { Ok(()) } else { Err(ProxyError::EarlyData) };
                }
                Event::Head(head) => return Err(ProxyError::Refused(Box::new(head))),
                Event::Data | Event::End(_) | Event::Paused | Event::Closed => {
                    return Err(ProxyError::EarlyData);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use httpx_core::Url;

    use super::*;

    fn handshake(proxy: &str, url: &str) -> ConnectHandshake {
        let origin = Endpoint::of(&Url::parse(url).unwrap()).unwrap();
        ConnectHandshake::new(&ProxyServer::parse(proxy).unwrap(), &origin).unwrap()
    }

    #[test]
    fn requests() {
        let rows = [
            (
                "http://p",
                "https://example.com/x",
                "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n",
            ),
            ("http://p", "http://[::1]/", "CONNECT [::1]:80 HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"),
            (
                "https://ann:s3cret@p",
                "https://h:8443/",
                "CONNECT h:8443 HTTP/1.1\r\nHost: h:8443\r\nProxy-Authorization: Basic YW5uOnMzY3JldA==\r\n\r\n",
            ),
        ];
        for (proxy, url, expected) in rows {
            let mut handshake = handshake(proxy, url);
            let mut sent = Vec::new();
            while let [first, ..] = handshake.outgoing() {
                sent.push(*first);
                handshake.wrote(1);
            }
            assert_eq!(String::from_utf8(sent).unwrap(), expected);
            assert!(!format!("{handshake:?}").contains("YW5u"), "{handshake:?}");
        }
    }

    /// Feeds an answer in pieces of this length. Returns whether the tunnel is open.
    fn answered(answer: &[u8], piece: usize) -> Result<bool, ProxyError> {
        let mut handshake = handshake("http://p", "https://h/");
        let mut rest = answer;
        while !rest.is_empty() {
            let spare = handshake.spare();
            let (bytes, others) = rest.split_at(piece.min(rest.len()).min(spare.len()));
            spare[..bytes.len()].copy_from_slice(bytes);
            handshake.received(bytes.len())?;
            rest = others;
        }
        if handshake.is_done() { Ok(true) } else { handshake.received(0).map(|()| false) }
    }

    #[test]
    fn answers_in_all_pieces() {
        let endless = [b"HTTP/1.1 200 OK\r\n".to_vec(), b"A: b\r\n".repeat(20_000)].concat();
        let interims = b"HTTP/1.1 100 Continue\r\n\r\n".repeat(10_000);
        let rows: [(&[u8], &str); 17] = [
            (b"HTTP/1.1 200 Connection established\r\n\r\n", "open"),
            (b"HTTP/1.0 200 OK\r\nProxy-Agent: x\r\n\r\n", "open"),
            (b"HTTP/1.1 204 No Content\r\n\r\n", "open"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "open"),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "open"),
            (b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "open"),
            (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "Refused"),
            (b"HTTP/1.1 302 Found\r\nLocation: http://x/\r\nContent-Length: 0\r\n\r\n", "Refused"),
            (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", "NotHttp"),
            (b"SSH-2.0-OpenSSH\r\n", "NotHttp"),
            (b"\x15\x03\x01\x00\x02\x02\x46", "NotHttp"),
            (b"\x05", "LooksLikeSocks5"),
            (b"\x05\xff", "LooksLikeSocks5"),
            (b"HTTP/1.1 200 O", "NotHttp"),
            (b"", "NotHttp"),
            (&endless, "NotHttp"),
            (&interims, "NotHttp"),
        ];
        for (answer, expected) in rows {
            for piece in [1, 2, 7, 100, 4096] {
                let shown = match answered(answer, piece) {
                    Ok(true) => "open".to_owned(),
                    other => format!("{other:?}"),
                };
                let part = shown.trim_start_matches("Err(");
                assert!(part.starts_with(expected), "{:?}: {shown}", String::from_utf8_lossy(answer));
            }
        }
        let early = answered(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 4096);
        assert!(matches!(early, Err(ProxyError::EarlyData)), "{early:?}");
    }
}
