//! Turns the errors of the layers below into the one [`Error`], and adds what to do about them.

pub(crate) mod timeout;

use std::borrow::Cow;
use std::io;
use std::time::Duration;

use httpx_core::{Error, ErrorKind, LENGTH_ADVICE, REST_ADVICE, RequestSent, ResponseHead, Timeout};
use httpx_proto::{LocalError, RemoteError, Truncation};

use crate::connect_error::ConnectError;
use crate::endpoint::Endpoint;
use crate::failed_attempt::Tried;
use crate::proxy::{ProxyError, ProxyProtocol, ProxyServer};
use crate::socks::{SocksError, SocksVersion};
#[cfg(feature = "tls")]
use crate::tls::{HandshakeError, TlsConfigError, TlsError, TlsErrorKind};

/// What to do if the server may have acted on a request without a response.
const SEND_AGAIN: &str = "send the request again if that does no harm";

/// The server broke the protocol, or its response stopped in the middle.
pub(crate) fn remote(error: RemoteError, sent: RequestSent) -> Error {
    let (kind, what, advice) = match &error {
        RemoteError::Incomplete(Truncation::Nothing) => return closed_early(sent),
        RemoteError::Incomplete(Truncation::Head) => {
            (ErrorKind::Incomplete, "the response was cut short", SEND_AGAIN)
        }
        RemoteError::Incomplete(_) => (ErrorKind::Incomplete, "the response was cut short", REST_ADVICE),
        // A TLS alert (RFC 8446 §5.1), sent in response to a request without TLS.
        RemoteError::NotHttp(bytes) if bytes.as_bytes().starts_with(b"\x15\x03") => {
            (ErrorKind::Protocol, "the server speaks TLS on this port", "use https://")
        }
        RemoteError::Limit(_, _) => {
            (ErrorKind::Protocol, "the response exceeds a limit", "raise the limit if you trust the server")
        }
        _ => (ErrorKind::Protocol, "the response cannot be understood", "does the server speak HTTP/1.1?"),
    };
    Error::new(kind, format!("{what}; {advice}")).with_source(error).with_request_sent(sent)
}

/// The server closed the connection without a response.
pub(crate) fn closed_early(sent: RequestSent) -> Error {
    let message = format!("the server closed the connection without a response; {SEND_AGAIN}");
    Error::new(ErrorKind::Io, message).with_request_sent(sent)
}

/// The connection failed while the request was being written, and no response arrived.
pub(crate) fn write_failed(error: io::Error, sent: RequestSent) -> Error {
    let what = "the connection failed while the request was being written, and there was no response";
    connection_failed(ErrorKind::Io, format!("{what}; {SEND_AGAIN}"), error).with_request_sent(sent)
}

/// The connection failed before the head of the response was complete.
pub(crate) fn no_response(error: io::Error, sent: RequestSent) -> Error {
    let message = format!("the connection failed before the response came; {SEND_AGAIN}");
    connection_failed(ErrorKind::Io, message, error).with_request_sent(sent)
}

/// The connection failed before the body of the response was complete.
pub(crate) fn body_read_failed(error: io::Error, sent: RequestSent) -> Error {
    let message = format!("the connection failed while the response's body was being read; {REST_ADVICE}");
    connection_failed(ErrorKind::Incomplete, message, error).with_request_sent(sent)
}

/// The connection failed: in the network, or in TLS. Errors of TLS keep their message.
fn connection_failed(kind: ErrorKind, message: String, error: io::Error) -> Error {
    #[cfg(feature = "tls")]
    let error = match error.downcast::<TlsError>() {
        Ok(error) => return tls_failed_later(kind, error),
        Err(error) => error,
    };
    Error::new(kind, message).with_source(error)
}

/// A TLS 1.3 server rejects a client only after the client has finished its handshake (RFC 8446 §4.4.2.4). It will
/// reject the next attempt too, so this is not an error of the network.
#[cfg(feature = "tls")]
fn tls_failed_later(kind: ErrorKind, error: TlsError) -> Error {
    let kind = if kind == ErrorKind::Io { ErrorKind::Tls } else { kind };
    Error::new(kind, error.to_string()).with_source(error)
}

