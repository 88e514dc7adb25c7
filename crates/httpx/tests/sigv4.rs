//! The flow of the example `sigv4`, against cases of AWS's published test suite, and in a client.

#![cfg(any(feature = "blocking", feature = "async"))]
#![allow(clippy::unwrap_used, clippy::type_complexity)] // helpers and tables of tests

use std::io::Cursor;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use httpx::flow::{BeforeSend, Clock, Flow, RequestHead};
use httpx::{Bytes, Response, Result};
use httpx_core::{Request, Url};
use signature::{Payload, SigV4};
use support::flavour::BodyOf;
use support::{Flavour, both_flavours};

mod support;

#[path = "../../../examples/sigv4/signature.rs"]
mod signature;

/// The time of the suite: 2015-08-30, 12:36:00.
struct Fixed(u64);

impl Clock for Fixed {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(self.0)
    }
}

const SUITE: u64 = 1_440_938_160;

both_flavours!(requests_of_a_client);

fn sigv4() -> SigV4 {
    SigV4 {
        origin: "https://example.amazonaws.com".into(),
        access_key: "AKIDEXAMPLE",
        secret_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        session_token: None,
        region: "us-east-1",
        service: "service",
        payload: Payload::Signed,
    }
}

fn head(method: &str, url: &str) -> RequestHead {
    RequestHead::new(method.parse().unwrap(), Url::parse(url).unwrap())
}

fn signed(flow: &SigV4, time: u64, head: &mut RequestHead, body: &str) -> String {
    let clock = Fixed(time);
    let mut call = flow.start(head, &clock).unwrap();
    if flow.payload == Payload::Signed {
        flow.on_request_body(&mut call, head, Some(&Bytes::from(body.to_owned())), &clock).unwrap();
    }
    flow.before_send(&mut call, head, &clock).unwrap();
    head.headers().get("Authorization").unwrap().to_str().unwrap().to_owned()
}

