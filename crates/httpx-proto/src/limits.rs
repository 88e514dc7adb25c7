/// How much of one exchange the other side may make us hold or read before there is any body.
///
/// ```
/// let mut limits = httpx_proto::Limits::default();
/// limits.head_bytes = 16 * 1024;
/// # let _ = httpx_proto::Client::new(limits);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The bytes of all that is not body, together: heads, interim responses, chunk extensions, trailers and empty
    /// lines before a head. Chunk-size lines cost nothing of it, since each but the last brings a byte of body, nor
    /// does the empty line behind the last.
    ///
    /// Defaults to 64 KiB. Real heads stay below 16 KiB, since most servers take no more in a request; browsers and
    /// curl allow 256 to 300 KiB for a response, ureq 64, h11 16.
    pub head_bytes: usize,
    /// The lines of one head, and of one trailer section.
    ///
    /// Defaults to 256. hyper and ureq stop at 100 and 128, which large `Set-Cookie` and security policies have been
    /// seen to pass; browsers allow thousands.
    pub header_count: usize,
    /// The interim (1xx) responses before the final one.
    ///
    /// Defaults to 16. Go once stopped at 5, and servers that report progress by 102 or 103 were seen to need more.
    pub interim_count: usize,
    /// The empty lines before a start line.
    ///
    /// Defaults to 8. RFC 9112 §2.2 asks for one; some old servers send two after a POST.
    pub empty_lines: usize,
    /// The bytes of a request's target; only a server receives one.
    ///
    /// Defaults to 16 KiB. RFC 9112 §3 asks for at least 8,000 bytes, and nginx and Apache stop there.
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