/// The server switched protocols while the request was being sent.
pub(crate) fn switched_early(sent: RequestSent) -> Error {
    let message =
        "the server switched protocols before it had the whole request; does the server speak HTTP/1.1?";
    Error::new(ErrorKind::Protocol, message).with_request_sent(sent)
}

/// The server switched to a protocol that the request did not offer.
pub(crate) fn wrong_protocol(protocol: &str) -> Error {
    let message = format!(
        "the server switched to a protocol that the request did not offer ({protocol}); does the server speak HTTP/1.1?"
    );
    Error::new(ErrorKind::Protocol, message).with_request_sent(RequestSent::Complete)
}

/// The server refused `Expect: 100-continue`, and the request is sent again without it.
pub(crate) fn expectation_failed(sent: RequestSent) -> Error {
    let message = "the server refused Expect: 100-continue (status 417)";
    Error::new(ErrorKind::Status, message).with_request_sent(sent)
}

/// The exchange failed earlier.
pub(crate) fn failed_before(kind: ErrorKind) -> Error {
    Error::new(kind, "the response failed earlier and cannot be continued; send the request again")
}

/// The request is not valid, or its body turns out not to be.
pub(crate) fn local(error: LocalError, sent: RequestSent) -> Error {
    let (kind, message) = match &error {
        LocalError::TooShort { .. } | LocalError::TooLong { .. } => {
            let message = format!("the body of the request is not as long as announced; {LENGTH_ADVICE}");
            (ErrorKind::Body, message.into())
        }
        LocalError::ContentLength
        | LocalError::LengthMismatch { .. }
        | LocalError::BothLengths
        | LocalError::TransferEncoding => (
            ErrorKind::InvalidRequest,
            Cow::from("the request's length headers are wrong; leave its length to the client"),
        ),
        _ => (ErrorKind::InvalidRequest, "the request is not valid".into()),
    };
    Error::new(kind, message).with_source(error).with_request_sent(sent)
}

/// The request's body could not be read.
pub(crate) fn upload_read_failed(error: io::Error, sent: RequestSent) -> Error {
    let error = match error.downcast::<Error>() {
        Ok(error) if error.kind() == ErrorKind::Body => return error.with_request_sent(sent),
        Ok(error) => error.into(),
        Err(error) => error,
    };
    Error::new(ErrorKind::Body, "the body of the request could not be read; check where it is read from")
        .with_source(error)
        .with_request_sent(sent)
}

/// The connection could not be opened.
pub(crate) fn connect(error: ConnectError, limit: Option<Duration>) -> Error {
    let message = error.to_string() + error.advice();
    match error {
        ConnectError::Resolve { source, .. } => Error::new(ErrorKind::Resolve, message).with_source(source),
        ConnectError::Connect { source, .. } => Error::new(ErrorKind::Connect, message).with_source(source),
        ConnectError::UnixSocket { source, .. } => {
            let is_setting =
                matches!(source.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported);
            let kind = if is_setting { ErrorKind::Config } else { ErrorKind::Connect };
            Error::new(kind, message).with_source(source)
        }
        ConnectError::AddressRefused { source, .. } => {
            Error::new(ErrorKind::AddressRefused, message).with_source(source)
        }
        ConnectError::TimedOut { step, host, attempts } => {
            let tried = Tried(&attempts);
            timeout::exceeded(Timeout::Connect, limit, &format!("no connection, still {step} {host}{tried},"))
        }
        ConnectError::Other(source) => Error::from_io(source, "cannot connect"),
    }
    .with_request_sent(RequestSent::Nothing)
}

