//! [`Timings`]: the times of the steps of an exchange.

use std::time::{Duration, Instant};

use crate::ConnectionDetails;

/// The times of the steps of a request and its response. `None` for a step that was not made, or whose time is not
/// known.
///
/// The times are of the last attempt: after a redirect, of the last request; after a resend, of the second attempt.
/// [`elapsed`](crate::ResponseHead::elapsed) covers the whole call.
///
/// ```
/// # mod httpx { pub mod network { pub use httpx_core::*; } }
/// use httpx::network::Timings;
///
/// let timings = Timings::default();
/// assert_eq!((timings.connect, timings.first_byte), (None, None));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timings {
    /// The wait for a free connection. Zero if there was one, or room for a new one.
    pub queue: Option<Duration>,
    /// The lookup of the name. `None` on a reused connection, and for a host that is an address.
    pub lookup: Option<Duration>,
    /// The connection to the server or the proxy, without TLS with the server. It includes TLS with an `https` proxy,
    /// and opening a tunnel. `None` on a reused connection.
    pub connect: Option<Duration>,
    /// The TLS handshake. `None` on a reused connection, and for `http`.
    pub tls: Option<Duration>,
    /// From the connection to the last byte of the request. `None` if the response came earlier.
    pub send: Option<Duration>,
    /// From the last byte of the request (or else from the connection) to the first bytes of the response.
    pub first_byte: Option<Duration>,
    /// From the first bytes of the response to the end of its head. Zero if they arrived together.
    pub head: Option<Duration>,
    /// From the end of the head to the end of the body, with the pauses in which the program did not read. `None` until
    /// the end of the body has been read, and if the body arrived together with the head.
    pub body: Option<Duration>,
}

/// The moments of an exchange: for transports.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moments {
    /// When the call began.
    pub started: Instant,
    /// The time in the queue.
    pub queue: Duration,
    /// When there was a connection.
    pub ready: Instant,
    /// When the last byte of the request had been sent.
    pub sent: Option<Instant>,
    /// When the first bytes of the response had arrived, if the head was not complete then.
    pub first_byte: Option<Instant>,
    /// When the head was complete.
    pub head: Instant,
    /// When the end of the body was read, if it did not arrive with the head.
    pub body: Option<Instant>,
}

impl Moments {
    /// Returns the time from the beginning of the call to the head of the response.
    pub(crate) fn elapsed(&self) -> Duration {
        self.head.saturating_duration_since(self.started)
    }

    /// Returns the times between the moments. `opened` are the details of a connection that was opened for the request.
    pub(crate) fn timings(&self, opened: Option<&ConnectionDetails>) -> Timings {
        let Moments { started: _, queue, ready, sent, first_byte, head, body } = *self;
        let first_byte = first_byte.unwrap_or(head);
        let sent = sent.filter(|sent| *sent <= first_byte);
        Timings {
            queue: Some(queue),
            lookup: opened.and_then(|details| details.lookup_time),
            connect: opened.map(|details| details.connect_time),
            tls: opened.and_then(|details| details.tls.as_ref()).map(|tls| tls.handshake_time),
            send: sent.map(|sent| sent.saturating_duration_since(ready)),
            first_byte: Some(first_byte.saturating_duration_since(sent.unwrap_or(ready))),
            head: Some(head.saturating_duration_since(first_byte)),
            body: body.map(|body| body.saturating_duration_since(head)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_times_between_the_moments() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let all = Moments {
            started: start,
            queue: Duration::from_millis(5),
            ready: at(10),
            sent: Some(at(12)),
            first_byte: Some(at(20)),
            head: at(21),
            body: None,
        };
        let ms = |ms| Some(Duration::from_millis(ms));
        let rows = [
            (all, [ms(5), ms(2), ms(8), ms(1)]),
            (Moments { first_byte: None, ..all }, [ms(5), ms(2), ms(9), ms(0)]),
            (Moments { sent: None, ..all }, [ms(5), None, ms(10), ms(1)]),
            (Moments { sent: Some(at(30)), ..all }, [ms(5), None, ms(10), ms(1)]),
        ];
        for (moments, expected) in rows {
            let Timings { queue, send, first_byte, head, .. } = moments.timings(None);
            assert_eq!([queue, send, first_byte, head], expected);
        }
        assert_eq!(all.timings(None).body, None);
        assert_eq!(Moments { body: Some(at(51)), ..all }.timings(None).body, ms(30));
        let mut details = ConnectionDetails { lookup_time: ms(1), ..ConnectionDetails::default() };
        details.connect_time = Duration::from_millis(2);
        let Timings { lookup, connect, tls, .. } = all.timings(Some(&details));
        assert_eq!((lookup, connect, tls), (ms(1), ms(2), None));
    }
}
