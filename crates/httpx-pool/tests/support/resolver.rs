//! A resolver for both flavours whose answers a test chooses.

use std::io;
use std::net::IpAddr;
use std::ops::Deref;
use std::time::Duration;

use httpx_pool::Resolved;
use httpx_testing::LookupAnswers;

pub use httpx_testing::Answer;

/// A resolver that returns the chosen answers.
#[derive(Clone, Debug)]
pub struct StubResolver(LookupAnswers);

impl StubResolver {
    pub fn new(answer: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
        StubResolver(LookupAnswers::new(answer))
    }

    /// All names lead to these addresses.
    pub fn leading_to(addresses: impl IntoIterator<Item = impl Into<IpAddr>>) -> Self {
        let addresses: Vec<IpAddr> = addresses.into_iter().map(Into::into).collect();
        StubResolver::new(move |_| Answer::Addresses(addresses.clone()))
    }

    /// `None` if the lookup hangs.
    fn begin(&self, name: &str) -> Option<io::Result<Resolved>> {
        match self.0.answer(name) {
            Answer::Addresses(addresses) => Some(Ok(Resolved::new(addresses))),
            Answer::Uncached(addresses) => Some(Ok(Resolved::new(addresses).time_to_live(Duration::ZERO))),
            Answer::Fails(kind) => Some(Err(kind.into())),
            Answer::Panics => panic!("no answer for {name}"),
            Answer::Hangs => None,
        }
    }
}

impl Deref for StubResolver {
    type Target = LookupAnswers;

    fn deref(&self) -> &LookupAnswers {
        &self.0
    }
}

#[cfg(feature = "blocking")]
impl httpx_pool::Resolver for StubResolver {
    fn resolve(&self, name: &str) -> io::Result<Resolved> {
        self.begin(name).unwrap_or_else(|| {
            self.0.wait_for_release();
            Err(io::ErrorKind::TimedOut.into())
        })
    }
}

#[cfg(feature = "async")]
impl httpx_pool::ahttpx::Resolver for StubResolver {
    fn resolve<'a>(&'a self, name: &'a str) -> httpx_pool::ahttpx::Resolving<'a> {
        Box::pin(async move {
            match self.begin(name) {
                Some(answer) => answer,
                None => std::future::pending().await,
            }
        })
    }
}
