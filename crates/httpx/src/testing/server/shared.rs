//! [`Shared`]: what the threads of a server share: its behaviour, its connections, and what it has received.

use std::collections::HashMap;
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use httpx_core::{Request, RequestHead, Result};

use super::script::Script;
use crate::testing::kept_requests::KeptRequests;
use crate::testing::reply::Reply;

/// The most connections at a time: each has a thread.
const MAX_CONNECTIONS: usize = 256;

/// What a server does on a connection.
pub(super) enum Behaviour {
    Answers(Box<AnswerFunction>),
    /// The last one is for all further connections.
    Scripts(Vec<Script>),
}

/// Answers a request.
pub(super) type AnswerFunction = dyn Fn(RequestHead, Bytes) -> Result<Reply> + Send + Sync;

/// The state that the threads of a server share.
pub(super) struct Shared {
    pub(super) behaviour: Behaviour,
    pub(super) max_body_bytes: usize,
    /// The beginning of the URLs of requests without `Host`.
    pub(super) origin: String,
    pub(super) scheme: &'static str,
    state: Mutex<State>,
    stopped: Condvar,
}

#[derive(Default)]
struct State {
    is_stopped: bool,
    accepted: usize,
    /// The sockets of the open connections, to close them.
    sockets: HashMap<usize, TcpStream>,
    requests: KeptRequests,
}

impl Shared {
    pub(super) fn new(
        behaviour: Behaviour,
        max_body_bytes: usize,
        address: SocketAddr,
        is_tls: bool,
    ) -> Self {
        let scheme = if is_tls { "https" } else { "http" };
        let (state, stopped) = (Mutex::default(), Condvar::new());
        Shared { behaviour, max_body_bytes, origin: format!("{scheme}://{address}"), scheme, state, stopped }
    }

    /// Takes a connection. Returns its number, or `None` if there are too many.
    pub(super) fn enter(self: &Arc<Self>, socket: &TcpStream) -> Option<usize> {
        let mut state = self.lock();
        let handle = socket.try_clone().ok().filter(|_| state.sockets.len() < MAX_CONNECTIONS)?;
        let place = state.accepted;
        state.accepted = state.accepted.saturating_add(1);
        state.sockets.insert(place, handle);
        Some(place)
    }

    /// Ends a connection.
    pub(super) fn leave(&self, place: usize) {
        self.lock().sockets.remove(&place);
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.lock().is_stopped
    }

    /// Closes all connections and ends all pauses.
    pub(super) fn stop(&self) {
        let mut state = self.lock();
        state.is_stopped = true;
        for socket in state.sockets.values() {
            // It fails if the client has left.
            drop(socket.shutdown(Shutdown::Both));
        }
        self.stopped.notify_all();
    }

    /// Waits for this time, or until the server stops.
    pub(super) fn pause(&self, time: Duration) {
        if !time.is_zero() {
            drop(self.stopped.wait_timeout_while(self.lock(), time, |state| !state.is_stopped));
        }
    }

    /// Keeps a request.
    pub(super) fn record(&self, head: RequestHead, body: Bytes) {
        self.lock().requests.add(Request::from_parts(head, body));
    }

    pub(super) fn requests(&self) -> Vec<Request<Bytes>> {
        self.lock().requests.copies()
    }

    pub(super) fn accepted(&self) -> usize {
        self.lock().accepted
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
