//! Limits that requests share: [`RateLimit`] (requests per time) and [`ConcurrencyLimit`] (requests at once), for each
//! origin or in all.
//!
//! Both are flows. As network layers of a client they see each request that is sent: each step of a redirect and each
//! retry, but not the answers of a cache above them. Requests wait for their turn in the order in which they came, and not
//! past their total timeout. A call that is cancelled while it waits gives back its place.
//!
//! | limit | counts | a turn is over |
//! | --- | --- | --- |
//! | [`RateLimit`] | requests per time, with bursts | at once |
//! | [`ConcurrencyLimit`] | requests that are under way | when the body of the response has been read or dropped |

mod concurrency;
mod gcra;
mod rate;
mod scope;
mod wait_queue;

#[doc(hidden)]
pub use concurrency::ConcurrencyCall;
pub use concurrency::ConcurrencyLimit;
#[doc(hidden)]
pub use rate::RateCall;
pub use rate::RateLimit;

#[cfg(test)]
mod tests;
