//! Serves one connection: receives requests, answers them, keeps it alive.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use httpx_core::{Headers, RequestHead, Response, StatusCode, Timeout};
use httpx_proto::{BodyLength, Limits, LocalError, Server};

use super::ending::{close, wait_for_end};
use super::player;
use super::received::{Received, receive};
use super::shared::{AnswerFunction, Behaviour, Shared};
use super::wire::ServerStream;
use crate::testing::fault::Fault;
use crate::testing::reply::{Answer, Reply};

/// Whether a connection goes on after a response.
#[derive(PartialEq)]
enum After {
    KeepAlive,
    /// A clean end.
    Close,
    /// An end without one.
    Drop,
}

/// Serves a connection until either side ends it. `place` is its number.
pub(super) fn serve(wire: &mut dyn ServerStream, shared: &Shared, place: usize) {
    let answer = match &shared.behaviour {
        Behaviour::Answers(answer) => answer,
        Behaviour::Scripts(scripts) => {
            if let Some(script) = scripts.get(place).or(scripts.last()) {
                player::play(script, wire, shared);
            }
            return;
        }
    };
    let mut server = Server::new(Limits::default());
    let mut after = After::KeepAlive;
    while after == After::KeepAlive && !shared.is_stopped() {
        after = match receive(&mut server, wire, shared) {
            Received::Request(head, body) => {
                let reply = ask(&**answer, head, body, shared);
                shared.pause(reply.delay);
                respond(&mut server, wire, reply)
            }
            Received::Refused(status, text) => refuse(&mut server, wire, status, text),
            Received::End => After::Close,
        };
        if after == After::KeepAlive && server.next_cycle().is_err() {
            after = After::Close;
        }
    }
    if after == After::Close {
        close(wire);
    }
}

/// Records the request, and calls the user's function.
fn ask(answer: &AnswerFunction, head: RequestHead, body: Bytes, shared: &Shared) -> Reply {
    shared.record(head.clone(), body.clone());
    let answered = catch_unwind(AssertUnwindSafe(|| answer(head, body)));
    answered.map_or_else(|_| Reply::text("the function of the test server panicked").status(500), Reply::from)
}

fn respond(server: &mut Server, wire: &mut dyn ServerStream, reply: Reply) -> After {
    match reply.answer {
        Answer::Response(response) => {
            match write_response(server, wire, &response, reply.cut_after, reply.is_chunked) {
                Ok(after) => after,
                Err(error) => refuse(server, wire, StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
            }
        }
        Answer::Fault(Fault::Timeout(Timeout::Head | Timeout::Read | Timeout::Total)) => {
            wait_for_end(wire);
            After::Drop
        }
        Answer::Fault(Fault::Closed) => After::Close,
        Answer::Fault(_) => {
            wire.reset();
            After::Drop
        }
        Answer::Error(error) => refuse(server, wire, StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
    }
}

/// Writes a response, or its beginning.
///
/// # Errors
///
/// If the response is not valid. Nothing has been written then.
fn write_response(
    server: &mut Server,
    wire: &mut dyn ServerStream,
    response: &Response<Bytes>,
    cut_after: Option<usize>,
    is_chunked: bool,
) -> Result<After, LocalError> {
    let mut out = Vec::new();
    let has_no_body = matches!(response.status().as_u16(), 204 | 304);
    let length = match (has_no_body, is_chunked) {
        (true, _) => BodyLength::None,
        (false, true) => BodyLength::Unknown,
        (false, false) => BodyLength::Known(response.body().len() as u64),
    };
    server.send_head(response.head(), length, &mut out)?;
    let body = if has_no_body { &[][..] } else { response.body() };
    let sent = cut_after.and_then(|bytes| body.get(..bytes)).unwrap_or(body);
    if !sent.is_empty() {
        server.send_data(sent, &mut out)?;
    }
    if cut_after.is_none() {
        server.send_end(&Headers::new(), &mut out)?;
    }
    if wire.write_all(&out).and_then(|()| wire.flush()).is_err() || cut_after.is_some() {
        return Ok(After::Drop);
    }
    Ok(if server.reuse() == httpx_proto::Reuse::Ready { After::KeepAlive } else { After::Close })
}

/// Answers with this status and text, and closes the connection.
fn refuse(server: &mut Server, wire: &mut dyn ServerStream, status: StatusCode, text: String) -> After {
    let refusal =
        Response::new(status, httpx_core::Text(text)).and_then(|it| it.with_header("Connection", "close"));
    // Nothing can be sent if the response had begun.
    match refusal.map(|refusal| write_response(server, wire, &refusal, None, false)) {
        Ok(Ok(_)) => After::Close,
        Ok(Err(_)) | Err(_) => After::Drop,
    }
}
