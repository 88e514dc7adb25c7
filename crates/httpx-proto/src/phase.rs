//! The phase of each direction.
//!
//! The rule of this file: all transitions are here, in one `match` without a `_` arm, so that a new phase or transition
//! does not compile until every pair has been decided. This file does not know the role.

/// The phase of one direction in the current cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// No final head has passed yet. Interim ones may have.
    Idle,
    /// The head has passed. The body and the end follow.
    Body,
    /// The message is complete.
    Done,
    /// The bytes belong to another protocol: after a 101, or a 2xx to CONNECT.
    Switched,
    /// The direction is closed.
    Closed,
    /// This half has failed. Its error repeats.
    Failed,
}

/// The phases of both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phases {
    /// The messages that this side sends: a client's request, a server's response.
    pub sending: Phase,
    /// The messages that this side receives: a client's response, a server's request.
    pub receiving: Phase,
}

/// An event in one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transition {
    /// An interim head passed.
    Interim,
    /// The final head passed.
    Head,
    /// The message is complete.
    End,
    /// The protocol changes after this message.
    Switch,
    /// The stream ended between messages.
    Close,
    /// A rule was broken.
    Fail,
    /// Both messages are complete, and another cycle starts.
    NextCycle,
}

impl Phase {
    /// Returns the phase after this transition; `None` if the transition is not allowed here.
    #[inline]
    pub(crate) fn after(self, step: Transition) -> Option<Phase> {
        use Phase::{Body, Closed, Done, Failed, Idle, Switched};
        match (self, step) {
            (Idle, Transition::Interim) => Some(Idle),
            (Idle, Transition::Head) => Some(Body),
            (Idle, Transition::Close) => Some(Closed),
            (Body | Done, Transition::End) => Some(Done), // ending twice is harmless
            (Idle | Done, Transition::Switch) => Some(Switched),
            (Done, Transition::NextCycle) => Some(Idle),
            (Idle, Transition::NextCycle) => Some(Idle), // a cycle in which nothing happened
            (Idle | Body | Done | Switched | Closed | Failed, Transition::Fail) => Some(Failed),
            (Idle, Transition::End) => None,
            (
                Body,
                Transition::Interim
                | Transition::Head
                | Transition::Switch
                | Transition::Close
                | Transition::NextCycle,
            ) => None,
            (Done, Transition::Interim | Transition::Head | Transition::Close) => None,
            (
                Switched | Closed | Failed,
                Transition::Interim
                | Transition::Head
                | Transition::End
                | Transition::Switch
                | Transition::Close
                | Transition::NextCycle,
            ) => None,
        }
    }
}
