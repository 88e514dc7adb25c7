//! [`Side`]: everything that differs between a client and a server.

use crate::Limits;
use crate::body_length::BodyLength;
use crate::body_writer::BodyWriter;
use crate::cycle::CycleState;
use crate::error::{LocalError, RemoteError};
use crate::framing::Framing;
use crate::scan::Strictness;

/// A parsed head and its meaning, or why it is refused.
pub(crate) type ReceivedOrNot<H> = Result<ReceivedHead<H>, RemoteError>;

/// The decisions of a [`Role`](super::Role). The trait is public in a private module, which seals `Role`.
pub trait Side: Sized {
    /// The heads that this side sends, borrowed.
    type Sends<'a>;
    /// The heads that this side receives.
    type Receives;

    /// How strictly the messages of the other side are read.
    const STRICTNESS: Strictness;

    /// Whether other messages may follow the one that is being received.
    const PIPELINED: bool;

    /// Returns whether the other side may send a head now.
    fn may_receive(cycle: &CycleState) -> bool;

    /// Checks the first bytes of a head before it is complete, so that another protocol fails at once.
    fn check_start(start: HeadPrefix<'_>) -> Result<(), RemoteError>;

    /// Returns the length of the longest valid first line, with its line end; `None` if the first line is only checked
    /// with the whole head.
    fn line_bytes(limits: &Limits) -> Option<usize>;

    /// Checks the whole first line before the head is complete, with its line end.
    fn check_line(line: &[u8], limits: &Limits) -> Result<(), RemoteError>;

    /// [Receives](Side::receive) the head at the front of these bytes if it is complete and in the common form, and
    /// returns its length. `None` decides nothing.
    fn receive_plain(
        _bytes: &[u8],
        _cycle: &mut CycleState,
        _limits: &Limits,
    ) -> Option<(usize, ReceivedOrNot<Self::Receives>)> {
        None
    }

    /// Parses a whole head, and decides how its message continues.
    fn receive(head: &[u8], cycle: &mut CycleState, limits: &Limits) -> ReceivedOrNot<Self::Receives>;

    /// Appends a head to `out`, and decides how its message continues. Changes nothing if it fails.
    fn send(
        head: Self::Sends<'_>,
        body: BodyLength,
        cycle: &mut CycleState,
        out: &mut Vec<u8>,
    ) -> Result<SentHead, LocalError>;
}

/// The first bytes of a head.
#[derive(Debug, Clone, Copy)]
pub struct HeadPrefix<'a> {
    pub(crate) bytes: &'a [u8],
    /// The stream has ended after them.
    pub(crate) ended: bool,
}

/// A received head and its meaning.
#[derive(Debug)]
pub struct ReceivedHead<H> {
    pub(crate) head: H,
    pub(crate) then: AfterHead,
}

/// The part of the message after a received head.
#[derive(Debug, Clone, Copy)]
pub(crate) enum AfterHead {
    /// Another head of the same exchange.
    Interim,
    /// A body, which may be empty.
    Body(Framing),
    /// Another protocol.
    Switch,
}

/// The part of the message after a sent head.
#[derive(Debug, Clone, Copy)]
pub enum SentHead {
    /// Another head of the same exchange.
    Interim,
    /// The body.
    Body(BodyWriter),
    /// Nothing: the message ends here.
    Ended,
    /// Nothing. The message may have a body elsewhere: a response to HEAD, and a 304.
    Silent,
    /// Another protocol.
    Switch,
}
