//! Where each direction stands.
//!
//! The law of this file: all transitions live here, in one `match` without a `_` arm, so that a new phase or step
//! does not compile until every pair has been decided; and this file does not know which role we are.

/// Where one direction of the connection stands in the current cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// No final head has passed yet (interim ones may have).
    Idle,
    /// The head has passed; the body and the end are to come.
    Body,
    /// The message is complete.
    Done,
    /// The bytes are no HTTP any more: after 101, or 2xx to CONNECT.
    Switched,
    /// Nothing more comes or goes this way.
    Closed,
    /// This half has failed; its error repeats.
    Failed,
}

/// Where both directions stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phases {
    /// What we send: a client's request, a server's response.
    pub sending: Phase,
    /// What we receive: a client's response, a server's request.
    pub receiving: Phase,
}

/// What can happen in one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transition {
    /// An interim head passed.
    Interim,
    /// The final head passed.
    Head,
    /// The message is complete.
    End,
    /// The protocol changes here.
    Switch,
    /// The stream ended between messages.
    Close,
    /// The rules were broken.
    Fail,
    /// Both messages are complete, and the connection is used again.
    NextCycle,
}

impl Phase {
    /// The phase after this step; `None` if the step is not legal here.
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
