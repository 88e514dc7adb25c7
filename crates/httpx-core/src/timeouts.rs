//! The six timeouts and their defaults.

use std::time::Duration;

/// The six timeouts of a request. `None` means not set; [`Timeouts::NEVER`] switches a timeout off.
///
/// ```
/// # mod httpx { pub use httpx_core::*; }
/// use std::time::Duration;
/// use httpx::Timeouts;
///
/// let timeouts = Timeouts::new().connect(Duration::from_secs(2)).read(Timeouts::NEVER);
/// assert_eq!(timeouts.connect, Some(Duration::from_secs(2)));
/// let timeouts = timeouts.total(Duration::from_secs(60)).head(Duration::from_secs(60)).write(Duration::from_secs(5));
/// let timeouts = timeouts.pool(Duration::from_secs(1)); // fail soon if the pool is busy
/// assert_eq!(Timeouts::new().or(&Timeouts::DEFAULT).head, Some(Duration::from_secs(30)));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// Making a connection: resolving, TCP, proxy and TLS together. Defaults to 10 s.
    pub connect: Option<Duration>,
    /// Waiting for a connection of the pool to become free. Defaults to 5 min.
    pub pool: Option<Duration>,
    /// Each wait for room to write. Defaults to 30 s.
    pub write: Option<Duration>,
    /// From the last byte written to the end of the final response's head; bytes that arrive do not extend it. Defaults
    /// to 30 s. Raise it for a server that computes longer before it answers, such as a language model that does not
    /// stream.
    pub head: Option<Duration>,
    /// Each wait for more of the body. Defaults to 30 s.
    pub read: Option<Duration>,
    /// The whole call, from `send` to the last byte of the body, with queue, retries and redirects. Defaults to no
    /// timeout, so that a long download may take its time; a body that arrives slowly can then take any time.
    pub total: Option<Duration>,
}

impl Timeouts {
    /// A timeout that never passes.
    pub const NEVER: Duration = Duration::MAX;

    /// The timeouts that apply if none is set.
    pub const DEFAULT: Timeouts = Timeouts {
        connect: Some(Duration::from_secs(10)),
        pool: Some(Duration::from_secs(300)),
        write: Some(Duration::from_secs(30)),
        head: Some(Duration::from_secs(30)),
        read: Some(Duration::from_secs(30)),
        total: None,
    };

    /// Creates a value with no timeout set.
    pub const fn new() -> Self {
        Timeouts { connect: None, pool: None, write: None, head: None, read: None, total: None }
    }

    /// Sets the [`connect`](Timeouts#structfield.connect) timeout. Defaults to 10 s.
    pub const fn connect(self, timeout: Duration) -> Self {
        Timeouts { connect: Some(timeout), ..self }
    }

    /// Sets the [`pool`](Timeouts#structfield.pool) timeout. Defaults to 5 min.
    pub const fn pool(self, timeout: Duration) -> Self {
        Timeouts { pool: Some(timeout), ..self }
    }

    /// Sets the [`write`](Timeouts#structfield.write) timeout. Defaults to 30 s.
    pub const fn write(self, timeout: Duration) -> Self {
        Timeouts { write: Some(timeout), ..self }
    }

    /// Sets the [`head`](Timeouts#structfield.head) timeout. Defaults to 30 s.
    pub const fn head(self, timeout: Duration) -> Self {
        Timeouts { head: Some(timeout), ..self }
    }

    /// Sets the [`read`](Timeouts#structfield.read) timeout. Defaults to 30 s.
    pub const fn read(self, timeout: Duration) -> Self {
        Timeouts { read: Some(timeout), ..self }
    }

    /// Sets the [`total`](Timeouts#structfield.total) timeout. Defaults to no timeout.
    pub const fn total(self, timeout: Duration) -> Self {
        Timeouts { total: Some(timeout), ..self }
    }

    /// Returns these timeouts, with `defaults` for those that are not set.
    pub fn or(&self, defaults: &Timeouts) -> Timeouts {
        let mut timeouts = *self;
        timeouts.fill(defaults);
        timeouts
    }

    /// Sets those that are not set to the value that they have in `defaults`.
    pub(crate) fn fill(&mut self, defaults: &Timeouts) {
        let Timeouts { connect, pool, write, head, read, total } = defaults;
        fill(&mut self.connect, connect);
        fill(&mut self.pool, pool);
        fill(&mut self.write, write);
        fill(&mut self.head, head);
        fill(&mut self.read, read);
        fill(&mut self.total, total);
    }
}

/// Sets an option to its default, unless it is set.
#[inline]
pub(crate) fn fill<T: Copy>(option: &mut Option<T>, default: &Option<T>) {
    if option.is_none() {
        *option = *default;
    }
}
