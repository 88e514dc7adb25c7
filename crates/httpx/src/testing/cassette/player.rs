//! [`Player`]: a transport that plays a cassette.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use httpx_core::{Error, ErrorKind, RequestHead, Result};

use super::Cassette;
use super::store;
use super::tape::{Order, Tape};
use crate::testing::reply::Reply;

/// A transport that answers with the responses of a [`Cassette`], in both flavours. It never uses a network.
///
/// A request that was not recorded fails, with kind [`Other`](ErrorKind::Other): the message names the nearest recorded
/// request and the difference. Clones share what was played. A strict player whose last clone is dropped panics if not all
/// exchanges were played, unless the thread is panicking already.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// use httpx::Client;
/// use httpx::testing::Player;
///
/// # let path = std::env::temp_dir().join(format!("httpx-player-{}.txt", std::process::id()));
/// # std::fs::write(&path, "httpx cassette 1\n[1]\n> GET https://api.example.com/greet\n< HTTP/1.1 200 OK\n<| Hello\n[end 1]\n")?;
/// // The file holds:
/// // httpx cassette 1
/// // [1]
/// // > GET https://api.example.com/greet
/// // < HTTP/1.1 200 OK
/// // <| Hello
/// // [end 1]
/// let client = Client::builder().transport(Player::new(&path)?).build()?;
/// assert_eq!(client.get("https://api.example.com/greet").send()?.text(), "Hello");
/// # std::fs::remove_file(&path)?;
/// # }
/// # Ok::<(), httpx::Error>(())
/// ```
#[derive(Clone)]
pub struct Player(Arc<PlayerState>);

struct PlayerState {
    cassette: Cassette,
    tape: Mutex<Tape>,
}

impl Player {
    /// Plays the file at this path, in any order. [`Cassette::player`] has the other settings.
    ///
    /// # Errors
    ///
    /// As [`Cassette::player`].
    pub fn new(path: impl Into<PathBuf>) -> Result<Self> {
        Cassette::new(path).player()
    }

    /// Checks that all exchanges were played, if the player is [strict](Cassette::strict).
    ///
    /// # Panics
    ///
    /// If they were not.
    #[track_caller]
    #[expect(clippy::panic, reason = "it is an assertion of a test")]
    pub fn verify(&self) {
        if let Some(report) = self.0.report() {
            panic!("{report}");
        }
    }

    pub(super) fn open(cassette: Cassette) -> Result<Self> {
        match store::load(&cassette.path)? {
            Some(exchanges) => {
                let exchanges = cassette.filters.read(exchanges);
                Ok(Player(Arc::new(PlayerState { cassette, tape: Mutex::new(Tape::new(exchanges)) })))
            }
            None => Err(missing(&cassette)),
        }
    }

    pub(in crate::testing) fn answer(&self, head: &RequestHead, body: &Bytes) -> Result<Reply> {
        let request = self.0.cassette.filters.request(head, body);
        let played = self.0.tape().play(&request, self.0.cassette.order);
        played.map(Reply::from).map_err(|error| self.0.cassette.advise(&error))
    }
}

/// Returns the error of a cassette that must exist.
fn missing(cassette: &Cassette) -> Error {
    let message = format!(
        "there is no cassette {}; record it with a recorder, or check the path",
        cassette.path.display()
    );
    Error::new(ErrorKind::Config, message)
}

impl Cassette {
    /// Adds the path and the remedy to the error of a request that was not recorded.
    pub(super) fn advise(&self, error: &Error) -> Error {
        let advice = format!("record the cassette {} again with HTTPX_RECORD=all", self.path.display());
        Error::new(ErrorKind::Other, format!("{}; {advice}", error.message()))
    }
}

impl PlayerState {
    fn tape(&self) -> MutexGuard<'_, Tape> {
        self.tape.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn report(&self) -> Option<String> {
        let unplayed = self.tape().unplayed().filter(|_| self.cassette.order == Order::Strict)?;
        Some(format!("the cassette {} was not played to its end: {unplayed}", self.cassette.path.display()))
    }
}

impl Drop for PlayerState {
    #[expect(clippy::panic, reason = "it is an assertion of a test")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        if let Some(report) = self.report() {
            panic!("{report}");
        }
    }
}

/// `Player("tests/cassettes/users.txt", 3 exchanges)`.
impl fmt::Debug for Player {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Player({:?}, {} exchanges)", self.0.cassette.path, self.0.tape().len())
    }
}
