//! The server's side: receives requests, sends responses.

use httpx_core::{ResponseHead, StatusCode, Version};

use super::Server;
use super::side::{AfterHead, HeadPrefix, ReceivedHead, SentHead, Side};
use crate::body_length::BodyLength;
use crate::cycle::{CycleState, RequestFacts};
use crate::error::{LocalError, RemoteError};
use crate::framing::{self, BodyKind, Expect, Fields, RequestKind, TransferCoding};
use crate::request::ReceivedRequest;
use crate::scan::Strictness;
use crate::send_framing::{self, BodyAllowed};
use crate::{CloseReason, Limits, head, request_line, target};

impl Side for Server {
    type Sends<'a> = &'a ResponseHead;
    type Receives = ReceivedRequest;

    const STRICTNESS: Strictness = Strictness::Strict;
    const PIPELINED: bool = true;

    fn may_receive(_: &CycleState) -> bool {
        true
    }

    fn check_start(start: HeadPrefix<'_>) -> Result<(), RemoteError> {
        request_line::check_start(start.bytes)
    }

    fn line_bytes(limits: &Limits) -> Option<usize> {
        Some(request_line::most_bytes(limits))
    }

    fn check_line(line: &[u8], limits: &Limits) -> Result<(), RemoteError> {
        request_line::parse(line, limits).map(drop)
    }

    fn receive(
        bytes: &[u8],
        cycle: &mut CycleState,
        limits: &Limits,
    ) -> Result<ReceivedHead<ReceivedRequest>, RemoteError> {
        let (head, fields) = head::request(bytes, limits)?;
        check_host(&head, &fields)?;
        if fields.expect == Expect::Other {
            return Err(RemoteError::Expect);
        }
        let (kind, modern) = (RequestKind::from(head.method()), head.version() == Version::Http11);
        let framing = framing::of_request(&fields, kind, head.version())?;
        cycle.request = Some(RequestFacts {
            kind,
            // RFC 9110 §7.8. Without that option, an intermediary may have passed on an `Upgrade` that was meant for
            // it.
            upgrade: fields.upgrade && fields.connection_upgrade && modern,
            version: head.version(),
        });
        cycle.awaits_continue =
            fields.expect == Expect::Continue && modern && framing.kind != BodyKind::Length(0); // RFC 9110 §10.1.1
        Ok(ReceivedHead { head, then: AfterHead::Body(framing) })
    }

    fn send(
        head: &ResponseHead,
        body: BodyLength,
        cycle: &mut CycleState,
        out: &mut Vec<u8>,
    ) -> Result<SentHead, LocalError> {
        let fields = Fields::from(head.headers());
        if fields.coding != TransferCoding::None
            && cycle.request.is_none_or(|asked| asked.version == Version::Http10)
        {
            return Err(LocalError::TransferEncodingTo10);
        }
        match Kind::of(head, &fields, cycle)? {
            Kind::Interim => send_interim(head, &fields, body, cycle, out),
            // RFC 9110 §7.8: the 100 is sent first. Without it the body never arrives, and the HTTP part never ends.
            Kind::Switch if cycle.awaits_continue => {
                Err(LocalError::OutOfTurn("the client waits for 100 (Continue)"))
            }
            Kind::Switch => {
                let framed = send_framing::frame_response(&fields, body, BodyAllowed::Nothing)?;
                write_head(head, out);
                send_framing::write_upgrade(&fields, out);
                framed.finish_head(false, out);
                cycle.close = Some(CloseReason::Switched);
                Ok(SentHead::Switch)
            }
            Kind::Final(allowed) => {
                let framed = send_framing::frame_response(&fields, body, allowed)?;
                let close = cycle.close.or_else(|| close_reason(&fields, framed.ends_connection(), cycle));
                write_head(head, out);
                send_framing::write_upgrade(&fields, out);
                write_connection(&fields, close, cycle.request, out);
                cycle.must_close(close);
                cycle.awaits_continue = false;
                let sent = framed.finish_head(
                    matches!(allowed, BodyAllowed::Any | BodyAllowed::NoChunks | BodyAllowed::Empty),
                    out,
                );
                Ok(if allowed == BodyAllowed::Head { SentHead::Silent } else { sent })
            }
        }
    }
}

