//! The two sides of a connection.

mod client;
mod server;
pub(crate) mod side;

/// The client's side: sends requests and receives responses.
#[derive(Debug, Clone, Copy)]
pub enum Client {}

/// The server's side: receives requests and sends responses.
#[derive(Debug, Clone, Copy)]
pub enum Server {}

/// A side of the connection: [`Client`] or [`Server`]. The trait is sealed.
pub trait Role: side::Side {}

impl Role for Client {}
impl Role for Server {}
