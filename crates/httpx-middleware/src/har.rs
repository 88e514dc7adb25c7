//! HAR: an archive of requests and responses (HTTP Archive 1.2), which the network panels of browsers and many tools read.
//!
//! [`HarRecorder`] is a flow. As a network layer it records each request that is sent, also each step of a redirect:
//!
//! ```
//! # #[cfg(feature = "blocking")] {
//! # mod httpx {
//! #     pub use httpx_core::{*, blocking::*};
//! #     pub mod flow { pub use httpx_middleware::*; }
//! #     pub mod har { pub use httpx_middleware::har::*; }
//! # }
//! # use httpx::Transport;
//! use httpx::har::HarRecorder;
//!
//! let recorder = HarRecorder::new();
//! // On a client: Client::builder().network_layer(recorder.clone())
//! # let mock = httpx_core::blocking::MockTransport::new(|_| httpx::Response::new(200, httpx_core::Text("hello")));
//! # let client = httpx::flow::Middleware::with(recorder.clone(), mock);
//! # client.send(httpx::Request::new("GET", "https://h/")?)?.read_body()?;
//! // … requests …
//! assert_eq!(recorder.len(), 1);
//! # if false {
//! recorder.save("requests.har")?;
//! # }
//! # }
//! # Ok::<(), httpx_core::Error>(())
//! ```
//!
//! An entry is made when the body of a response has been read or dropped, or the request has failed; failures have the status
//! 0 and a field `_error`. It has the heads without what the transport adds (such as `Host`), the times of
//! [`Timings`](httpx_core::Timings), and the bodies up to [`max_body_bytes`](HarRecorder::max_body_bytes): as text, or as
//! base64 if they are not UTF-8. The body of a request is recorded if its length is known.
//!
//! Secrets are hidden as [`Redaction`] describes, also in forms and in the members of JSON bodies. A body is left out if its
//! secrets [cannot be found](Redaction::body): JSON that is too long or not valid, and `multipart/form-data`. **Other bodies are
//! shown as they are.** Cookies are left out if their header is hidden.

mod bodies;
mod call;
mod entry;
mod timestamp;

use std::collections::VecDeque;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
pub use httpx_core::Redaction;
use httpx_core::{Error, ErrorKind, Length, RequestHead, Result};
use serde_json::{Value, json};

use crate::flow::BeforeSend;
use crate::replace_file::replace_file;
use crate::{Clock, Flow, FlowNext, FlowOutcome};
pub use call::HarCall;
use entry::HarEntry;

/// Records requests and responses as an HTTP Archive: see the [module](self). Clones share their entries.
///
/// ```
/// # mod httpx { pub mod har { pub use httpx_middleware::har::*; } }
/// use httpx::har::{HarRecorder, Redaction};
///
/// let recorder = HarRecorder::new()
///     .max_entries(100)
///     .max_bytes(1 << 20)
///     .max_body_bytes(4096)
///     .redaction(Redaction::new().hide_header("X-User"));
/// assert!(recorder.is_empty());
/// ```
#[derive(Clone)]
pub struct HarRecorder {
    kept: Arc<Mutex<KeptEntries>>,
    settings: HarSettings,
}

/// The entries, the oldest first.
#[derive(Default)]
struct KeptEntries {
    entries: VecDeque<HarEntry>,
    /// The bytes of their bodies.
    body_bytes: usize,
}

#[derive(Clone)]
struct HarSettings {
    max_entries: usize,
    max_bytes: usize,
    max_body_bytes: usize,
    redaction: Arc<Redaction>,
}

impl HarRecorder {
    /// The default of [`max_entries`](HarRecorder::max_entries), 1,000: some minutes of a busy program.
    pub const MAX_ENTRIES: usize = 1000;

    /// The default of [`max_bytes`](HarRecorder::max_bytes), 32 MiB.
    pub const MAX_BYTES: usize = 32 << 20;

    /// The default of [`max_body_bytes`](HarRecorder::max_body_bytes), 64 KiB.
    pub const MAX_BODY_BYTES: usize = 64 << 10;

    /// Creates a recorder without entries.
    pub fn new() -> Self {
        let settings = HarSettings {
            max_entries: HarRecorder::MAX_ENTRIES,
            max_bytes: HarRecorder::MAX_BYTES,
            max_body_bytes: HarRecorder::MAX_BODY_BYTES,
            redaction: Arc::default(),
        };
        HarRecorder { kept: Arc::default(), settings }
    }

    /// Sets the most entries that are kept. A further entry takes the place of the oldest. Defaults to
    /// [`MAX_ENTRIES`](HarRecorder::MAX_ENTRIES).
    pub fn max_entries(mut self, entries: usize) -> Self {
        self.settings.max_entries = entries;
        self
    }

