//! Opens the files of a request's body, within the time of the call: opening a pipe may take forever.

use std::future::{Future, poll_fn};
use std::pin::pin;

use httpx_core::ahttpx::Body;
use httpx_core::{RequestHead, RequestSent, Result};

use super::timer::Timer;
use crate::into_error::timeout;

/// Opens the files of a body that is to be sent.
///
/// # Errors
///
/// If a file cannot be opened, or not before the total timeout is over.
pub(super) async fn open_body(head: &RequestHead, body: &mut Body) -> Result<()> {
    let mut timer = Timer::on_current_runtime()?;
    let mut opening = pin!(body.open());
    let opened = poll_fn(|cx| {
        let opened = opening.as_mut().poll(cx);
        timer.poll_by(cx, opened, head.deadline())
    });
    let late = || Err(timeout::total(head.options().timeouts.total));
    opened.await.unwrap_or_else(late).map_err(|error| error.with_request_sent(RequestSent::Nothing))
}
