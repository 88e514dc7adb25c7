//! A kit for tests of programs that use this client (feature `testing`).
//!
//! | to test | use |
//! | --- | --- |
//! | what your code asks, and what it does with the answers | a [`Mock`]: routes with answers, and expectations |
//! | the same, with one closure for all requests | a [`MockTransport`](crate::network::MockTransport), without this feature |

#[cfg(feature = "async")]
mod ahttpx;
#[cfg(feature = "blocking")]
mod blocking;
mod cassette;
mod delivery;
mod fault;
mod mock;
mod reply;
mod server;

pub use cassette::{Cassette, Player, RecordMode, Recorder};
pub use fault::Fault;
pub use mock::{Mock, PathParams, Route, Times};
pub use reply::Reply;
pub use server::{Script, TestServer, TestServerBuilder};
