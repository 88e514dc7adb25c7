//! The clients of this test, in each flavour.

use std::panic::{AssertUnwindSafe, catch_unwind};

use httpx::testing::{Mock, Player, Recorder};
use httpx::{Bytes, Response, Result};

use crate::support::Flavour;

/// A flavour whose clients run over the transports of the kit.
pub(crate) trait Kit: Flavour {
    fn over_mock(mock: Mock) -> Self;
    fn playing(player: Player) -> Self;
    /// Records what goes to the mock.
    fn recording(recorder: Recorder<Mock>) -> Self;

    /// Sends a request with these headers and this body. The header lines are those of a request.
    fn ask(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: &'static str,
    ) -> Result<Response<Bytes>> {
        let mut ask = self.request(method, url).body(Self::bytes(body));
        for (name, value) in headers {
            ask = ask.header(name, *value);
        }
        Self::send(ask)
    }
}

#[cfg(feature = "blocking")]
impl Kit for crate::support::Blocking {
    fn over_mock(mock: Mock) -> Self {
        crate::support::Blocking(httpx::Client::builder().transport(mock).build().unwrap())
    }

    fn playing(player: Player) -> Self {
        crate::support::Blocking(httpx::Client::builder().transport(player).build().unwrap())
    }

    fn recording(recorder: Recorder<Mock>) -> Self {
        crate::support::Blocking(httpx::Client::builder().transport(recorder).build().unwrap())
    }
}

#[cfg(feature = "async")]
impl Kit for crate::support::Async {
    fn over_mock(mock: Mock) -> Self {
        crate::support::Async(httpx::ahttpx::Client::builder().transport(mock).build().unwrap())
    }

    fn playing(player: Player) -> Self {
        crate::support::Async(httpx::ahttpx::Client::builder().transport(player).build().unwrap())
    }

    fn recording(recorder: Recorder<Mock>) -> Self {
        crate::support::Async(httpx::ahttpx::Client::builder().transport(recorder).build().unwrap())
    }
}

/// Returns the text of the panic, with the lines of this test's files left out; `None` if there is none.
pub(crate) fn panic_text(run: impl FnOnce()) -> Option<String> {
    let panic = catch_unwind(AssertUnwindSafe(run)).err()?;
    let text = panic.downcast::<String>().unwrap();
    let place = concat!(" (", file!());
    let place = &place[..place.rfind(['/', '\\']).unwrap()];
    let mut kept = String::new();
    for line in text.lines() {
        let end = line.find(place).unwrap_or(line.len());
        kept.push_str(&line[..end]);
        kept.push('\n');
    }
    Some(kept)
}
