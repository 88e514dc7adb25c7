//! Reads a source of events in the async flavour.

use httpx_core::ahttpx::pause;
use httpx_core::{Result, ServerSentEvent};

use super::Client;
use crate::request_builder::event_source::{EventSource, NextAction, Then};

impl EventSource<Client> {
    /// Async: returns the next event; `None` at the end. If the future is dropped, no event is lost: the next call goes on.
    ///
    /// ```no_run
    /// # async fn run() -> httpx::Result<()> {
    /// let mut source = httpx::ahttpx::get("https://www.example.com/prices").event_source()?;
    /// while let Some(event) = source.next().await {
    ///     println!("{}", event?.data);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next(&mut self) -> Option<Result<ServerSentEvent>> {
        loop {
            let then = match self.next_action() {
                NextAction::Send(request) => {
                    let response = request.stream().await;
                    self.answered(response)
                }
                NextAction::Read => {
                    let item = match &mut self.events {
                        Some(events) => events.next().await,
                        None => None,
                    };
                    Some(self.received(item))
                }
                NextAction::End => return None,
            };
            match then {
                Some(Then::Return(item)) => return item,
                Some(Then::After(wait)) => {
                    if let Err(error) = pause(wait).await {
                        return Some(Err(error));
                    }
                }
                None => {}
            }
        }
    }
}
