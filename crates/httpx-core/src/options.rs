use std::time::Duration;

/// The settings that a request carries to its transport: all of them optional, and each as good on a client as on
/// one request.
///
/// ```
/// use std::time::Duration;
/// use httpx_core::Options;
///
/// let mut client = Options::default();
/// client.max_body_bytes = Some(1 << 20);
/// client.timeouts.read = Some(Duration::from_secs(5));
/// let mut request = Options::default();
/// request.max_body_bytes = Some(1 << 30);
/// let both = request.or(&client); // the request's own win
/// assert_eq!((both.max_body_bytes, both.timeouts.read), (Some(1 << 30), Some(Duration::from_secs(5))));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// How long to wait for what.
    pub timeouts: Timeouts,
    /// How many bytes (decoded) a body may have that is read to completion. Defaults to 100 MiB; a streamed body
    /// has no limit.
    pub max_body_bytes: Option<u64>,
    /// How many redirects to follow; 0 gives the redirect itself. Defaults to 20.
    pub max_redirects: Option<u32>,
    /// Whether a redirect may lead from https to http. Defaults to no.
    pub allow_https_to_http: Option<bool>,
    /// Whether it does no harm to send the request twice. Defaults to what its method says (RFC 9110 §9.2.2).
    pub idempotent: Option<bool>,
    /// Whether the response's content coding is undone. Defaults to yes.
    pub decompress: Option<bool>,
}

/// The six timeouts. `None` is *not set here*; [`Timeouts::NEVER`] waits for ever.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// Making a connection: resolving, TCP and TLS together. Defaults to 10 s.
    pub connect: Option<Duration>,
    /// Waiting for a connection of the pool to become free. Defaults to 5 min.
    pub pool: Option<Duration>,
    /// Each wait for room to write. Defaults to 30 s.
    pub write: Option<Duration>,
    /// From the last byte written to the whole head of the final response; a byte does not renew it. Defaults to
    /// 30 s.
    pub head: Option<Duration>,
    /// Each wait for more of the body. Defaults to 30 s.
    pub read: Option<Duration>,
    /// The whole call, from `send` to the last byte of the body, with queue, retries and redirects. Defaults to
    /// none, so that a long download may take its time: a body may drip for ever unless this is set.
    pub total: Option<Duration>,
}

impl Options {
    /// These settings, and where they say nothing, the other's.
    pub fn or(&self, defaults: &Options) -> Options {
        Options {
            timeouts: self.timeouts.or(&defaults.timeouts),
            max_body_bytes: self.max_body_bytes.or(defaults.max_body_bytes),
            max_redirects: self.max_redirects.or(defaults.max_redirects),
            allow_https_to_http: self.allow_https_to_http.or(defaults.allow_https_to_http),
            idempotent: self.idempotent.or(defaults.idempotent),
            decompress: self.decompress.or(defaults.decompress),
        }
    }

    /// The limit on a body that is read to completion, where nobody set another: 100 MiB, more than any answer that
    /// is meant to lie in memory, and less than what brings a process down.
    pub const MAX_BODY_BYTES: u64 = 100 << 20;

    /// How many redirects are followed where nobody set another number; curl says 50, browsers and Python's httpx 20.
    pub const MAX_REDIRECTS: u32 = 20;
}

/// The setters, for a value made in one go:
///
/// ```
/// use std::time::Duration;
/// use httpx_core::Timeouts;
///
/// let timeouts = Timeouts::new().connect(Duration::from_secs(2)).read(Timeouts::NEVER);
/// assert_eq!(timeouts.connect, Some(Duration::from_secs(2)));
/// ```
impl Timeouts {
    /// None of them set.
    pub const fn new() -> Self {
        Timeouts { connect: None, pool: None, write: None, head: None, read: None, total: None }
    }

    /// The same with this [`connect`](Timeouts#structfield.connect) timeout.
    pub const fn connect(self, timeout: Duration) -> Self {
        Timeouts { connect: Some(timeout), ..self }
    }

    /// The same with this [`pool`](Timeouts#structfield.pool) timeout.
    pub const fn pool(self, timeout: Duration) -> Self {
        Timeouts { pool: Some(timeout), ..self }
    }

    /// The same with this [`write`](Timeouts#structfield.write) timeout.
    pub const fn write(self, timeout: Duration) -> Self {
        Timeouts { write: Some(timeout), ..self }
    }

    /// The same with this [`head`](Timeouts#structfield.head) timeout.
    pub const fn head(self, timeout: Duration) -> Self {
        Timeouts { head: Some(timeout), ..self }
    }

    /// The same with this [`read`](Timeouts#structfield.read) timeout.
    pub const fn read(self, timeout: Duration) -> Self {
        Timeouts { read: Some(timeout), ..self }
    }

    /// The same with this [`total`](Timeouts#structfield.total) timeout.
    pub const fn total(self, timeout: Duration) -> Self {
        Timeouts { total: Some(timeout), ..self }
    }
}

impl Timeouts {
    /// Set a timeout to this and it never passes.
    pub const NEVER: Duration = Duration::MAX;

    /// What applies where nobody set anything.
    pub const DEFAULT: Timeouts = Timeouts {
        connect: Some(Duration::from_secs(10)),
        pool: Some(Duration::from_secs(300)),
        write: Some(Duration::from_secs(30)),
        head: Some(Duration::from_secs(30)),
        read: Some(Duration::from_secs(30)),
        total: None,
    };

    /// These timeouts, and where they say nothing, the other's.
    pub fn or(&self, defaults: &Timeouts) -> Timeouts {
        Timeouts {
            connect: self.connect.or(defaults.connect),
            pool: self.pool.or(defaults.pool),
            write: self.write.or(defaults.write),
            head: self.head.or(defaults.head),
            read: self.read.or(defaults.read),
            total: self.total.or(defaults.total),
        }
    }
}
