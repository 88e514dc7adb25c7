//! The limits on everything that the other side sends except bodies.

/// Limits on everything except bodies that the other side can make a connection hold or read.
///
/// ```
/// let mut limits = httpx_proto::Limits::default();
/// limits.head_bytes = 16 * 1024;
/// # let _ = httpx_proto::Client::new(limits);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The bytes of everything but the body, together: heads, interim responses, chunk extensions, trailers and empty
    /// lines before a head. Chunk-size lines do not count, because each but the last announces a byte of body. The
    /// empty line after the last chunk does not count either.
    ///
    /// Defaults to 64 KiB. Real heads stay below 16 KiB, because most servers accept no more in a request. For a
    /// response, browsers and curl allow 256 to 300 KiB, ureq 64 KiB, h11 16 KiB.
    pub head_bytes: usize,
    /// The lines of one head, and of one trailer section.
    ///
    /// Defaults to 256. hyper stops at 100 and ureq at 128, which large `Set-Cookie` and security policies are known
    /// to exceed. Browsers allow thousands.
    pub header_count: usize,
    /// The interim (1xx) responses before the final one.
    ///
    /// Defaults to 16. Go once stopped at 5, and servers that report progress by 102 or 103 need more.
    pub interim_count: usize,
    /// The empty lines before a start line.
    ///
    /// Defaults to 8. RFC 9112 §2.2 asks for one; some old servers send two after a POST.
    pub empty_lines: usize,
    /// The bytes of the target of a request. Only a server receives one.
    ///
    /// Defaults to 16 KiB. RFC 9112 §3 asks for at least 8,000 bytes, where nginx and Apache stop.
    pub target_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            head_bytes: 64 * 1024,
            header_count: 256,
            interim_count: 16,
            empty_lines: 8,
            target_bytes: 16 * 1024,
        }
    }
}
