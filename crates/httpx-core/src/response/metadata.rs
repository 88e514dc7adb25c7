//! The metadata of a response: about its call, and from its headers.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use super::Response;
use crate::{
    Attempts, CacheHit, ConnectionDetails, Headers, Link, MediaType, RequestSent, ResponseHead, SetCookie,
    Timings, TlsDetails, Url,
};

impl<B> Response<B> {
    /// Returns the URL that answered: after redirects, the last one. `None` for a response that was not received by a
    /// client.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx {
    /// #     pub use httpx_core::{*, blocking::*};
    /// #     pub mod models { pub use httpx_core::*; }
    /// #     pub mod network { pub use httpx_core::blocking::*; }
    /// # }
    /// use httpx::network::MockTransport;
    /// use httpx::{Request, Response, Transport};
    ///
    /// let mock = MockTransport::new(|_| Response::new(200, ()));
    /// let response = mock.send(Request::new("GET", "https://example.com/items")?)?;
    /// assert_eq!(response.url().unwrap().path(), "/items");
    /// assert!(Response::new(200, ())?.url().is_none());
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn url(&self) -> Option<&Url> {
        self.head.url()
    }

    /// Returns the redirects that led to this response, oldest first.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx {
    /// #     pub use httpx_core::{*, blocking::*};
    /// #     pub mod models { pub use httpx_core::*; }
    /// #     pub mod network { pub use httpx_core::blocking::*; }
    /// # }
    /// # let response = httpx::Response::new(200, ())?;
    /// for redirect in response.history() {
    ///     println!("{} from {:?}", redirect.status(), redirect.url());
    /// }
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn history(&self) -> &[ResponseHead] {
        self.head.history()
    }

    /// Returns how often the request was sent until this response was received, and why the earlier attempts failed.
    /// Without retries it is one attempt.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// # fn print(response: &httpx::Response) {
    /// for attempt in response.attempts().earlier() {
    ///     println!("{attempt}"); // 503 Service Unavailable after 12ms, then a pause of 180ms
    /// }
    /// # }
    /// ```
    pub fn attempts(&self) -> &Attempts {
        self.head.attempts()
    }

    /// Returns the trailers, which follow the body (RFC 9110 §6.5); empty until the body has been read. Fields that RFC 9110
    /// §6.5.1 does not allow there (framing, routing, authentication, for example `Content-Length` and `Set-Cookie`) are
    /// dropped.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx {
    /// #     pub use httpx_core::{*, blocking::*};
    /// #     pub mod models { pub use httpx_core::*; }
    /// #     pub mod network { pub use httpx_core::blocking::*; }
    /// # }
    /// # let get = || httpx::Response::new(200, ());
    /// let response = get()?;
    /// if let Some(checksum) = response.trailers().get("Checksum") {
    ///     println!("{checksum:?}");
    /// }
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn trailers(&self) -> &Headers {
        self.head.trailers()
    }

    /// Returns how much of the request had been sent when this response ended; for a streamed response, when its head
    /// arrived, until its body has been read. `None` for a response that was not received by a client. See
    /// [`ResponseHead::request_sent`].
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx {
    /// #     pub use httpx_core::{*, blocking::*};
    /// #     pub mod models { pub use httpx_core::*; }
    /// #     pub mod network { pub use httpx_core::blocking::*; }
    /// # }
    /// use httpx::models::RequestSent;
    ///
    /// # let upload = || httpx::Response::new(200, ());
    /// let response = upload()?;
    /// if response.request_sent() == Some(RequestSent::Partial) {
    ///     println!("the server answered before it had the whole body");
    /// }
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn request_sent(&self) -> Option<RequestSent> {
        self.head.request_sent()
    }

    /// Returns how a cache of the client answered: fresh, revalidated, or stale with the reason. `None` for a response of the
    /// server, also if that was stored for later requests.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// let response = httpx::Response::new(200, ())?;
    /// assert!(response.from_cache().is_none());
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn from_cache(&self) -> Option<CacheHit> {
        self.head.from_cache()
    }

    /// Returns the value of `Content-Length`: the length of the body on the wire, before it is decoded. `None` if there
    /// is none, or if it is not a number.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod models { pub use httpx_core::*; } }
    /// use httpx::Response;
    ///
    /// let response = Response::new(200, ())?.with_header("Content-Length", 1024)?;
    /// assert_eq!(response.content_length(), Some(1024));
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn content_length(&self) -> Option<u64> {
        self.head.content_length()
    }

    /// Returns the media type of the body: its `Content-Type`.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::{Response, Text};
    ///
    /// let response = Response::new(200, Text("Hello"))?;
    /// assert!(response.media_type().is_some_and(|media_type| media_type.is("text/plain")));
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn media_type(&self) -> Option<MediaType<'_>> {
        MediaType::parse(self.content_type()?)
    }

