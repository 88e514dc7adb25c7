//! [`SigV4`]: a flow that signs requests by AWS Signature Version 4.

use std::fmt;
use std::fmt::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};
use httpx::flow::{BeforeSend, Clock, Flow, RequestHead};
use httpx::{Bytes, Error, ErrorKind, Result};
use sha2::{Digest, Sha256};

/// The most bytes of a body that is read into memory to be signed.
const MAX_BODY_BYTES: u64 = 64 << 20;

/// Headers that proxies and the connection may change, so they are not signed.
const UNSIGNED: [&str; 8] = [
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "expect",
    "transfer-encoding",
    "user-agent",
];

/// Signs requests to one origin with the keys of an AWS account.
pub(crate) struct SigV4 {
    /// Scheme, host and port: `https://bucket.s3.amazonaws.com`. Requests to others are not signed.
    pub(crate) origin: String,
    pub(crate) access_key: &'static str,
    pub(crate) secret_key: &'static str,
    /// The third part of temporary keys.
    pub(crate) session_token: Option<&'static str>,
    pub(crate) region: &'static str,
    pub(crate) service: &'static str,
    pub(crate) payload: Payload,
}

/// Whether the signature covers the body.
#[derive(Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "the example uses one, its test both")]
pub(crate) enum Payload {
    /// The body is read into memory and hashed.
    Signed,
    /// The body is not looked at, so that it can be a stream: for S3 over https.
    Unsigned,
}

impl Flow for SigV4 {
    /// The hash of the body, once it is known.
    type Call = Option<String>;

    fn start(&self, _: &mut RequestHead, _: &dyn Clock) -> Result<Option<String>> {
        Ok((self.payload == Payload::Unsigned).then(|| "UNSIGNED-PAYLOAD".to_owned()))
    }

    fn before_send(
        &self,
        hash: &mut Option<String>,
        request: &mut RequestHead,
        clock: &dyn Clock,
    ) -> Result<BeforeSend> {
        if request.url().origin() != self.origin {
            return Ok(BeforeSend::Send);
        }
        let Some(hash) = hash else {
            return Ok(BeforeSend::ReadRequestBody { max_bytes: MAX_BODY_BYTES });
        };
        self.sign(request, hash, clock.wall())?;
        Ok(BeforeSend::Send)
    }

    fn on_request_body(
        &self,
        hash: &mut Option<String>,
        _: &mut RequestHead,
        body: Option<&Bytes>,
        _: &dyn Clock,
    ) -> Result<()> {
        let too_long = || Error::new(ErrorKind::TooLarge, "the body is too long to be signed");
        *hash = Some(hex(&Sha256::digest(body.ok_or_else(too_long)?)));
        Ok(())
    }
}

impl SigV4 {
    fn sign(&self, request: &mut RequestHead, body_hash: &str, now: SystemTime) -> Result<()> {
        let time = timestamp(now);
        let date = time.get(..8).unwrap_or_default();
        request.headers_mut().set("X-Amz-Date", &time)?;
        if let Some(token) = self.session_token {
            request.headers_mut().set("X-Amz-Security-Token", token)?;
            request.headers_mut().mark_sensitive("X-Amz-Security-Token");
        }
        if self.service == "s3" || self.payload == Payload::Unsigned {
            request.headers_mut().set("X-Amz-Content-Sha256", body_hash)?;
        }
        let scope = format!("{date}/{}/{}/aws4_request", self.region, self.service);
        let (canonical, signed_headers) = self.canonical_request(request, body_hash);
        let hash = hex(&Sha256::digest(canonical));
        let text = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{hash}");
        let secret = format!("AWS4{}", self.secret_key).into_bytes();
        let steps = [date, self.region, self.service, "aws4_request", &text];
        let signature = steps.iter().fold(secret, |key, step| hmac(&key, step.as_bytes()));
        let value = format!(
            "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={signed_headers}, Signature={}",
            self.access_key,
            hex(&signature)
        );
        request.headers_mut().set("Authorization", value)?;
        request.headers_mut().mark_sensitive("Authorization");
        Ok(())
    }

    /// Returns the canonical request, and the names of the headers in it.
    fn canonical_request(&self, request: &RequestHead, body_hash: &str) -> (String, String) {
        let url = request.url();
        // What is sent is encoded once. All services but S3 encode it once more for the signature.
        let path = if self.service == "s3" { url.path().to_owned() } else { encode(url.path(), "/") };
        let params = url.params();
        let mut query =
            params.iter().map(|(name, value)| format!("{}={}", encode(name, ""), encode(value, "")));
        let mut query = query.by_ref().collect::<Vec<_>>();
        query.sort();
        let headers = signed_headers(request);
        let lines = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect::<String>();
        let names = headers.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(";");
        let method = request.method();
        (format!("{method}\n{path}\n{}\n{lines}\n{names}\n{body_hash}", query.join("&")), names)
    }
}

/// Returns the headers that are signed, in the order of their names. The values of one name are joined.
fn signed_headers(request: &RequestHead) -> Vec<(String, String)> {
    let mut headers = vec![("host".to_owned(), request.url().authority().to_owned())];
    for (name, value) in request.headers() {
        let name = name.to_ascii_lowercase();
        if UNSIGNED.contains(&&*name) || name == "host" {
            continue;
        }
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        let value = value.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        match headers.iter_mut().find(|(known, _)| *known == name) {
            Some((_, joined)) => *joined = format!("{joined},{value}"),
            None => headers.push((name, value)),
        }
    }
    headers.sort();
    headers
}

/// Percent-encodes everything but unreserved characters and those in `kept`.
fn encode(text: &str, kept: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        let char = char::from(byte);
        if byte.is_ascii_alphanumeric() || "-._~".contains(char) || kept.contains(char) {
            out.push(char);
        } else {
            let _ = write!(out, "%{byte:02X}"); // writing to a String cannot fail
        }
    }
    out
}

fn hmac(key: &[u8], data: &[u8]) -> Vec<u8> {
    // A key of any length is valid.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.update(data);
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the time as `20150830T123600Z`.
fn timestamp(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let (mut days, mut year) = (seconds / 86_400, 1970);
    let is_leap =
        |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    while days >= if is_leap(year) { 366 } else { 365 } {
        days -= if is_leap(year) { 366 } else { 365 };
        year += 1;
    }
    let february = if is_leap(year) { 29 } else { 28 };
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    let [hours, minutes] = [seconds / 3600 % 24, seconds / 60 % 60];
    format!("{year:04}{month:02}{:02}T{hours:02}{minutes:02}{:02}Z", days + 1, seconds % 60)
}

impl fmt::Debug for SigV4 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<SigV4 for {}>", self.origin)
    }
}
