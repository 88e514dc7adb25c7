//! [`Recorder`]: a transport that records exchanges into a cassette, or plays them.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use httpx_core::{RequestHead, Response, Result};

use super::store;
use super::tape::Tape;
use super::{Cassette, Player, RecordMode};
use crate::testing::reply::Reply;

/// A transport that records what goes through another transport into a [`Cassette`], and plays it the next time.
///
/// By default it records if there is no file yet, and plays the file else: see [`RecordMode`], and the variable
/// `HTTPX_RECORD`. It reads each body into memory before it sends or returns it. A request that fails is not recorded.
///
/// The file is written when the last clone is dropped, unless the thread is panicking: a test that fails records nothing. The
/// drop panics if the file cannot be written; [`save`](Recorder::save) returns this error.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// use httpx::testing::{Mock, Recorder, Reply};
/// use httpx::Client;
///
/// # let path = std::env::temp_dir().join(format!("httpx-recorder-{}.txt", std::process::id()));
/// # let server = Mock::new();
/// # server.get("/greet").reply(Reply::text("Hello"));
/// # for _ in 0..2 {
/// # let pool = server.clone();
/// // `pool` is a `ConnectionPool`, for example.
/// let client = Client::builder().transport(Recorder::new(&path, pool)?).build()?;
/// assert_eq!(client.get("https://api.example.com/greet").send()?.text(), "Hello");
/// # }
/// # assert_eq!(server.requests().len(), 1);
/// # std::fs::remove_file(&path)?;
/// # }
/// # Ok::<(), httpx::Error>(())
/// ```
pub struct Recorder<T> {
    transport: Arc<T>,
    state: Arc<RecorderState>,
}

struct RecorderState {
    cassette: Cassette,
    /// Plays the cassette, if nothing is to be recorded.
    player: Option<Player>,
    /// In mode `Missing`, what was recorded is played.
    plays_tape: bool,
    recording: Mutex<Recording>,
}

struct Recording {
    tape: Tape,
    /// Whether the file is to be written.
    is_changed: bool,
}

/// What to do with a request.
pub(in crate::testing) enum RecorderStep {
    Play(Result<Reply>),
    Record,
}

impl<T> Recorder<T> {
    /// Records what goes through this transport into the file at this path, or plays the file. [`Cassette::recorder`] has
    /// the other settings.
    ///
    /// # Errors
    ///
    /// As [`Cassette::recorder`].
    pub fn new(path: impl Into<PathBuf>, transport: T) -> Result<Self> {
        Cassette::new(path).recorder(transport)
    }

    /// Returns whether requests are recorded. If not, they are only played.
    ///
    /// ```
    /// use httpx::testing::{Cassette, Mock, RecordMode};
    ///
    /// let cassette = Cassette::new("no/such/cassette.txt").mode(RecordMode::Once);
    /// assert!(cassette.recorder(Mock::new())?.is_recording());
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn is_recording(&self) -> bool {
        self.state.player.is_none()
    }

    /// Writes the file now, if something was recorded since it was last written.
    ///
    /// # Errors
    ///
    /// Kind [`Config`](crate::ErrorKind::Config), if the disk is full, for example. The old file is unchanged then.
    pub fn save(&self) -> Result<()> {
        self.state.save()
    }

    pub(super) fn open(cassette: Cassette, transport: T) -> Result<Self> {
        let mode = cassette.mode.map_or_else(RecordMode::from_env, Ok)?;
        let plays_tape = mode == RecordMode::Missing;
        let has_file = || cassette.path.exists();
        let (player, exchanges) = match mode {
            RecordMode::None => (Some(Player::open(cassette.clone())?), Vec::new()),
            RecordMode::Once if has_file() => (Some(Player::open(cassette.clone())?), Vec::new()),
            RecordMode::Missing => {
                (None, cassette.filters.read(store::load(&cassette.path)?.unwrap_or_default()))
            }
            RecordMode::Once | RecordMode::All => (None, Vec::new()),
        };
        let recording = Mutex::new(Recording { tape: Tape::new(exchanges), is_changed: false });
        let state = RecorderState { cassette, player, plays_tape, recording };
        Ok(Recorder { transport: Arc::new(transport), state: Arc::new(state) })
    }

    pub(in crate::testing) fn transport(&self) -> &T {
        &self.transport
    }

    /// Decides what to do with a request.
    pub(in crate::testing) fn step(&self, head: &RequestHead, body: &Bytes) -> RecorderStep {
        let RecorderState { cassette, player, plays_tape, .. } = &*self.state;
        if let Some(player) = player {
            return RecorderStep::Play(player.answer(head, body));
        }
        let request = cassette.filters.request(head, body);
        let played = plays_tape.then(|| self.state.recording().tape.play(&request, cassette.order));
        match played {
            Some(Ok(response)) => RecorderStep::Play(Ok(response.into())),
            Some(Err(_)) | None => RecorderStep::Record,
        }
    }

    /// Records the response to a request.
    pub(in crate::testing) fn record(&self, head: &RequestHead, body: &Bytes, response: &Response<Bytes>) {
        let exchange = self.state.cassette.filters.exchange(head, body, response);
        let mut recording = self.state.recording();
        recording.tape.add(exchange);
        recording.is_changed = true;
    }
}

impl RecorderState {
    fn recording(&self) -> MutexGuard<'_, Recording> {
        self.recording.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn save(&self) -> Result<()> {
        let mut recording = self.recording();
        if recording.is_changed {
            store::save(&self.cassette.path, recording.tape.exchanges())?;
            recording.is_changed = false;
        }
        Ok(())
    }
}

impl Drop for RecorderState {
    #[expect(clippy::panic, reason = "the recording of a test would be lost")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        if let Err(error) = self.save() {
            panic!("{error}");
        }
    }
}

/// Shares the cassette and the transport.
impl<T> Clone for Recorder<T> {
    fn clone(&self) -> Self {
        Recorder { transport: Arc::clone(&self.transport), state: Arc::clone(&self.state) }
    }
}

/// `Recorder("tests/cassettes/users.txt", recording)`.
impl<T> fmt::Debug for Recorder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.is_recording() { "recording" } else { "playing" };
        write!(f, "Recorder({:?}, {what})", self.state.cassette.path)
    }
}
