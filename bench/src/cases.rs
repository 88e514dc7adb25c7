//! The messages.

/// A request as a browser sends it.
pub struct Request {
    /// What is asked for.
    pub target: &'static str,
    /// Of whom.
    pub host: &'static str,
    /// The fields but for `Host`.
    pub fields: [(&'static str, &'static str); 7],
}

/// What is sent in all cases: a GET of 8 fields.
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

/// An answer as it comes over the wire.
#[derive(Debug, Clone)]
pub struct Case {
    /// What it is called by.
    pub name: &'static str,
    /// All but what frames the body, and without the empty line.
    head: String,
    body: Body,
}

/// How a body is framed. It is all of one letter: nobody looks.
#[derive(Debug, Clone, Copy)]
pub enum Body {
    /// By `Content-Length`.
    Length(usize),
    /// In chunks.
    Chunks {
        /// How many there are, but for the last one, of no bytes.
        count: usize,
        /// The bytes of each.
        size: usize,
    },
}

/// The length of all bodies that are not in chunks.
pub const SHORT: usize = 13;

/// A name, a head without what frames the body, and the body.
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

/// Seven fields; with the eighth, for the body, 275 bytes as a common server sends them.
const SMALL: &str = "HTTP/1.1 200 OK\r\n\
    Server: nginx/1.24.0 (Ubuntu)\r\n\
    Date: Sun, 22 Nov 2026 10:55:32 GMT\r\n\
    Content-Type: text/plain; charset=utf-8\r\n\
    Connection: keep-alive\r\n\
    Cache-Control: public, max-age=31536000, immutable\r\n\
    ETag: \"65c3b2f1-d\"\r\n\
    Vary: Accept-Encoding, Origin\r\n";

/// Another seventeen, as sites send them to browsers: 25 in 1,280 bytes.
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

/// One of many that some send at once. With ten of them, a head has 3,340 bytes.
const COOKIE: &str = "Set-Cookie: preferences=eyJ0aGVtZSI6ImRhcmsiLCJsYW5nIjoiZW4iLCJ0eiI6IkV1cm9wZS9CZXJsaW4iLCJzZWV\
    uIjpbMSwyLDMsNSw4LDEzLDIxLDM0LDU1LDg5XX0; Path=/; Expires=Mon, 22 Nov 2027 10:55:32 GMT; Secure; SameSite=Lax\r\n";

const LARGE: [&str; 12] =
    [SMALL, BROWSER, COOKIE, COOKIE, COOKIE, COOKIE, COOKIE, COOKIE, COOKIE, COOKIE, COOKIE, COOKIE];

/// What is legal and seldom: text that is not ASCII, tabs, no space behind a colon or several, no value, no reason.
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
    /// The first case, which all else is measured by, too.
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

    /// The bytes that follow the head.
    pub fn body(&self) -> Vec<u8> {
        match self.body {
            Body::Length(length) => vec![b'x'; length],
            Body::Chunks { count, size } => {
                let chunk = format!("{size:x}\r\n{}\r\n", "x".repeat(size));
                [chunk.repeat(count).as_str(), "0\r\n\r\n"].concat().into_bytes()
            }
        }
    }

    /// How many bytes the body has when its framing is taken off.
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

    /// Whether the body is in chunks.
    pub fn is_chunked(&self) -> bool {
        matches!(self.body, Body::Chunks { .. })
    }
}
