//! Judges whether an idle TLS connection is still alive.

use std::io::{self, Read};

use super::{Incoming, MAX_SILENT_READS, Session, is_wait};
use crate::stream::Liveness;

impl Session {
    /// Returns whether everything received has been handed out and everything written has been sent, so that the
    /// connection may carry another request. Gives back memory that has grown.
    pub(crate) fn is_drained(&mut self) -> bool {
        self.pump();
        self.out.shrink();
        if self.raw.shrink() {
            // rustls gives back its own buffer when it is about to read, and reads nothing from this.
            let _ = self.tls.read_tls(&mut Nothing);
        }
        let sent = !self.batch.is_unreported() && self.out.bytes().is_empty() && self.write_error.is_none();
        let received = self.plain == 0 && self.raw.bytes().is_empty() && self.records.at_boundary();
        sent && received && self.read_error.is_none()
    }

    /// Takes in everything that waits, by reads that do not wait, and judges whether this connection may carry a
    /// request.
    pub(crate) fn look_at(&mut self, mut read_now: impl FnMut(&mut [u8]) -> io::Result<usize>) -> Liveness {
        for _ in 0..MAX_SILENT_READS {
            if self.is_readable() {
                break;
            }
            match read_now(self.spare()) {
                Ok(0) => return Liveness::Dead,
                Ok(n) => self.received(n),
                Err(e) if is_wait(&e) => return self.look(),
                Err(_) => return Liveness::Dead,
            }
        }
        // There is something to read, or after all these reads there is still more.
        Liveness::Dead
    }

    /// Judges a connection from which everything has been received that was there.
    ///
    /// Session tickets and key updates leave no trace. Half a record might become plaintext that no request asked for,
    /// so it counts as that.
    pub(crate) fn look(&mut self) -> Liveness {
        self.pump();
        let is_open = self.error.is_none() && self.read_error.is_none() && self.incoming == Incoming::Open;
        let is_alive = is_open && self.plain == 0 && self.records.at_boundary();
        if is_alive { Liveness::Alive } else { Liveness::Dead }
    }
}

/// A stream that has nothing to read and has not ended.
struct Nothing;

impl Read for Nothing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::WouldBlock.into())
    }
}
