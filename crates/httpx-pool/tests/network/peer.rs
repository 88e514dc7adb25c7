//! A TLS server over a stream of the same flavour, on its own thread.

use std::io::{Read, Write};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use rustls::{ServerConfig, ServerConnection};

use crate::support::PATIENCE;
use crate::support::network::{Line, Network};

pub(crate) struct Peer<N: Network> {
    pub(crate) tls: ServerConnection,
    pub(crate) stream: N::Stream,
    /// Received plaintext that no [`expect`](Self::expect) has taken.
    pub(crate) received: Vec<u8>,
}

impl<N: Network> Peer<N> {
    pub(crate) fn new(config: &Arc<ServerConfig>, stream: N::Stream) -> Self {
        let mut tls = ServerConnection::new(Arc::clone(config)).unwrap();
        tls.set_buffer_limit(None);
        Peer { tls, stream, received: Vec::new() }
    }

    /// Performs the handshake and runs the script. The first request may come with the last message of the handshake.
    pub(crate) fn play<T: Send + 'static>(
        config: &Arc<ServerConfig>,
        stream: N::Stream,
        script: impl FnOnce(Self) -> T + Send + 'static,
    ) -> JoinHandle<T> {
        let config = Arc::clone(config);
        thread::spawn(move || {
            let mut peer = Self::new(&config, stream);
            while peer.tls.is_handshaking() && peer.receive().is_ok_and(|n| n > 0) {}
            script(peer)
        })
    }

    /// Reads once and sends the replies of TLS. Returns the number of raw bytes; 0 is the end.
    pub(crate) fn receive(&mut self) -> Result<usize, rustls::Error> {
        let mut buf = [0; 16 * 1024];
        let n = self.stream.read(&mut buf, PATIENCE).unwrap();
        let mut raw = &buf[..n];
        while !raw.is_empty() {
            self.tls.read_tls(&mut raw).unwrap();
            self.tls.process_new_packets()?;
            // After the available bytes a read would block.
            let _ = self.tls.reader().read_to_end(&mut self.received);
        }
        self.flush();
        Ok(n)
    }

    /// Receives exactly these bytes.
    pub(crate) fn expect(&mut self, expected: &[u8]) {
        while self.received.len() < expected.len() {
            assert!(self.receive().unwrap() > 0, "the client has gone");
        }
        assert!(self.received == expected);
        self.received.clear();
    }

    pub(crate) fn say(&mut self, plain: &[u8]) {
        self.tls.writer().write_all(plain).unwrap();
        self.flush();
    }

    pub(crate) fn say_goodbye(&mut self) {
        self.tls.send_close_notify();
        self.flush();
    }

    /// Sends the pending bytes of TLS, if the peer is there.
    pub(crate) fn flush(&mut self) {
        let mut raw = Vec::new();
        while self.tls.wants_write() {
            self.tls.write_tls(&mut raw).unwrap();
        }
        let _ = self.stream.write_all(&raw);
    }
}