/// The proxy was reached, but it opened no tunnel.
pub(crate) fn tunnel(
    error: ProxyError,
    proxy: &ProxyServer,
    origin: &Endpoint,
    limit: Option<Duration>,
) -> Error {
    let what = format!("the proxy {proxy} opened no tunnel to {}", origin.authority_with_port());
    let failed = |text: &str| Error::new(ErrorKind::Proxy, format!("{what}: {text}"));
    match error {
        ProxyError::Refused(head) => {
            let advice = advice_on_refusal(proxy, head.status().as_u16());
            failed(&format!("it answered {}{advice}", answer(&head))).with_response(*head)
        }
        ProxyError::NotHttp(RemoteError::Incomplete(Truncation::Nothing)) => closed_tunnel(&what),
        ProxyError::LooksLikeSocks5 => {
            failed("its answer is not HTTP; this looks like a SOCKS5 proxy: write socks5h://")
        }
        ProxyError::NotHttp(error) => {
            failed("its answer cannot be understood; is it an HTTP proxy?").with_source(error)
        }
        ProxyError::Socks(SocksError::Closed) => {
            Error::new(ErrorKind::Connect, format!("{what}: {}", SocksError::Closed))
        }
        ProxyError::Socks(SocksError::WrongVersion { byte: 5 }) if is_socks4(proxy) => {
            failed("it speaks SOCKS5: write socks5h:// or socks5:// (socks:// means SOCKS4)")
        }
        ProxyError::Socks(error) => failed(&error.to_string()).with_source(error),
        ProxyError::EarlyData => {
            failed("it sent data right after its response to CONNECT, before the client sent anything")
        }
        ProxyError::InvalidTarget(error) => {
            failed("the host of the URL cannot be used in a CONNECT request").with_source(error)
        }
        ProxyError::Io(error) => tunnel_lost(error, proxy, limit, &what),
    }
    .with_request_sent(RequestSent::Nothing)
}

/// What to do about the status of a proxy that opened no tunnel.
fn advice_on_refusal(proxy: &ProxyServer, status: u16) -> &'static str {
    match status {
        401 | 407 if proxy.credentials().is_some() => {
            "; it rejected the username and password: are they correct?"
        }
        401 | 407 => "; give username and password in the proxy's URL or by basic_auth()",
        403 => "; it may not allow this host or port",
        405 | 501 => "; is it a proxy? it does not support CONNECT",
        502..=504 => "; is the origin reachable from there?",
        _ => "",
    }
}

/// The connection to the proxy failed, or the proxy was late.
fn tunnel_lost(error: io::Error, proxy: &ProxyServer, limit: Option<Duration>, what: &str) -> Error {
    match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => {
            let hint = match proxy.protocol() {
                ProxyProtocol::Socks(_) => " (is it an HTTP proxy, http://?)",
                ProxyProtocol::Http(_) => "",
            };
            timeout::exceeded_advised(Timeout::Connect, limit, &format!("{what}: no answer"), hint)
        }
        io::ErrorKind::UnexpectedEof => closed_tunnel(what),
        _ => {
            let message = format!("{what}: the connection to it failed");
            connection_failed(ErrorKind::Connect, message, error)
        }
    }
}

fn is_socks4(proxy: &ProxyServer) -> bool {
    matches!(proxy.protocol(), ProxyProtocol::Socks(SocksVersion::V4 | SocksVersion::V4a))
}

/// The status, and the first words of the reason.
fn answer(head: &ResponseHead) -> String {
    let reason = head.reason().chars().take(100).collect::<String>();
    format!("{} {reason}", head.status().as_u16())
}

fn closed_tunnel(what: &str) -> Error {
    Error::new(ErrorKind::Connect, format!("{what}: it closed the connection without an answer"))
}

/// The connection was opened, but the TLS handshake failed.
#[cfg(feature = "tls")]
pub(crate) fn handshake(error: HandshakeError, limit: Option<Duration>) -> Error {
    handshake_advised(error, limit, "")
}

/// The proxy was reached, but the TLS handshake with it failed.
#[cfg(feature = "tls")]
pub(crate) fn proxy_handshake(error: HandshakeError, limit: Option<Duration>) -> Error {
    const PLAIN: &str = " (if the proxy is a plain HTTP proxy, its URL begins with http://)";
    let advice = match &error {
        HandshakeError::Tls(error) => match error.kind() {
            TlsErrorKind::UnknownIssuer | TlsErrorKind::NotForServers => {
                ", and give this TlsConfig to the proxy by Proxy::tls(…); \
                 the client's TLS settings are not used for proxies"
            }
            _ if matches!(error.rustls(), rustls::Error::InvalidMessage(_)) => PLAIN,
            _ => "",
        },
        HandshakeError::Cut { .. } | HandshakeError::Io { .. } | HandshakeError::TimedOut { .. } => PLAIN,
        HandshakeError::Name { .. } | HandshakeError::Config(_) => "",
    };
    handshake_advised(error, limit, advice)
}

