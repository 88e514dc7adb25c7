//! [`Attempts`]: how often a request was sent, and why the earlier attempts failed.

use std::fmt;
use std::time::Duration;

use crate::{ErrorKind, StatusCode};

/// The attempts of a call: [`Response::attempts`](crate::Response::attempts), [`Error::attempts`](crate::Error::attempts).
///
/// A call without retries has one attempt. The last attempt is the one that the response or the error belongs to; the
/// [`earlier`](Attempts::earlier) ones are those that were followed by a retry.
///
/// ```
/// # fn print(response: &httpx_core::Response) {
/// println!("attempt {}", response.attempts().count());
/// for attempt in response.attempts().earlier() {
///     println!("{attempt}"); // 503 Service Unavailable after 12ms, then a pause of 180ms
/// }
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attempts {
    earlier: Vec<Attempt>,
    not_retried: Option<NotRetried>,
}

impl Attempts {
    /// One attempt.
    pub(crate) const ONE: &'static Attempts = &Attempts { earlier: Vec::new(), not_retried: None };

    /// Creates the attempts of a call: for middleware.
    #[doc(hidden)]
    pub fn new(earlier: Vec<Attempt>, not_retried: Option<NotRetried>) -> Self {
        Attempts { earlier, not_retried }
    }

    /// Returns the number of attempts; 1 without retries.
    pub fn count(&self) -> usize {
        self.earlier.len() + 1
    }

    /// Returns the attempts before the last one, oldest first. Empty without retries.
    pub fn earlier(&self) -> &[Attempt] {
        &self.earlier
    }

    /// Returns why the last attempt was not followed by another one, although its outcome is one that is retried.
    /// `None` if it was a success, or a failure that is never retried.
    pub fn not_retried(&self) -> Option<NotRetried> {
        self.not_retried
    }
}

/// An attempt that was followed by a retry.
///
/// `{}` shows its outcome, its duration, and the pause after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    outcome: Outcome,
    began: Duration,
    duration: Duration,
    pause: Duration,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    Answered(StatusCode),
    Failed { kind: ErrorKind, text: String },
}

impl Attempt {
    /// Creates an attempt that got a response: for middleware.
    #[doc(hidden)]
    pub fn answered(status: StatusCode) -> Self {
        Attempt::new(Outcome::Answered(status))
    }

    /// Creates an attempt that failed with an error of this kind and text: for middleware.
    #[doc(hidden)]
    pub fn failed(kind: ErrorKind, text: String) -> Self {
        Attempt::new(Outcome::Failed { kind, text })
    }

    fn new(outcome: Outcome) -> Self {
        Attempt { outcome, began: Duration::ZERO, duration: Duration::ZERO, pause: Duration::ZERO }
    }

    /// Sets when the attempt began, and how long it took: for middleware.
    #[doc(hidden)]
    pub fn with_times(self, began: Duration, duration: Duration) -> Self {
        Attempt { began, duration, ..self }
    }

    /// Sets the pause after the attempt: for middleware.
    #[doc(hidden)]
    pub fn with_pause(self, pause: Duration) -> Self {
        Attempt { pause, ..self }
    }

    /// Returns the status of the response, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        match self.outcome {
            Outcome::Answered(status) => Some(status),
            Outcome::Failed { .. } => None,
        }
    }

    /// Returns the kind of the error, if there was no response.
    pub fn error_kind(&self) -> Option<ErrorKind> {
        match self.outcome {
            Outcome::Answered(_) => None,
            Outcome::Failed { kind, .. } => Some(kind),
        }
    }

    /// Returns the text of the error with its causes, but without the method and the URL, if there was no response.
    pub fn error(&self) -> Option<&str> {
        match &self.outcome {
            Outcome::Answered(_) => None,
            Outcome::Failed { text, .. } => Some(text),
        }
    }

    /// Returns when the attempt began, counted from the start of the call.
    pub fn began(&self) -> Duration {
        self.began
    }

    /// Returns how long the attempt took, until the head of its response or its error.
    pub fn duration(&self) -> Duration {
        self.duration
    }

    /// Returns the pause between this attempt and the next one.
    pub fn pause(&self) -> Duration {
        self.pause
    }
}

