//! Checks a switch of protocols against the request (RFC 9110 §7.8).

use httpx_core::{RequestHead, ResponseHead, Result};

use crate::into_error;

/// Fails if a 101 names a protocol that the request did not offer. The codec has checked that it names one.
pub(crate) fn check(request: &RequestHead, response: &ResponseHead) -> Result<()> {
    if response.status().is_success() {
        return Ok(()); // a tunnel, by CONNECT
    }
    let is_offered = |protocol: &&str| {
        request.headers().get_list("upgrade").any(|offered| offered.eq_ignore_ascii_case(protocol))
    };
    let mut protocols = response.headers().get_list("upgrade").peekable();
    if protocols.peek().is_none() {
        return Err(into_error::wrong_protocol("not ASCII"));
    }
    match protocols.find(|protocol| !is_offered(protocol)) {
        Some(other) => Err(into_error::wrong_protocol(other)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use httpx_core::{Headers, Method, StatusCode, Url};

    use super::*;

    #[test]
    fn each_protocol_must_have_been_offered() {
        #[rustfmt::skip]
        let rows: [(&str, &[u8], bool); 9] = [
            ("websocket", b"websocket", true), ("websocket", b"WebSocket", true), ("h2c, websocket", b"websocket", true),
            ("TLS/1.0, HTTP/1.1", b"tls/1.0, http/1.1", true), ("websocket", b"h2c", false),
            ("websocket", b"websocket, h2c", false), ("TLS/1.0", b"TLS/1.1", false), ("websocket", b",", false),
            ("\u{e9}", b"\xc3\xa9", false),
        ];
        for (offered, chosen, fine) in rows {
            let mut request = RequestHead::new(Method::GET, Url::parse("http://h/").unwrap());
            request.headers_mut().append("Upgrade", offered).unwrap();
            let mut headers = Headers::new();
            headers.append("Upgrade", chosen).unwrap();
            let response = ResponseHead::new(StatusCode::SWITCHING_PROTOCOLS).with_headers(headers);
            assert_eq!(check(&request, &response).is_ok(), fine, "{offered} {chosen:?}");
        }
    }
}
