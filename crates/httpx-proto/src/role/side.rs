//! [`Side`]: all that differs between a client and a server.

use crate::Limits;
use crate::body_length::BodyLength;
use crate::body_writer::BodyWriter;
use crate::cycle::CycleState;
use crate::error::{LocalError, RemoteError};
use crate::framing::Framing;
use crate::scan::Strictness;

/// A whole head and what it means, or why it is refused.
pub(crate) type ReceivedOrNot<H> = Result<ReceivedHead<H>, RemoteError>;

/// The decisions of a [`Role`](super::Role). The trait is public in a private module, which seals `Role`.
pub trait Side: Sized {
    /// The heads that this side sends, borrowed.
    type Sends<'a>;
    /// The heads that this side receives.
    type Receives;

    /// What is overlooked in what the other side sends.
    const STRICTNESS: Strictness;

    /// Whether messages may lie behind the one that is being received.
    const PIPELINED: bool;

    /// Whether the other side has anything to say yet.
    fn may_receive(cycle: &CycleState) -> bool;

    /// Looks at the first bytes of a head before it is whole, so that what is no HTTP fails at once.
    fn check_start(start: HeadPrefix<'_>) -> Result<(), RemoteError>;

    /// The most bytes that a first line can have, with its line end; `None` where it is only looked at with the whole
    /// head.
    fn line_bytes(limits: &Limits) -> Option<usize>;

    /// Looks at the whole first line before the head is whole, with its line end.
    fn check_line(line: &[u8], limits: &Limits) -> Result<(), RemoteError>;

    /// Searches and [receives](Side::receive) the head at the front of these bytes, and gives its length: where it is
    /// whole, and so plain that one look is enough. `None` decides nothing.
    fn receive_plain(
        _bytes: &[u8],
        _cycle: &mut CycleState,
        _limits: &Limits,
    ) -> Option<(usize, ReceivedOrNot<Self::Receives>)> {
        None
    }

    /// Parses a whole head, and decides how its message goes on.
    fn receive(head: &[u8], cycle: &mut CycleState, limits: &Limits) -> ReceivedOrNot<Self::Receives>;

    /// Appends a head to `out`, and decides how its message goes on. Changes nothing if it fails.
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
    /// No more will come.
    pub(crate) ended: bool,
}

/// A head that was received, and what it means.
#[derive(Debug)]
pub struct ReceivedHead<H> {
    pub(crate) head: H,
    pub(crate) then: AfterHead,
}

/// What follows a head that was received.
#[derive(Debug, Clone, Copy)]
pub(crate) enum AfterHead {
    /// Another head of the same exchange.
    Interim,
    /// A body, perhaps of no bytes.
    Body(Framing),
    /// No HTTP.
    Switch,
}

/// What follows a head that was sent.
#[derive(Debug, Clone, Copy)]
pub enum SentHead {
    /// Another head of the same exchange.
    Interim,
    /// The body.
    Body(BodyWriter),
    /// Nothing: the message ends here.
    Ended,
    /// Nothing, though the message may have a body elsewhere: the answer to HEAD, and 304.
    Silent,
    /// No HTTP.
    Switch,
}