/// `503 Service Unavailable after 12ms, then a pause of 180ms`.
impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Attempt { outcome, duration, pause, .. } = self;
        match outcome {
            Outcome::Answered(status) => write!(f, "{status}")?,
            Outcome::Failed { text, .. } => f.write_str(text)?,
        }
        write!(f, " after {duration:?}, then a pause of {pause:?}")
    }
}

/// Why a request was not sent again, although its outcome is one that is retried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NotRetried {
    /// It was sent as often as allowed.
    NoAttemptsLeft,
    /// The server may have acted on it, and acting twice may do harm: see
    /// [`RequestHead::is_idempotent`](crate::RequestHead::is_idempotent).
    NotIdempotent,
    /// Its body came from a reader, an iterator or a stream, which can be read only once.
    BodyNotReplayable,
    /// The budget of retries, which the requests of a client share, is used up.
    BudgetExhausted,
    /// The server asks for a longer pause, by its `Retry-After`, than is allowed.
    RetryAfterTooLong,
    /// The pause would outlast the total timeout.
    NoTimeLeft,
}

/// The reason and the remedy, as a part of a sentence: `it has no attempts left`.
impl fmt::Display for NotRetried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotRetried::NoAttemptsLeft => "it has no attempts left",
            NotRetried::NotIdempotent => {
                "the server may have acted on it; call idempotent(true) if acting twice does no harm"
            }
            NotRetried::BodyNotReplayable => {
                "its body came from a reader or a stream; send bytes instead, or a models::File"
            }
            NotRetried::BudgetExhausted => "the budget of retries is used up",
            NotRetried::RetryAfterTooLong => "Retry-After asks for a longer pause than max_retry_after()",
            NotRetried::NoTimeLeft => "the pause would outlast the total timeout",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    #[test]
    fn an_error_tells_its_attempts() {
        let error = || {
            Error::new(ErrorKind::Io, "the connection broke")
                .with_source(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
                .with_request("POST", "http://h/?secret")
        };
        assert_eq!((error().attempts().count(), error().attempts().not_retried()), (1, None));
        let ms = Duration::from_millis;
        let earlier = vec![
            Attempt::answered(StatusCode::SERVICE_UNAVAILABLE).with_times(ms(0), ms(12)).with_pause(ms(180)),
            Attempt::failed(error().kind(), error().message_with_causes()).with_times(ms(192), ms(3)),
        ];
        let shown: Vec<_> = earlier.iter().map(Attempt::to_string).collect();
        assert_eq!(
            shown,
            [
                "503 Service Unavailable after 12ms, then a pause of 180ms",
                "the connection broke: connection reset after 3ms, then a pause of 0ns",
            ]
        );
        let facts = |attempt: &Attempt| (attempt.status().map(StatusCode::as_u16), attempt.error_kind());
        assert_eq!(
            (facts(&earlier[0]), facts(&earlier[1])),
            ((Some(503), None), (None, Some(ErrorKind::Io)))
        );

        let rows = [
            (vec![], None, "POST http://h/?secret: the connection broke: connection reset"),
            (
                earlier.clone(),
                None,
                "POST http://h/?secret (after 3 attempts): the connection broke: connection reset",
            ),
            (
                earlier,
                Some(NotRetried::NoAttemptsLeft),
                "POST http://h/?secret (after 3 attempts): the connection broke: connection reset",
            ),
            (
                vec![],
                Some(NotRetried::BudgetExhausted),
                "POST http://h/?secret: the connection broke: connection reset \
                 (not retried: the budget of retries is used up)",
            ),
        ];
        for (earlier, not_retried, text) in rows {
            let mut error = error();
            error.set_attempts(Attempts::new(earlier, not_retried));
            assert_eq!(error.to_string(), text);
        }
    }
}
