//! The client's side: sends requests, receives responses.

use httpx_core::{Method, ResponseHead, Version};

use super::Client;
use super::side::{AfterHead, HeadPrefix, ReceivedHead, SentHead, Side};
use crate::body_length::BodyLength;
use crate::cycle::{CycleState, RequestFacts};
use crate::error::{LocalError, RemoteError};
use crate::framing::{self, BodyKind, Expect, Fields, RequestKind};
use crate::request::RequestRef;
use crate::scan::Strictness;
use crate::send_framing;
use crate::{CloseReason, Excerpt, Limits, head, target};

impl Side for Client {
    type Sends<'a> = RequestRef<'a>;
    type Receives = ResponseHead;

    const STRICTNESS: Strictness = Strictness::Lenient;
    const PIPELINED: bool = false;

    fn may_receive(cycle: &CycleState) -> bool {
        cycle.request.is_some()
    }

    /// Eight bytes decide, or fewer if a line or the stream ends before. So the result is the same however the bytes
    /// arrive.
    fn check_start(start: HeadPrefix<'_>) -> Result<(), RemoteError> {
        if let [b'H', b'T', b'T', b'P', b'/', b'1', b'.', b'0' | b'1', ..] = start.bytes {
            return Ok(());
        }
        let eight = start.bytes.get(..8).unwrap_or(start.bytes);
        let line = eight.split_inclusive(|&byte| byte == b'\n').next().unwrap_or_default();
        let whole = eight.len() == 8 || line.len() < eight.len() || line.ends_with(b"\n") || start.ended;
        match eight {
            _ if !whole => Ok(()),
            b"\r" => Ok(()),                              // an empty line, cut as well
            _ if b"HTTP/1.".starts_with(eight) => Ok(()), // cut: the end of the stream is the error
            _ if line.starts_with(b"HTTP/") => Err(RemoteError::Version(Excerpt::new(line))),
            _ => Err(RemoteError::NotHttp(Excerpt::new(line))),
        }
    }

    fn line_bytes(_: &Limits) -> Option<usize> {
        None
    }

    fn check_line(_: &[u8], _: &Limits) -> Result<(), RemoteError> {
        Ok(())
    }

    fn receive(
        bytes: &[u8],
        cycle: &mut CycleState,
        limits: &Limits,
    ) -> Result<ReceivedHead<ResponseHead>, RemoteError> {
        let (head, fields) = match head::plain_response(bytes, limits) {
            Some((_, head, fields)) => (head, fields),
            None => head::response(bytes, limits)?,
        };
        received(head, &fields, cycle)
    }

    fn receive_plain(
        bytes: &[u8],
        cycle: &mut CycleState,
        limits: &Limits,
    ) -> Option<(usize, Result<ReceivedHead<ResponseHead>, RemoteError>)> {
        let (len, head, fields) = head::plain_response(bytes, limits)?;
        Some((len, received(head, &fields, cycle)))
    }

    fn send(
        head: RequestRef<'_>,
        body: BodyLength,
        cycle: &mut CycleState,
        out: &mut Vec<u8>,
    ) -> Result<SentHead, LocalError> {
        let fields = Fields::from(head.headers);
        let kind = RequestKind::from(head.method);
        let bodiless = kind == RequestKind::Connect || *head.method == Method::TRACE;
        let framed = send_framing::frame_message(&fields, body)?;
        if bodiless && (body != BodyLength::None || framed.is_chunked()) {
            return Err(LocalError::NoBody); // RFC 9110 §9.3.6 and §9.3.8
        }
        check_line(&head)?;
        let host = check_host(&head, &fields)?;
        for part in [head.method.as_str(), " ", head.target, " HTTP/1.1\r\n"] {
            out.extend_from_slice(part.as_bytes());
        }
        if let Some(host) = host {
            for part in ["Host: ", host, "\r\n"] {
                out.extend_from_slice(part.as_bytes());
            }
        }
        head.headers.write_to(out);
        send_framing::write_upgrade(&fields, out);
        let sent = framed.finish_head(head.method.expects_body(), out);
        cycle.request = Some(RequestFacts { kind, upgrade: fields.upgrade, version: Version::Http11 });
        cycle.awaits_continue = fields.expect == Expect::Continue && matches!(sent, SentHead::Body(_));
        cycle.must_close(fields.close.then_some(CloseReason::WeSaidClose));
        Ok(sent)
    }
}

/// Decides how the message continues after this head.
fn received(
    head: ResponseHead,
    fields: &Fields,
    cycle: &mut CycleState,
) -> Result<ReceivedHead<ResponseHead>, RemoteError> {
    let upgrade = cycle.request.is_some_and(|asked| asked.upgrade);
    let kind = cycle.request.map_or(RequestKind::Other, |asked| asked.kind);
    // A 102 or a 103 does not ask for the body (RFC 9110 §10.1.1).
    cycle.awaits_continue &= matches!(head.status().as_u16(), 102..=199);
    cycle.has_keep_alive = fields.has_keep_alive;
    let then = match head.status().as_u16() {
        // RFC 9110 §7.8 requires `Upgrade` in both heads; h11 accepts a 101 without.
        101 if upgrade && fields.upgrade && head.version() == Version::Http11 => AfterHead::Switch,
        101 => return Err(RemoteError::UnaskedSwitch),
        100..=199 => AfterHead::Interim,
        _ => {
            let framing = framing::of_response(fields, kind, head.status(), head.version())?;
            match framing.kind {
                BodyKind::Tunnel => AfterHead::Switch,
                BodyKind::Length(_) | BodyKind::Chunked | BodyKind::UntilClose => AfterHead::Body(framing),
            }
        }
    };
    Ok(ReceivedHead { head, then })
}

fn check_line(head: &RequestRef<'_>) -> Result<(), LocalError> {
    if !target::is_valid_for(head.target, head.method) {
        return Err(LocalError::Target(Excerpt::new(head.target.as_bytes())));
    }
    Ok(())
}

/// Returns the `Host` that is written in front of the headers, if one is.
fn check_host<'a>(head: &RequestRef<'a>, fields: &Fields) -> Result<Option<&'a str>, LocalError> {
    match (fields.hosts, head.host) {
        (0, Some(host)) if !target::is_host(host.as_bytes()) => {
            Err(LocalError::Host(Excerpt::new(host.as_bytes())))
        }
        (0, Some(host)) => Ok(Some(host)),
        (1, _) => match head.headers.get("host") {
            Some(given) if !target::is_host(given.as_bytes()) => {
                Err(LocalError::Host(Excerpt::new(given.as_bytes())))
            }
            Some(_) | None => Ok(None),
        },
        (0, None) | (2.., _) => Err(LocalError::HostCount),
    }
}