    /// Returns the links of the `Link` headers: see [`links`](ResponseHead::links) of the head.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod models { pub use httpx_core::*; } }
    /// use httpx::Response;
    ///
    /// let response = Response::new(200, ())?.with_header("Link", "</items?page=2>; rel=next, </items>; rel=first")?;
    /// assert!(response.links().map(|link| link.target().to_owned()).eq(["/items?page=2", "/items"]));
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn links(&self) -> impl Iterator<Item = Link<'_>> {
        self.head.links()
    }

    /// Returns the URL of the first link with this relation type: see [`link`](ResponseHead::link) of the head.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod models { pub use httpx_core::*; } }
    /// use httpx::Response;
    ///
    /// let response = Response::new(200, ())?.with_header("Link", "<https://example.com/?page=2>; rel=next")?;
    /// assert_eq!(response.link("next").unwrap(), "https://example.com/?page=2");
    /// assert!(response.link("prev").is_none());
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn link(&self, rel: &str) -> Option<Url> {
        self.head.link(rel)
    }

    /// Returns the cookies that this response sets: its `Set-Cookie` headers, in order, without those that browsers
    /// ignore. The cookies of redirects are in the heads of the [`history`](Response::history).
    ///
    /// `Client::cookies` is the jar with the cookies that a client has accepted.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::Response;
    ///
    /// let response = Response::new(200, ())?.with_header("Set-Cookie", "sid=31d4; HttpOnly")?;
    /// let session = response.cookies().find(|cookie| cookie.name() == "sid").unwrap();
    /// assert_eq!(session.value(), "31d4");
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn cookies(&self) -> impl Iterator<Item = SetCookie<'_>> {
        self.head.cookies()
    }

    /// Returns how long the server asks the client to wait, by its `Retry-After`: see
    /// [`retry_after`](ResponseHead::retry_after) of the head.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod models { pub use httpx_core::*; } }
    /// use std::time::{Duration, SystemTime};
    /// use httpx::Response;
    ///
    /// let response = Response::new(503, ())?.with_header("Retry-After", 120)?;
    /// assert_eq!(response.retry_after(SystemTime::now()), Some(Duration::from_secs(120)));
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn retry_after(&self, now: SystemTime) -> Option<Duration> {
        self.head.retry_after(now)
    }

    /// Returns the address of the server, or of the proxy in front of it.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx {
    /// #     pub use httpx_core::{*, blocking::*};
    /// #     pub mod models { pub use httpx_core::*; }
    /// #     pub mod network { pub use httpx_core::blocking::*; }
    /// # }
    /// # let get = || httpx::Response::new(200, ());
    /// let response = get()?;
    /// if let (Some(address), Some(time)) = (response.remote_addr(), response.elapsed()) {
    ///     println!("{address} answered after {time:?}");
    /// }
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn remote_addr(&self) -> Option<SocketAddr> {
        self.head.remote_addr()
    }

    /// Returns the time from the start of the call to the end of this response's head.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx {
    /// #     pub use httpx_core::{*, blocking::*};
    /// #     pub mod models { pub use httpx_core::*; }
    /// #     pub mod network { pub use httpx_core::blocking::*; }
    /// # }
    /// # let get = || httpx::Response::new(200, ());
    /// let response = get()?;
    /// println!("{:?}", response.elapsed());
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn elapsed(&self) -> Option<Duration> {
        self.head.elapsed()
    }

    /// Returns the address of this side of the connection. `None` for a response that was not received by a client.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::{Response, Text};
    ///
    /// let response = Response::new(200, Text("Hello"))?;
    /// assert!(response.local_addr().is_none()); // it came from no server
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn local_addr(&self) -> Option<SocketAddr> {
        self.head().local_addr()
    }

    /// Returns whether the connection was open before the request.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::{Response, Text};
    ///
    /// let response = Response::new(200, Text("Hello"))?;
    /// assert!(!response.is_reused());
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn is_reused(&self) -> bool {
        self.head().is_reused()
    }

    /// Returns the details of the connection that carried the response: its number, addresses, TLS. `None` for a response
    /// that was not received by a client.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::{Response, Text};
    ///
    /// let response = Response::new(200, Text("Hello"))?;
    /// assert!(response.connection().is_none()); // it came from no server
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn connection(&self) -> Option<&ConnectionDetails> {
        self.head().connection()
    }

    /// Returns the parameters of TLS: version, cipher suite, certificates of the server. `None` for `http`.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::{Response, Text};
    ///
    /// let response = Response::new(200, Text("Hello"))?;
    /// assert!(response.tls().is_none()); // it came from no server
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn tls(&self) -> Option<&TlsDetails> {
        self.head().tls()
    }

    /// Returns the time of each step: queue, lookup, connect, TLS, send, first byte, head, and once the body has been read,
    /// body. `None` for a response that was not received by a client.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// # let get = || httpx::Response::new(200, ());
    /// let response = get()?;
    /// if let Some(timings) = response.timings() {
    ///     println!("lookup {:?}, connect {:?}, TLS {:?}", timings.lookup, timings.connect, timings.tls);
    ///     println!("sent in {:?}, answered after {:?}", timings.send, timings.first_byte);
    /// }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn timings(&self) -> Option<Timings> {
        self.head().timings()
    }
}