/// Checks for exactly one `Host` in HTTP/1.1 and at most one in HTTP/1.0, with a valid host (RFC 9112 §3.2).
fn check_host(head: &ReceivedRequest, fields: &Fields) -> Result<(), RemoteError> {
    let host = head.headers().get("host");
    let is_host = host.is_none_or(|host| target::is_host(host.as_bytes()));
    match (fields.hosts, head.version()) {
        (1, _) | (0, Version::Http10) if is_host => Ok(()),
        (_, _) => Err(RemoteError::Host),
    }
}

/// The kind of a response.
enum Kind {
    Interim,
    /// The last message of HTTP: 101, or 2xx to CONNECT.
    Switch,
    Final(BodyAllowed),
}

impl Kind {
    fn of(head: &ResponseHead, fields: &Fields, cycle: &CycleState) -> Result<Kind, LocalError> {
        let Some(asked) = cycle.request else {
            // A 408 to a silent client, or a 400 to one whose head cannot be read. The version of the client is
            // unknown.
            return match head.status().as_u16() {
                400..=599 if cycle.refused_head => Ok(Kind::Final(BodyAllowed::Head)),
                400..=599 => Ok(Kind::Final(BodyAllowed::NoChunks)),
                _ => Err(LocalError::OutOfTurn("no request has come")),
            };
        };
        let allowed = if asked.version == Version::Http10 { BodyAllowed::NoChunks } else { BodyAllowed::Any };
        Ok(match (head.status().as_u16(), asked.kind) {
            (101, _) if asked.upgrade && fields.upgrade => Kind::Switch,
            (101, _) => return Err(LocalError::UnaskedSwitch),
            (100..=199, _) => Kind::Interim,
            (200..=299, RequestKind::Connect) => Kind::Switch,
            (204, _) => Kind::Final(BodyAllowed::Nothing),
            (304, _) | (200..=599, RequestKind::Head) => Kind::Final(BodyAllowed::Head),
            (205, RequestKind::Other) => Kind::Final(BodyAllowed::Empty),
            (200..=599, RequestKind::Connect | RequestKind::Other) => Kind::Final(allowed),
            (status, _) => return Err(LocalError::Status(status)),
        })
    }
}

fn send_interim(
    head: &ResponseHead,
    fields: &Fields,
    body: BodyLength,
    cycle: &mut CycleState,
    out: &mut Vec<u8>,
) -> Result<SentHead, LocalError> {
    let framed = send_framing::frame_response(fields, body, BodyAllowed::Nothing)?;
    if cycle.request.is_some_and(|asked| asked.version == Version::Http11) {
        write_head(head, out);
        framed.finish_head(false, out);
        cycle.awaits_continue &= head.status() != StatusCode::CONTINUE;
    }
    Ok(SentHead::Interim)
}

/// Returns why this response is the last one on its connection.
fn close_reason(fields: &Fields, ends_connection: bool, cycle: &CycleState) -> Option<CloseReason> {
    let declined = cycle.request.is_some_and(|asked| asked.kind == RequestKind::Connect);
    if fields.close || cycle.request.is_none() {
        Some(CloseReason::WeSaidClose)
    } else if ends_connection {
        Some(CloseReason::BodyEndsIt)
    } else if cycle.awaits_continue {
        // As Go's server does: the client may or may not send the body now, so its next bytes are ambiguous.
        Some(CloseReason::NotContinued)
    } else {
        declined.then_some(CloseReason::Declined)
    }
}

/// Writes the head, always as HTTP/1.1, for any version of the client (RFC 9110 §6.2).
fn write_head(head: &ResponseHead, out: &mut Vec<u8>) {
    out.extend_from_slice(b"HTTP/1.1 ");
    let code = head.status().as_u16();
    out.extend([code / 100, code / 10 % 10, code % 10].map(|digit| b'0' + digit as u8));
    for part in [" ", head.reason(), "\r\n"] {
        out.extend_from_slice(part.as_bytes());
    }
    head.headers().write_to(out);
}

/// Writes the `Connection` header that the client needs (RFC 9112 §9.3 and §9.6), unless the headers hold it.
fn write_connection(
    fields: &Fields,
    close: Option<CloseReason>,
    asked: Option<RequestFacts>,
    out: &mut Vec<u8>,
) {
    let old = asked.is_some_and(|asked| asked.version == Version::Http10);
    let line: &[u8] = match (close, old) {
        (Some(_), _) if !fields.close => b"Connection: close\r\n",
        (None, true) if !fields.keep_alive => b"Connection: keep-alive\r\n",
        (Some(_) | None, _) => b"",
    };
    out.extend_from_slice(line);
}