    /// Sets the most bytes of all bodies together, as they stand in the archive: base64 counts in full. Beyond it the oldest
    /// entries are dropped, and an entry that has more bytes by itself is not kept. Defaults to
    /// [`MAX_BYTES`](HarRecorder::MAX_BYTES).
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.settings.max_bytes = bytes;
        self
    }

    /// Sets the most bytes that are kept of each body; 0 leaves bodies out. Defaults to
    /// [`MAX_BODY_BYTES`](HarRecorder::MAX_BODY_BYTES).
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.settings.max_body_bytes = bytes;
        self
    }

    /// Sets which secrets are hidden. Defaults to [`Redaction::new`].
    pub fn redaction(mut self, redaction: Redaction) -> Self {
        self.settings.redaction = Arc::new(redaction);
        self
    }

    /// Returns the number of entries.
    pub fn len(&self) -> usize {
        self.kept().entries.len()
    }

    /// Returns whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Removes all entries.
    pub fn clear(&self) {
        *self.kept() = KeptEntries::default();
    }

    /// Returns the archive as JSON, its entries in the order in which their requests began.
    ///
    /// ```
    /// # mod httpx { pub mod har { pub use httpx_middleware::har::*; } }
    /// assert!(httpx::har::HarRecorder::new().to_json().contains(r#""entries": []"#));
    /// ```
    pub fn to_json(&self) -> String {
        let mut entries = self.kept().entries.iter().cloned().collect::<Vec<_>>();
        entries.sort_by_key(|entry| entry.started);
        let entries = entries.into_iter().map(|entry| entry.json).collect::<Vec<_>>();
        let creator = json!({ "name": "httpx", "version": env!("CARGO_PKG_VERSION") });
        let archive: Value = json!({ "log": { "version": "1.2", "creator": creator, "entries": entries } });
        format!("{archive:#}")
    }

    /// Writes the archive to a file. Blocks.
    ///
    /// The file is replaced in one step: the archive is written to another file beside it, which is then renamed. On Unix only
    /// its owner can read it (mode 0600). A symbolic link is replaced, and not followed.
    ///
    /// # Errors
    ///
    /// If the file cannot be written: kind [`Io`](ErrorKind::Io). The old file, if there was one, is then unchanged.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        replace_file(path, |out| out.write_all(self.to_json().as_bytes())).map_err(|error| {
            let message = format!(
                "could not write the archive to {}; check that its directory exists and the disk has space",
                path.display()
            );
            Error::new(ErrorKind::Io, message).with_source(error)
        })
    }

    fn add(&self, entry: HarEntry) {
        let mut kept = self.kept();
        kept.body_bytes = kept.body_bytes.saturating_add(entry.body_bytes);
        kept.entries.push_back(entry);
        while kept.entries.len() > self.settings.max_entries || kept.body_bytes > self.settings.max_bytes {
            let Some(oldest) = kept.entries.pop_front() else { return };
            kept.body_bytes = kept.body_bytes.saturating_sub(oldest.body_bytes);
        }
    }

    fn kept(&self) -> MutexGuard<'_, KeptEntries> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Flow for HarRecorder {
    type Call = HarCall;

    fn start(&self, request: &mut RequestHead, clock: &dyn Clock) -> Result<HarCall> {
        self.start_with_body(request, Length::None, clock)
    }

    fn start_with_body(&self, request: &mut RequestHead, body: Length, clock: &dyn Clock) -> Result<HarCall> {
        Ok(HarCall::new(self.clone(), request.clone(), body, clock))
    }

    fn before_send(&self, call: &mut HarCall, _: &mut RequestHead, _: &dyn Clock) -> Result<BeforeSend> {
        let max_bytes = call.body_to_read(self.settings.max_body_bytes as u64);
        Ok(max_bytes.map_or(BeforeSend::Send, |max_bytes| BeforeSend::ReadRequestBody { max_bytes }))
    }

    fn on_request_body(
        &self,
        call: &mut HarCall,
        _: &mut RequestHead,
        body: Option<&Bytes>,
        _: &dyn Clock,
    ) -> Result<()> {
        call.set_body(body);
        Ok(())
    }

    fn next(
        &self,
        call: &mut HarCall,
        _: &mut RequestHead,
        outcome: FlowOutcome<'_>,
        clock: &dyn Clock,
    ) -> Result<FlowNext> {
        Ok(call.outcome(outcome, clock))
    }
}

impl Default for HarRecorder {
    fn default() -> Self {
        HarRecorder::new()
    }
}

/// `<HarRecorder [3 entries]>`.
impl fmt::Debug for HarRecorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<HarRecorder [{} entries]>", self.len())
    }
}
