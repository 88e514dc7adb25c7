//! Which side we are: all that differs between a client and a server.

use crate::Limits;
use crate::cycle::CycleState;
use crate::error::{LocalError, RemoteError};
use crate::framing::Framing;
use crate::scan::Strictness;
use crate::send::{BodyLength, BodyWriter};

mod client;
mod server;

/// What a whole head turned out to be.
type ReceivedOrNot<H> = Result<ReceivedHead<H>, RemoteError>;

/// Sends requests and receives responses.
#[derive(Debug, Clone, Copy)]
pub enum Client {}

/// Receives requests and sends responses.
#[derive(Debug, Clone, Copy)]
pub enum Server {}

/// A side of the connection: [`Client`] or [`Server`]. Nobody else can be one.
pub trait Role: sealed::Sealed + Sized {
    /// The heads that this side sends, lent.
    type Sends<'a>;
    /// The heads that it receives.
    type Receives;

    /// What is overlooked in what the other side sends.
    #[doc(hidden)]
    const STRICTNESS: Strictness;

    /// Whether messages may lie behind the one that is being received.
    #[doc(hidden)]
    const PIPELINED: bool;

    /// Whether the other side has anything to say yet.
    #[doc(hidden)]
    fn may_receive(cycle: &CycleState) -> bool;

    /// Looks at the first bytes of a head before it is whole, so that what is no HTTP fails at once.
    #[doc(hidden)]
    fn check_start(start: HeadPrefix<'_>) -> Result<(), RemoteError>;

    /// The most bytes that a first line can have, with its line end; `None` where it is only looked at with the whole
    /// head.
    #[doc(hidden)]
    fn line_bytes(limits: &Limits) -> Option<usize>;

    /// Looks at the whole first line before the head is whole, with its line end.
    #[doc(hidden)]
    fn check_line(line: &[u8], limits: &Limits) -> Result<(), RemoteError>;

    /// Searches and [receives](Role::receive) the head at the front of these bytes, and gives its length: where it is
    /// whole, and so plain that one look is enough. `None` decides nothing.
    #[doc(hidden)]
    fn receive_plain(
        _bytes: &[u8],
        _cycle: &mut CycleState,
        _limits: &Limits,
    ) -> Option<(usize, ReceivedOrNot<Self::Receives>)> {
        None
    }

    /// Parses a whole head, and decides how its message goes on.
    #[doc(hidden)]
    fn receive(head: &[u8], cycle: &mut CycleState, limits: &Limits) -> ReceivedOrNot<Self::Receives>;

    /// Appends a head to `out`, and decides how its message goes on. Changes nothing if it fails.
    #[doc(hidden)]
    fn send(
        head: Self::Sends<'_>,
        body: BodyLength,
        cycle: &mut CycleState,
        out: &mut Vec<u8>,
    ) -> Result<SentHead, LocalError>;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Client {}
    impl Sealed for super::Server {}
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
