//! Logging: one line for each request, on request with the heads.
//!
//! [`Logging`] is a flow. As a network layer it sees each request that is sent, also each step of a redirect; as a layer it
//! sees each call once.
//!
//! ```
//! # #[cfg(feature = "blocking")] {
//! # mod httpx {
//! #     pub use httpx_core::{*, blocking::*};
//! #     pub mod flow { pub use httpx_middleware::*; }
//! #     pub mod logging { pub use httpx_middleware::logging::*; }
//! # }
//! # struct Mock;
//! # impl httpx::Transport for Mock {
//! #     fn send(&self, _: httpx::Request) -> httpx::Result<httpx::Response<httpx::Body>> {
//! #         Ok(httpx::Response::new(200, httpx_core::Text("hello"))?.into())
//! #     }
//! # }
//! # use httpx::Transport;
//! use httpx::logging::Logging;
//!
//! let logging = Logging::new(|record| println!("{record}"));
//! // On a client: Client::builder().network_layer(logging)
//! # let client = httpx::flow::Middleware::with(logging, Mock);
//! # client.send(httpx::Request::new("GET", "https://h/")?)?.read_body()?;
//! # }
//! # Ok::<(), httpx_core::Error>(())
//! ```
//!
//! It writes lines such as these:
//!
//! ```text
//! GET https://www.example.com/items?token=[secret] 200 OK 1.2 KiB 34 ms
//! POST https://www.example.com/items 303 See Other 0 B 12 ms
//! GET https://www.example.com/large 200 OK 64 KiB of 1.0 GiB 85 ms
//! GET https://www.example.com/broken 200 OK failed after 12 B, 40 ms: the response was cut short
//! GET http://127.0.0.1:9/ failed after 2.1 ms: could not connect to 127.0.0.1:9: connection refused
//! GET https://www.example.com/slow cancelled
//! ```
//!
//! A line is written when the body of the response has been read or dropped. The size counts the bytes that the program
//! read, decoded; "64 KiB of 1.0 GiB" is a body that was dropped before its end.
//!
//! Secrets are hidden as [`Redaction`] describes. Control characters that a server sends are escaped. URLs, errors and the
//! values of headers are shown up to 1,000 characters, so that a line has a limited length.

mod amount;
#[cfg(feature = "log")]
mod log_facade;
mod pending;
mod record;

use std::fmt;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

pub use httpx_core::Redaction;
use httpx_core::{RequestHead, Result};

use crate::{Clock, Flow, FlowNext, FlowOutcome};
pub use pending::LoggedCall;
use pending::Pending;
pub use record::{LogRecord, LogSeverity};

/// A flow that logs one line for each request: see the [module](self).
///
/// ```
/// # mod httpx { pub mod logging { pub use httpx_middleware::logging::*; } }
/// use httpx::logging::{Logging, LogSeverity, Redaction};
///
/// let logging = Logging::stderr().heads().redaction(Redaction::new().hide_param("email"));
/// let errors = Logging::new(|record| {
///     if record.severity() != LogSeverity::Info {
///         eprintln!("{record}");
///     }
/// });
/// ```
#[derive(Clone)]
pub struct Logging {
    write: Arc<WriteRecord>,
    redaction: Arc<Redaction>,
    shows_heads: bool,
}

type WriteRecord = dyn Fn(&LogRecord<'_>) + Send + Sync;

impl Logging {
    /// Calls this function for each request, when the body of its response has ended, or it has failed.
    ///
    /// The function runs where the body is read or dropped, so it must not block for long.
    pub fn new(write: impl Fn(&LogRecord<'_>) + Send + Sync + 'static) -> Self {
        Logging { write: Arc::new(write), redaction: Arc::default(), shows_heads: false }
    }

    /// Writes each line to this writer, for example an open file. Each record is one call of `write_all`. What cannot be
    /// written is lost, because a log must not break its program.
    ///
    /// ```
    /// # mod httpx { pub mod logging { pub use httpx_middleware::logging::*; } }
    /// let logging = httpx::logging::Logging::to_writer(std::io::sink());
    /// ```
    pub fn to_writer(writer: impl Write + Send + 'static) -> Self {
        let writer = Mutex::new(writer);
        Logging::new(move |record| {
            let line = format!("{record}\n");
            let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
            // Documented: a line that cannot be written is lost.
            let _lost = writer.write_all(line.as_bytes()).and_then(|()| writer.flush());
        })
    }

    /// Writes each line to the standard error.
    ///
    /// ```
    /// # mod httpx { pub mod logging { pub use httpx_middleware::logging::*; } }
    /// let logging = httpx::logging::Logging::stderr();
    /// ```
    pub fn stderr() -> Self {
        Logging::to_writer(std::io::stderr())
    }

    /// Also shows the heads of the request and the response, before the line. Defaults to the line alone.
    ///
    /// Headers that the transport adds, such as `Host`, are not among them.
    ///
    /// ```
    /// # mod httpx { pub mod logging { pub use httpx_middleware::logging::*; } }
    /// let logging = httpx::logging::Logging::stderr().heads();
    /// ```
    pub fn heads(mut self) -> Self {
        self.shows_heads = true;
        self
    }

    /// Sets which secrets are hidden. Defaults to [`Redaction::new`].
    ///
    /// ```
    /// # mod httpx { pub mod logging { pub use httpx_middleware::logging::*; } }
    /// use httpx::logging::{Logging, Redaction};
    ///
    /// let logging = Logging::stderr().redaction(Redaction::new().show_param("page_token"));
    /// ```
    pub fn redaction(mut self, redaction: Redaction) -> Self {
        self.redaction = Arc::new(redaction);
        self
    }
}

impl Flow for Logging {
    type Call = LoggedCall;

    fn start(&self, request: &mut RequestHead, clock: &dyn Clock) -> Result<LoggedCall> {
        Ok(LoggedCall::new(Pending::new(self.clone(), request.clone(), clock.now())))
    }

    fn next(
        &self,
        call: &mut LoggedCall,
        _: &mut RequestHead,
        outcome: FlowOutcome<'_>,
        clock: &dyn Clock,
    ) -> Result<FlowNext> {
        let Some(pending) = call.take() else { return Ok(FlowNext::Done) };
        Ok(pending.outcome(outcome, clock.now()))
    }
}

/// `<Logging>`.
impl fmt::Debug for Logging {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<Logging>")
    }
}

impl Logging {
    /// Makes a record of these facts, and hands it to the function.
    fn write(&self, record: LogRecord<'_>) {
        (self.write)(&record.redacted_by(&self.redaction, self.shows_heads));
    }
}
