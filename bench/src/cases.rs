//! The messages that are measured.

/// A request as a browser sends it.
pub struct Request {
    /// The target.
    pub target: &'static str,
    /// The host.
    pub host: &'static str,
    /// The headers except `Host`.
    pub fields: [(&'static str, &'static str); 7],
}

/// The request of all cases: a GET with 8 headers.
pub const REQUEST: Request = Request {
    target: "/articles/2026/11?page=2",
    host: "www.example.com",
    fields: [
        ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"),
        ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
        ("Accept-Language", "en-US,en;q=0.5"),
        ("Accept-Encoding", "gzip, deflate, br, zstd"),
        ("Referer", "https://www.example.com/articles/2026/11"),
        ("Cookie", "session=6f1ed002ab5595859014ebf0951522d9; theme=dark; lang=en"),
        ("Cache-Control", "max-age=0"),
    ],
};

/// A response on the wire.
#[derive(Debug, Clone)]
pub struct Case {
    /// The name on the command line.
    pub name: &'static str,
    /// The head without its framing header and without the empty line.
    head: String,
    body: Body,
}

/// The framing of a body. All its bytes are the same letter.
#[derive(Debug, Clone, Copy)]
pub enum Body {
    /// By `Content-Length`.
    Length(usize),
    /// In chunks.
    Chunks {
        /// The number of chunks without the last one, which is empty.
        count: usize,
        /// The bytes of each chunk.
        size: usize,
    },
}

/// The length of all bodies that are not chunked.
pub const SHORT: usize = 13;

/// A name, a head without its framing header, and the body.
type Row = (&'static str, &'static [&'static str], Body);

#[rustfmt::skip]
const TABLE: [Row; 6] = [
    ("small",        &[SMALL],          Body::Length(SHORT)),
    ("browser",      &[SMALL, BROWSER], Body::Length(SHORT)),
    ("large",        &LARGE,            Body::Length(SHORT)),
    ("odd",          &[ODD],            Body::Length(SHORT)),
    ("chunks-small", &[SMALL],          Body::Chunks { count: 100, size: 16 }),
    ("chunks-large", &[SMALL],          Body::Chunks { count: 64, size: 16 << 10 }),
];

/// Seven headers. With the framing header 275 bytes, like a typical response of an API.
const SMALL: &str = "HTTP/1.1 200 OK\r\n\
    Server: nginx/1.24.0 (Ubuntu)\r\n\
    Date: Sun, 22 Nov 2026 10:55:32 GMT\r\n\
    Content-Type: text/plain; charset=utf-8\r\n\
    Connection: keep-alive\r\n\
    Cache-Control: public, max-age=31536000, immutable\r\n\
    ETag: \"65c3b2f1-d\"\r\n\
    Vary: Accept-Encoding, Origin\r\n";

/// Seventeen more headers, as sites send them to browsers: 25 headers in 1,280 bytes.
const BROWSER: &str = "Last-Modified: Sat, 21 Nov 2026 08:12:09 GMT\r\n\
    Expires: Mon, 23 Nov 2026 10:55:32 GMT\r\n\
    Age: 1184\r\n\
    Accept-Ranges: bytes\r\n\
    Strict-Transport-Security: max-age=63072000; includeSubDomains; preload\r\n\
    Content-Security-Policy: default-src 'self'; script-src 'self' https://static.example.com 'nonce-4AEemGb0xJpto'; \
    img-src * data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; report-uri /csp\r\n\
    X-Content-Type-Options: nosniff\r\n\
    X-Frame-Options: DENY\r\n\
    Referrer-Policy: strict-origin-when-cross-origin\r\n\
    Permissions-Policy: camera=(), microphone=(), geolocation=(self), interest-cohort=()\r\n\
    Set-Cookie: session=6f1ed002ab5595859014ebf0951522d9; Path=/; Secure; HttpOnly; SameSite=Lax\r\n\
    Set-Cookie: seen=1; Path=/; Expires=Mon, 22 Nov 2027 10:55:32 GMT\r\n\
    X-Request-Id: 7f0c6e2a-41d5-4c1c-9d9b-0b1f3f0f9a55\r\n\
    X-Cache: HIT from cache-fra-eddf8230102, MISS from shield-iad\r\n\
    Alt-Svc: h3=\":443\"; ma=86400\r\n\
    Server-Timing: cdn-cache;desc=HIT, edge;dur=3, origin;dur=0\r\n\
    Link: </static/site.css>; rel=preload; as=style\r\n";

/// A long header. With ten of them, a head has 3,340 bytes.
const COOKIE: &str = "Set-Cookie: preferences=eyJ0aGVtZSI6ImRhcmsiLCJsYW5nIjoiZW4iLCJ0eiI6IkV1cm9wZS9CZXJsaW4iLCJzZWV\
    uIjpbMSwyLDMsNSw4LDEzLDIxLDM0LDU1LDg5XX0; Path=/; Expires=Mon, 22 Nov 2027 10:55:32 GMT; Secure; SameSite=Lax\r\n";

const LARGE: [&str; 12] =
    [SMALL, BROWSER, COOKIE, COOKIE, COOKIE, COOKIE, COOKIE, COOKIE, COOKIE, COOKIE, COOKIE, COOKIE];

/// Legal but rare syntax: text that is not ASCII, tabs, no space or several after a colon, no value, no reason phrase.
const ODD: &str = "HTTP/1.1 200 \r\n\
    Server:nginx\r\n\
    Date:  Sun, 22 Nov 2026 10:55:32 GMT\r\n\
    Content-Type: text/plain;\tcharset=utf-8\r\n\
    Content-Disposition: inline; filename=\"Gr\u{fc}\u{df}e aus K\u{f6}ln.txt\"\r\n\
    X-Powered-By:\r\n\
    X-Trailing: space \r\n\
    ETag:\"65c3b2f1-d\"\r\n";

/// All cases.
pub fn all() -> Vec<Case> {
    TABLE.iter().map(|&(name, head, body)| Case { name, head: head.concat(), body }).collect()
}

impl Case {
    /// The first case. The other measurements use it too.
    pub fn small() -> Case {
        Case::of(Body::Length(SHORT))
    }

    /// The first case with another body.
    pub fn of(body: Body) -> Case {
        Case { name: "small", head: SMALL.to_owned(), body }
    }

    /// The case of this name.
    pub fn named(name: &str) -> Option<Case> {
        all().into_iter().find(|case| case.name == name)
    }

    /// The head with its empty line.
    pub fn head(&self) -> String {
        match self.body {
            Body::Length(length) => format!("{}Content-Length: {length}\r\n\r\n", self.head),
            Body::Chunks { .. } => format!("{}Transfer-Encoding: chunked\r\n\r\n", self.head),
        }
    }

    /// The bytes after the head.
    pub fn body(&self) -> Vec<u8> {
        match self.body {
            Body::Length(length) => vec![b'x'; length],
            Body::Chunks { count, size } => {
                let chunk = format!("{size:x}\r\n{}\r\n", "x".repeat(size));
                [chunk.repeat(count).as_str(), "0\r\n\r\n"].concat().into_bytes()
            }
        }
    }

    /// The length of the body without its framing.
    pub fn length(&self) -> u64 {
        match self.body {
            Body::Length(length) => length as u64,
            Body::Chunks { count, size } => (count * size) as u64,
        }
    }

    /// Head and body.
    pub fn wire(&self) -> Vec<u8> {
        [self.head().into_bytes(), self.body()].concat()
    }

    /// Returns whether the body is in chunks.
    pub fn is_chunked(&self) -> bool {
        matches!(self.body, Body::Chunks { .. })
    }
}
