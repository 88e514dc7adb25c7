//! When a request is sent once more over a new connection, since the old one had gone stale.

use httpx_core::{RequestHead, RequestSent};

use crate::exchange::Exchange;

/// Whether the request may be sent again: the connection had carried others before and died before a byte of the
/// response, and sending it twice does no harm, or nothing of it was sent at all (RFC 9110 §9.2.2, RFC 9112 §9.3.1).
pub(crate) fn is_safe(head: &RequestHead, exchange: &Exchange) -> bool {
    let harmless = head.options().idempotent.unwrap_or_else(|| head.method().is_idempotent());
    exchange.went_stale() && (harmless || exchange.sent() == RequestSent::No)
}
