//! The two flavours of a transport, as far as they differ.

use bytes::Bytes;
use httpx_core::{ConnectionCounts, MessageBody, Request, Response, ResponseHead, Result};

/// A transport in each flavour: [`Scripted`](super::Scripted), and every middleware over it.
#[cfg(not(feature = "async"))]
pub use httpx_core::blocking::Transport as Stack;

#[cfg(not(feature = "blocking"))]
pub use httpx_core::ahttpx::Transport as Stack;

#[cfg(all(feature = "blocking", feature = "async"))]
pub trait Stack: httpx_core::blocking::Transport + httpx_core::ahttpx::Transport {}
#[cfg(all(feature = "blocking", feature = "async"))]
impl<T: httpx_core::blocking::Transport + httpx_core::ahttpx::Transport> Stack for T {}

pub trait Flavour {
    type Body: MessageBody;
    const IS_ASYNC: bool;

    /// A body that cannot be sent again.
    fn once(body: String) -> Self::Body;
    /// Sends the request, and returns the head of the response; the body is dropped.
    fn send(stack: &impl Stack, request: Request<Self::Body>) -> Result<ResponseHead>;
    /// Sends the request, and reads the response to its end.
    fn read(stack: &impl Stack, request: Request<Self::Body>) -> Result<Response<Bytes>>;
    fn close(stack: &impl Stack);
    fn counts(stack: &impl Stack) -> Option<ConnectionCounts>;
}

#[cfg(feature = "blocking")]
pub use on_threads::Blocking;

#[cfg(feature = "blocking")]
mod on_threads {
    use std::io::Cursor;

    use bytes::Bytes;
    use httpx_core::{ConnectionCounts, Request, Response, ResponseHead, Result, blocking};

    use super::{Flavour, Stack};

    pub struct Blocking;

    impl Flavour for Blocking {
        type Body = blocking::Body;
        const IS_ASYNC: bool = false;

        fn once(body: String) -> Self::Body {
            blocking::Body::from_reader(Cursor::new(body))
        }

        fn send(stack: &impl Stack, request: Request<Self::Body>) -> Result<ResponseHead> {
            blocking::Transport::send(stack, request).map(|response| response.into_parts().0)
        }

        fn read(stack: &impl Stack, request: Request<Self::Body>) -> Result<Response<Bytes>> {
            blocking::Transport::send(stack, request)?.read_body()
        }

        fn close(stack: &impl Stack) {
            blocking::Transport::close(stack);
        }

        fn counts(stack: &impl Stack) -> Option<ConnectionCounts> {
            blocking::Transport::counts(stack)
        }
    }
}

#[cfg(feature = "async")]
pub use on_tokio::Async;

#[cfg(feature = "async")]
mod on_tokio {
    use std::io::Cursor;
    use std::sync::LazyLock;

    use bytes::Bytes;
    use httpx_core::{ConnectionCounts, Request, Response, ResponseHead, Result, ahttpx};
    use tokio::runtime::{Builder, Runtime};

    use super::{Flavour, Stack};

    static RUNTIME: LazyLock<Runtime> =
        LazyLock::new(|| Builder::new_current_thread().enable_time().build().unwrap());

    pub struct Async;

    impl Flavour for Async {
        type Body = ahttpx::Body;
        const IS_ASYNC: bool = true;

        fn once(body: String) -> Self::Body {
            ahttpx::Body::from_reader(Cursor::new(body))
        }

        fn send(stack: &impl Stack, request: Request<Self::Body>) -> Result<ResponseHead> {
            let sent = RUNTIME.block_on(ahttpx::Transport::send(stack, request));
            sent.map(|response| response.into_parts().0)
        }

        fn read(stack: &impl Stack, request: Request<Self::Body>) -> Result<Response<Bytes>> {
            RUNTIME.block_on(async { ahttpx::Transport::send(stack, request).await?.read_body().await })
        }

        fn close(stack: &impl Stack) {
            RUNTIME.block_on(ahttpx::Transport::close(stack));
        }

        fn counts(stack: &impl Stack) -> Option<ConnectionCounts> {
            ahttpx::Transport::counts(stack)
        }
    }
}
