//! Reads a source of events in the blocking flavour.

use std::iter::FusedIterator;
use std::thread;

use httpx_core::{Result, ServerSentEvent};

use super::Client;
use crate::request_builder::event_source::{EventSource, NextAction, Then};

impl Iterator for EventSource<Client> {
    type Item = Result<ServerSentEvent>;

    fn next(&mut self) -> Option<Result<ServerSentEvent>> {
        loop {
            let then = match self.next_action() {
                NextAction::Send(request) => self.answered(request.stream()),
                NextAction::Read => {
                    let item = self.events.as_mut().and_then(Iterator::next);
                    Some(self.received(item))
                }
                NextAction::End => return None,
            };
            match then {
                Some(Then::Return(item)) => return item,
                Some(Then::After(wait)) => thread::sleep(wait),
                None => {}
            }
        }
    }
}

impl FusedIterator for EventSource<Client> {}