#[test]
fn published_cases() {
    const UNRESERVED: &str = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let unreserved_path = format!("GET /{UNRESERVED}");
    let unreserved_query = format!("GET /?{UNRESERVED}={UNRESERVED}");
    // The request, its headers and body, the names of the signed headers, and the signature.
    let rows: [(&str, &[(&str, &str)], &str, &str, &str); 13] = [
        ("GET /", &[], "", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("POST /", &[], "", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        (
            "GET /?Param2=value2&Param1=value1",
            &[],
            "",
            "",
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        ),
        (
            "GET /?Param1=value2&Param1=value1",
            &[],
            "",
            "",
            "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694",
        ),
        (
            "GET /?Param1=value1",
            &[],
            "",
            "",
            "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb",
        ),
        (
            "GET /?\u{1234}=bar",
            &[],
            "",
            "",
            "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04",
        ),
        (&unreserved_query, &[], "", "", "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"),
        (&unreserved_path, &[], "", "", "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"),
        (
            "GET /",
            &[("My-Header1", "value2"), ("My-Header1", "value2"), ("My-Header1", "value1")],
            "",
            "my-header1;",
            "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
        ),
        (
            "GET /",
            &[("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")],
            "",
            "my-header1;my-header2;",
            "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
        ),
        (
            "POST /",
            &[("MY-HEADER1", "value1"), ("User-Agent", "not signed")],
            "",
            "my-header1;",
            "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
        ),
        (
            "POST /?Param1=value1",
            &[],
            "",
            "",
            "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11",
        ),
        (
            "POST /",
            &[("Content-Type", "application/x-www-form-urlencoded")],
            "Param1=value1",
            "content-type",
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
        ),
    ];
    let flow = sigv4();
    for (line, headers, body, names, signature) in rows {
        let (method, path) = line.split_once(' ').unwrap();
        let url = format!("https://example.amazonaws.com{path}");
        let mut request = head(method, &url);
        for (name, value) in headers {
            request.headers_mut().append(name, *value).unwrap();
        }
        let names = if names == "content-type" {
            "content-type;host;x-amz-date".to_owned()
        } else {
            format!("host;{names}x-amz-date")
        };
        let expected = format!(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
             SignedHeaders={names}, Signature={signature}"
        );
        assert_eq!(signed(&flow, SUITE, &mut request, body), expected, "{line} {headers:?}");
    }
}

/// The ranged GET of the S3 reference, and a payload that is not signed.
#[test]
fn s3() {
    let flow = |payload| SigV4 {
        origin: "https://examplebucket.s3.amazonaws.com".into(),
        access_key: "AKIAIOSFODNN7EXAMPLE",
        secret_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        session_token: None,
        region: "us-east-1",
        service: "s3",
        payload,
    };
    let request = || {
        let mut request = head("GET", "https://examplebucket.s3.amazonaws.com/test.txt");
        request.headers_mut().set("Range", "bytes=0-9").unwrap();
        request
    };
    let value = signed(&flow(Payload::Signed), 1_369_353_600, &mut request(), "");
    assert_eq!(
        value,
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, \
         SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, \
         Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    );
    let unsigned = signed(&flow(Payload::Unsigned), 1_369_353_600, &mut request(), "");
    assert!(unsigned.contains("x-amz-content-sha256") && unsigned != value, "{unsigned}");
}

/// The case `get-vanilla-with-session-token` of the suite.
#[test]
fn session_tokens() {
    let token = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267";
    let flow = SigV4 { session_token: Some(token), ..sigv4() };
    let mut request = head("GET", "https://example.amazonaws.com/");
    let value = signed(&flow, SUITE, &mut request, "");
    let expected = "SignedHeaders=host;x-amz-date;x-amz-security-token, \
                    Signature=07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8";
    assert!(value.ends_with(expected), "{value}");
    assert_eq!(request.headers().get("X-Amz-Security-Token").unwrap(), token);
    assert!(!format!("{request:?}").contains(token), "{request:?}");
}

/// The flow at the time of the suite.
struct Dated(SigV4);

impl Flow for Dated {
    type Call = <SigV4 as Flow>::Call;

    fn start(&self, request: &mut RequestHead, _: &dyn Clock) -> Result<Self::Call> {
        self.0.start(request, &Fixed(SUITE))
    }

    fn before_send(
        &self,
        call: &mut Self::Call,
        request: &mut RequestHead,
        _: &dyn Clock,
    ) -> Result<BeforeSend> {
        self.0.before_send(call, request, &Fixed(SUITE))
    }

    fn on_request_body(
        &self,
        call: &mut Self::Call,
        request: &mut RequestHead,
        body: Option<&Bytes>,
        _: &dyn Clock,
    ) -> Result<()> {
        self.0.on_request_body(call, request, body, &Fixed(SUITE))
    }
}

/// The headers that a client adds are not signed, the body is, wherever it comes from; no other origin gets a signature.
fn requests_of_a_client<F: Flavour>() {
    const FORM: &str = "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a";
    const EMPTY: &str = "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b";
    let form = || "Param1=value1".to_owned();
    let rows: [(&str, Option<BodyOf<F>>, &[&str]); 7] = [
        ("https://example.amazonaws.com/", None, &[EMPTY]),
        ("https://example.amazonaws.com:443/", None, &[EMPTY]),
        ("https://example.amazonaws.com/", Some(F::bytes(form())), &[FORM]),
        ("https://example.amazonaws.com/", Some(F::reader(Cursor::new(form()))), &[FORM]),
        ("http://example.amazonaws.com/", None, &["-"]),
        ("https://example.amazonaws.com:8443/", None, &["-"]),
        ("https://other/", Some(F::bytes(form())), &["-"]),
    ];
    for (url, body, expected) in rows {
        let log = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&log);
        let answer = move |request: &Request<BodyOf<F>>| {
            let header = request.headers().get("Authorization").map(|value| value.to_str().unwrap());
            let signature = header.map_or("-", |header| header.split("Signature=").nth(1).unwrap());
            seen.lock().unwrap().push(signature.to_owned());
            assert_eq!(request.headers().contains("X-Amz-Date"), header.is_some());
            Response::<Bytes>::new(200, ())
        };
        let client = F::answered(answer, |client| client.auth(Dated(sigv4()))).unwrap();
        let mut ask = client.post(url);
        if let Some(body) = body {
            ask = ask.header("Content-Type", "application/x-www-form-urlencoded").body(body);
        }
        assert_eq!(F::send(ask).unwrap().status(), 200);
        assert_eq!(*log.lock().unwrap(), expected, "{url}");
    }
}