/// The error of a failed handshake, with an advice at the end of its message.
#[cfg(feature = "tls")]
fn handshake_advised(error: HandshakeError, limit: Option<Duration>, advice: &str) -> Error {
    let message = format!("{error}{advice}");
    match error {
        HandshakeError::Tls(error) => Error::new(ErrorKind::Tls, message).with_source(error),
        HandshakeError::Config(source) => Error::new(ErrorKind::Tls, message).with_source(source),
        HandshakeError::Name { .. } => Error::new(ErrorKind::Tls, message),
        // The connection failed and not TLS, as when a server or a load balancer is restarted.
        HandshakeError::Io { source, .. } => Error::new(ErrorKind::Connect, message).with_source(source),
        HandshakeError::Cut { .. } => Error::new(ErrorKind::Connect, message),
        HandshakeError::TimedOut { host } => timeout::exceeded_advised(
            Timeout::Connect,
            limit,
            &format!("no TLS handshake with {host}"),
            advice,
        ),
    }
    .with_request_sent(RequestSent::Nothing)
}

/// The TLS configuration cannot be used.
#[cfg(feature = "tls")]
impl From<TlsConfigError> for Error {
    fn from(error: TlsConfigError) -> Self {
        Error::new(ErrorKind::Tls, "the TLS configuration cannot be used").with_source(error)
    }
}

/// The pool is closed.
pub(crate) fn closed() -> Error {
    Error::new(ErrorKind::Closed, "the client is closed; make a new one")
        .with_request_sent(RequestSent::Nothing)
}

/// A single connection was closed by either side.
pub(crate) fn connection_closed() -> Error {
    Error::new(ErrorKind::Closed, "this connection is closed; open another one")
        .with_request_sent(RequestSent::Nothing)
}

/// A single connection is still used by its last response.
pub(crate) fn connection_busy() -> Error {
    let message = "this connection is busy; read its last response to the end, or open another one";
    Error::new(ErrorKind::InvalidRequest, message).with_request_sent(RequestSent::Nothing)
}

/// A single connection leads to another origin.
pub(crate) fn wrong_origin(endpoint: &Endpoint) -> Error {
    let message = format!("this connection leads to {endpoint}; open another one");
    Error::new(ErrorKind::InvalidRequest, message).with_request_sent(RequestSent::Nothing)
}

/// A single connection was opened with other options than the request has.
pub(crate) fn other_options() -> Error {
    let message = "this connection was opened with other connect options than the request has; \
                   set them on its builder, or open another one";
    Error::new(ErrorKind::InvalidRequest, message).with_request_sent(RequestSent::Nothing)
}

/// No connection of the pool became free in time.
pub(crate) fn pool_timeout(limit: Option<Duration>) -> Error {
    timeout::exceeded(Timeout::Pool, limit, "no connection of the pool became free")
        .with_request_sent(RequestSent::Nothing)
}

/// ALPN chose HTTP/2.
#[cfg(feature = "tls")]
pub(crate) fn http2_agreed(host: &str) -> Error {
    let message = format!(
        "{host} chose HTTP/2 (\"h2\" by ALPN), which this client does not speak; \
         offer \"http/1.1\" alone in the alpn_protocols of the ClientConfig"
    );
    Error::new(ErrorKind::Tls, message).with_request_sent(RequestSent::Nothing)
}

/// This build has no TLS.
#[cfg(not(feature = "tls"))]
pub(crate) fn no_tls() -> Error {
    Error::new(ErrorKind::Tls, "this build has no TLS; turn on the feature `tls`")
        .with_request_sent(RequestSent::Nothing)
}

#[cfg(test)]
mod tests {
    /// The code for systems without Unix sockets, on one that has them.
    #[cfg(unix)]
    #[test]
    fn a_unix_socket_is_a_wrong_setting_where_there_are_none() {
        use super::*;
        use crate::sys::no_unix_socket::{connect_unix, connect_unix_now};

        let path = std::path::Path::new("/run/s");
        for error in [connect_unix(path, None), connect_unix_now(path)].map(io::Result::unwrap_err) {
            let error = connect(ConnectError::unix_socket(path, error), None);
            assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Config, false), "{error:?}");
            let text =
                "cannot connect to the Unix socket /run/s: Unix sockets are not supported on this system";
            assert!(error.to_string().contains(text), "{error}");
        }
    }
}
