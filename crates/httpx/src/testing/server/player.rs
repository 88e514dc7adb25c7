//! Plays a script on a connection.

use std::io;

use httpx_proto::{Limits, Server};

use super::ending::{close, wait_for_end};
use super::received::{Received, receive};
use super::script::{Script, ScriptStep};
use super::shared::Shared;
use super::wire::ServerStream;

/// How a script ends.
enum ScriptEnd {
    Close,
    Drop,
}

/// Plays the script until it or the connection ends.
pub(super) fn play(script: &Script, wire: &mut dyn ServerStream, shared: &Shared) {
    // An error means that the client has left.
    if matches!(play_steps(script, wire, shared), Ok(ScriptEnd::Close)) {
        close(wire);
    }
}

fn play_steps(script: &Script, wire: &mut dyn ServerStream, shared: &Shared) -> io::Result<ScriptEnd> {
    // The bytes of a pipelined request stay in it.
    let mut server = Server::new(Limits::default());
    for step in &script.steps {
        match step {
            ScriptStep::ReadRequest => match receive(&mut server, wire, shared) {
                Received::Request(head, body) => {
                    shared.record(head, body);
                    server = with_rest(server);
                }
                Received::Refused(..) | Received::End => return Ok(ScriptEnd::Close),
            },
            ScriptStep::Send(bytes) => wire.write_all(bytes).and_then(|()| wire.flush())?,
            ScriptStep::Drip(bytes, pause) => {
                for byte in bytes {
                    wire.write_all(std::slice::from_ref(byte)).and_then(|()| wire.flush())?;
                    shared.pause(*pause);
                }
            }
            ScriptStep::Pause(time) => shared.pause(*time),
            ScriptStep::Hang => {
                wait_for_end(wire);
                return Ok(ScriptEnd::Drop);
            }
            ScriptStep::Cut => return Ok(ScriptEnd::Drop),
            ScriptStep::Reset => {
                wire.reset();
                return Ok(ScriptEnd::Drop);
            }
        }
        if shared.is_stopped() {
            return Ok(ScriptEnd::Drop);
        }
    }
    Ok(ScriptEnd::Close)
}

/// Returns a codec for the next request, with the bytes that the last one has not used.
fn with_rest(server: Server) -> Server {
    let mut next = Server::new(Limits::default());
    next.receive(&server.into_unread());
    next
}
