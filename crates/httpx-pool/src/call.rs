//! [`Call`]: a request's head, and how long it may take.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use httpx_core::{Error, IntoUrl, Method, RequestHead, RequestSent, ResponseHead, Result, Timeouts};

use crate::endpoint::{Endpoint, Scheme};
use crate::into_error;
use crate::key::{KeyRef, Runtime};
use crate::pool_config::PoolConfig;

/// What is asked, and by when.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) head: &'a RequestHead,
    pub(crate) timeouts: Timeouts,
    /// When it must have ended, with queue, retries, redirects and body.
    pub(crate) deadline: Option<Instant>,
}

impl<'a> Call<'a> {
    /// The call that this request belongs to. It has begun, so its timeouts are resolved.
    ///
    /// # Errors
    ///
    /// If it is sent to a URL that is neither http nor https.
    pub(crate) fn new(head: &'a RequestHead) -> Result<Self> {
        Scheme::of(head.url())?;
        Ok(Call { head, timeouts: head.options().timeouts, deadline: head.deadline() })
    }

    /// The key under which the plan keeps connections for this call.
    pub(crate) fn key(&self, runtime: Runtime) -> KeyRef<'a> {
        KeyRef::of(self.head.url(), runtime)
    }

    /// Where it leads to.
    pub(crate) fn endpoint(&self) -> Result<Endpoint> {
        Endpoint::of(self.head.url())
    }

    /// Fails if a connection to there is no good for it.
    pub(crate) fn check_leads_to(&self, endpoint: &Endpoint) -> Result<()> {
        match self.endpoint()? == *endpoint {
            true => Ok(()),
            false => Err(into_error::wrong_origin(endpoint)),
        }
    }

    /// The earlier of the end of the call, and the end of a wait of its own that begins now.
    pub(crate) fn by(&self, own: Option<Duration>) -> Option<Instant> {
        let own = own.and_then(|limit| Instant::now().checked_add(limit));
        own.into_iter().chain(self.deadline).min()
    }

    /// What is known of a response to it that is not on the wire.
    pub(crate) fn describe(&self, response: &mut ResponseHead, remote_addr: Option<SocketAddr>) {
        response.set_request(self.head.clone());
        if let Some(addr) = remote_addr {
            response.set_remote_addr(addr);
        }
        if let Some(started) = self.head.started() {
            response.set_elapsed(started.elapsed());
        }
    }

    /// Whether the total timeout has passed.
    fn is_over(&self) -> bool {
        self.deadline.is_some_and(|deadline| deadline <= Instant::now())
    }

    /// Replaces the error of a wait that ended before anything was sent, if the total timeout has passed too.
    pub(crate) fn or_total_timeout(&self, error: Error) -> Error {
        if error.is_timeout() && self.is_over() {
            into_error::timeout::total(self.timeouts.total).with_request_sent(RequestSent::Nothing)
        } else {
            error
        }
    }
}

/// The head of a call that only opens a connection to the origin of a URL.
pub(crate) fn head_to(url: impl IntoUrl, config: &PoolConfig) -> Result<RequestHead> {
    let mut head = RequestHead::new(Method::GET, url.into_url(None)?);
    head.begin(Instant::now, &config.timeouts());
    Ok(head)
}
