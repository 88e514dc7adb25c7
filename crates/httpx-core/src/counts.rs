use std::fmt;

/// How many connections a transport holds, as its representation shows it: `[1 active, 2 idle]`.
///
/// ```
/// use httpx_core::ConnectionCounts;
///
/// assert_eq!(ConnectionCounts { active: 0, idle: 3 }.to_string(), "[0 active, 3 idle]");
/// assert_eq!(ConnectionCounts { active: 1, idle: 0 }.to_string(), "[1 active]");
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ConnectionCounts {
    /// Those that carry a request, or are being opened for one.
    pub active: usize,
    /// Those that wait for a request.
    pub idle: usize,
}

impl fmt::Display for ConnectionCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.idle {
            0 => write!(f, "[{} active]", self.active),
            idle => write!(f, "[{} active, {idle} idle]", self.active),
        }
    }
}
