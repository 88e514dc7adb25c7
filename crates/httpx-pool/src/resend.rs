//! When a request is sent once more over a new connection, since the old one had gone stale.

use httpx_core::{Error, ErrorKind, RequestHead, RequestSent};

use crate::exchange::Exchange;

/// Whether the request that failed with this error may be sent again: the connection had carried others before and
/// died (it was not just slow) before a byte of the response, and sending it twice does no harm, or nothing of it was
/// sent at all (RFC 9110 §9.2.2, RFC 9112 §9.3.1).
pub(crate) fn is_safe(head: &RequestHead, exchange: &Exchange, error: &Error) -> bool {
    let harmless = head.options().idempotent.unwrap_or_else(|| head.method().is_idempotent());
    let died = matches!(error.kind(), ErrorKind::Io | ErrorKind::Tls);
    died && exchange.died_before_response() && (harmless || exchange.sent() == RequestSent::Nothing)
}

/// What is said when the second try failed too: the request may have arrived with either.
pub(crate) fn merge_errors(first: &Error, second: Error) -> Error {
    match (first.request_sent(), second.request_sent()) {
        (Some(sent @ (RequestSent::Partial | RequestSent::Complete)), Some(RequestSent::Nothing))
        | (Some(sent @ RequestSent::Complete), Some(RequestSent::Partial)) => second.with_request_sent(sent),
        _ => second,
    }
}
