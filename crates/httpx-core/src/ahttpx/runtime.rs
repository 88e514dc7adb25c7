//! The tokio runtime of the caller, and the errors of a caller whose runtime is missing or cannot wait.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, sleep_until, timeout};

use crate::{Error, ErrorKind, RequestSent, Result};

/// Returns the current runtime.
///
/// # Errors
///
/// If there is none.
pub fn current_runtime() -> Result<Handle> {
    let message = "there is no tokio runtime here; call this inside #[tokio::main], #[tokio::test] or Runtime::block_on";
    Handle::try_current().map_err(|_| unsent(message.to_owned()))
}

/// Returns the current runtime, which has timers.
///
/// # Errors
///
/// If there is none, or if it has no timers.
pub fn current_runtime_with_timers() -> Result<Handle> {
    let runtime = current_runtime()?;
    // Making a sleep only checks whether there are timers.
    catch_missing_driver(|| drop(sleep_until(Instant::now()))).map_err(|text| {
        unsent(format!("the tokio runtime has no timers; call enable_all() on its builder ({text})"))
    })?;
    Ok(runtime)
}

/// Waits for this time.
///
/// # Errors
///
/// If there is no runtime with timers.
pub async fn pause(time: Duration) -> Result<()> {
    current_runtime_with_timers()?;
    tokio::time::sleep(time).await;
    Ok(())
}

/// Waits for a future, at most for this time. Returns `None` when the time is up.
///
/// # Errors
///
/// If there is a limit, and no runtime with timers.
pub async fn wait_for<F: Future>(future: F, at_most: Option<Duration>) -> Result<Option<F::Output>> {
    let Some(at_most) = at_most else { return Ok(Some(future.await)) };
    current_runtime_with_timers()?;
    Ok(timeout(at_most, future).await.ok())
}

/// Calls a function that panics if the runtime has no I/O or no timers. tokio offers no way to ask first. If it has
/// panicked, do not use the values that it borrows again.
///
/// # Errors
///
/// tokio's own text, which names the missing call on the runtime's builder.
pub fn catch_missing_driver<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|panic| text_of(&*panic))
}

fn text_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("tokio panicked").to_owned()
}

fn unsent(message: String) -> Error {
    Error::new(ErrorKind::Other, message).with_request_sent(RequestSent::Nothing)
}
