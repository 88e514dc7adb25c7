//! Trailers of a request.

use httpx_core::{Error, ErrorKind, Headers};
use httpx_pool::RequestTrailers;
use httpx_proto::is_allowed_as_trailer;

use super::RequestBuilder;
use crate::request_sender::RequestSender;

impl<C: RequestSender> RequestBuilder<C> {
    /// Sends these fields after the body, as trailers (RFC 9110 §6.5), and announces them in `Trailer`. The body is sent in
    /// chunks then. A request without a body sends no trailers. Many servers ignore them.
    ///
    /// Fields that frame, route or authenticate the request, or describe its content, are not allowed as trailers (RFC
    /// 9110 §6.5.1): `Content-Length`, `Authorization` and others are an error.
    ///
    /// ```
    /// let request = httpx::post("https://www.example.com/items").body("a pen").trailers([("Checksum", "5f1c")]);
    /// ```
    pub fn trailers<H>(self, trailers: H) -> Self
    where
        H: TryInto<Headers>,
        Error: From<H::Error>,
    {
        self.with(|draft| {
            let trailers = trailers.try_into()?;
            let mut names: Vec<&str> = Vec::new();
            for (name, _) in &trailers {
                if !is_allowed_as_trailer(name) {
                    let message = format!("{name} is not allowed as a trailer; send it as a header");
                    return Err(Error::new(ErrorKind::InvalidRequest, message));
                }
                if !names.iter().any(|other| other.eq_ignore_ascii_case(name)) {
                    names.push(name);
                }
            }
            if !names.is_empty() {
                draft.head.headers_mut().set_default("Trailer", names.join(", "))?;
            }
            draft.head.extensions_mut().insert(fixed(trailers));
            Ok(())
        })
    }

    /// Calls a function when the body has been sent, and sends the fields that it returns as trailers: for a checksum of
    /// the body, which the reader of the body computes. Otherwise as [`trailers`](RequestBuilder::trailers): set the header
    /// `Trailer` yourself if the server needs it. If the request is sent again, the function is called again. A field that
    /// is not valid is an error of `send`, after the body has been sent.
    ///
    /// ```
    /// use std::io::{self, Cursor, Read};
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicU64, Ordering};
    ///
    /// use httpx::Body;
    ///
    /// /// Adds up the bytes that are read.
    /// struct Summing<R>(R, Arc<AtomicU64>);
    ///
    /// impl<R: Read> Read for Summing<R> {
    ///     fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
    ///         let n = self.0.read(buf)?;
    ///         self.1.fetch_add(buf[..n].iter().map(|&byte| u64::from(byte)).sum(), Ordering::Relaxed);
    ///         Ok(n)
    ///     }
    /// }
    ///
    /// let sum = Arc::new(AtomicU64::new(0));
    /// let body = Body::from_reader(Summing(Cursor::new("a large file"), Arc::clone(&sum)));
    /// let request = httpx::put("https://www.example.com/large.bin")
    ///     .body(body)
    ///     .header("Trailer", "Checksum")
    ///     .trailers_with(move || [("Checksum", sum.load(Ordering::Relaxed))]);
    /// ```
    pub fn trailers_with<H>(self, function: impl Fn() -> H + Send + Sync + 'static) -> Self
    where
        H: TryInto<Headers>,
        Error: From<H::Error>,
    {
        self.extension(RequestTrailers::new(function))
    }
}

fn fixed(trailers: Headers) -> RequestTrailers {
    RequestTrailers::new(move || trailers.clone())
}
