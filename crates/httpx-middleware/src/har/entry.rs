//! [`HarEntry`]: one request and its response in the form of HTTP Archive 1.2.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use httpx_core::{
    HeaderValue, Headers, Length, QueryParams, Redaction, RequestHead, ResponseHead, Timings, Version,
};
use serde_json::{Map, Value, json};

use super::bodies::HarBody;
use super::timestamp::timestamp;

/// An entry, and when its request began.
#[derive(Clone)]
pub(super) struct HarEntry {
    pub(super) started: SystemTime,
    /// The bytes of its bodies, as they stand in the archive.
    pub(super) body_bytes: usize,
    pub(super) json: Value,
}

/// The facts of an entry.
pub(super) struct Recorded<'a> {
    pub(super) request: &'a RequestHead,
    pub(super) body_length: Length,
    pub(super) body: Option<&'a Bytes>,
    pub(super) response: Option<&'a ResponseHead>,
    pub(super) end: EntryEnd,
    pub(super) started_at: SystemTime,
    /// The time to the head or to the failure.
    pub(super) elapsed: Duration,
}

/// How a request ended.
pub(super) enum EntryEnd {
    /// A response with a body of this many bytes, of which the first were recorded.
    Body { bytes: u64, record: Bytes, error: Option<String> },
    /// No response.
    Failed(String),
}

impl HarEntry {
    pub(super) fn new(recorded: &Recorded<'_>, redaction: &Redaction) -> Self {
        let &Recorded { response, started_at, elapsed, .. } = recorded;
        let times = times(response.and_then(ResponseHead::timings), elapsed);
        let mut entry = json!({
            "startedDateTime": timestamp(started_at),
            "time": total(&times),
            "request": request_object(recorded, redaction),
            "response": response_object(recorded, redaction),
            "cache": {},
            "timings": times,
        });
        let connection = response.and_then(ResponseHead::connection);
        let facts = [
            (
                "serverIPAddress",
                connection.and_then(|it| it.remote_addr).map(|address| json!(address.ip().to_string())),
            ),
            ("connection", connection.map(|it| json!(it.id.to_string()))),
            ("_error", error_of(&recorded.end).map(|text| json!(redaction.text(text)))),
        ];
        if let Value::Object(members) = &mut entry {
            members.extend(facts.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        }
        let bodies = ["/request/postData/text", "/response/content/text"].into_iter();
        let texts = bodies.filter_map(|path| entry.pointer(path)?.as_str());
        HarEntry { started: started_at, body_bytes: texts.map(str::len).sum(), json: entry }
    }
}

fn error_of(end: &EntryEnd) -> Option<&str> {
    match end {
        EntryEnd::Failed(error) => Some(error),
        EntryEnd::Body { error, .. } => error.as_deref(),
    }
}

fn request_object(recorded: &Recorded<'_>, redaction: &Redaction) -> Value {
    let Recorded { request, body_length, body, .. } = recorded;
    let headers = request.headers();
    let mut object = json!({
        "method": request.method().as_str(),
        "url": redaction.url(request.url()),
        "httpVersion": Version::Http11.to_string(),
        "cookies": request_cookies(headers, redaction),
        "headers": header_list(headers, redaction),
        "queryString": name_values(&request.url().params(), redaction),
        "headersSize": -1,
        "bodySize": match body_length {
            Length::None => json!(0),
            Length::Known(length) => json!(length),
            Length::Unknown => json!(-1),
        },
    });
    if *body_length != Length::None {
        object["postData"] = post_data(headers, *body, redaction);
    }
    object
}

fn post_data(headers: &Headers, body: Option<&Bytes>, redaction: &Redaction) -> Value {
    let media_type = media_type(headers);
    let fields = match body {
        Some(body) => HarBody { media_type, bytes: body, is_cut: false }.fields(redaction),
        None => Map::from_iter([("comment".to_owned(), json!("not recorded"))]),
    };
    let mut object = json!({ "mimeType": media_type, "text": "", "params": [] });
    for (name, value) in fields {
        // Only the bodies of responses have an encoding in HAR 1.2; custom names begin with `_`.
        let name = if name == "encoding" { "_encoding".to_owned() } else { name };
        object[name] = value;
    }
    object
}

fn response_object(recorded: &Recorded<'_>, redaction: &Redaction) -> Value {
    let none = Headers::new();
    let head = recorded.response;
    let headers = head.map_or(&none, ResponseHead::headers);
    let (bytes, record) = match &recorded.end {
        EntryEnd::Body { bytes, record, .. } => (*bytes, &record[..]),
        EntryEnd::Failed(_) => (0, &[][..]),
    };
    let mut content = json!({ "size": bytes, "mimeType": media_type(headers) });
    let body =
        HarBody { media_type: media_type(headers), bytes: record, is_cut: bytes > record.len() as u64 };
    for (name, value) in body.fields(redaction) {
        content[name] = value;
    }
    let location = headers.get("location").map(|value| redaction.header("location", value));
    json!({
        "status": head.map_or(0, |head| head.status().as_u16()),
        "statusText": head.map_or("", ResponseHead::reason),
        "httpVersion": head.map_or_else(String::new, |head| head.version().to_string()),
        "cookies": head.map_or_else(Vec::new, |head| response_cookies(head, redaction)),
        "headers": header_list(headers, redaction),
        "content": content,
        "redirectURL": location.unwrap_or_default(),
        "headersSize": -1,
        "bodySize": head.and_then(ResponseHead::content_length).map_or(json!(-1), |length| json!(length)),
    })
}

fn media_type(headers: &Headers) -> &str {
    // As in the archives of Chrome.
    headers.get("content-type").and_then(HeaderValue::to_str).unwrap_or("x-unknown")
}

fn header_list(headers: &Headers, redaction: &Redaction) -> Vec<Value> {
    let header = |(name, value): (&str, HeaderValue<'_>)| json!({ "name": name, "value": redaction.header(name, value) });
    headers.iter().map(header).collect()
}

fn name_values(params: &QueryParams, redaction: &Redaction) -> Vec<Value> {
    let pair = |(name, value): (&str, &str)| {
        let value = if redaction.hides_param(name) { Redaction::SECRET } else { value };
        json!({ "name": name, "value": value })
    };
    params.iter().map(pair).collect()
}

fn request_cookies(headers: &Headers, redaction: &Redaction) -> Vec<Value> {
    let shown = headers.get_all("cookie").filter(|value| !redaction.hides_header("cookie", *value));
    let pairs = shown.filter_map(HeaderValue::to_str).flat_map(|text| text.split(';'));
    let pairs = pairs.filter_map(|pair| pair.trim().split_once('='));
    pairs.map(|(name, value)| json!({ "name": name, "value": value })).collect()
}

fn response_cookies(head: &ResponseHead, redaction: &Redaction) -> Vec<Value> {
    let is_hidden =
        head.headers().get("set-cookie").is_none_or(|value| redaction.hides_header("set-cookie", value));
    if is_hidden {
        return Vec::new();
    }
    let cookies = head.cookies().map(|cookie| {
        let mut object = json!({
            "name": cookie.name(),
            "value": cookie.value(),
            "httpOnly": cookie.is_http_only(),
            "secure": cookie.is_secure(),
        });
        let path = cookie.path().map(|path| ("path", path.to_owned()));
        let domain = cookie.domain().map(|domain| ("domain", domain.into_owned()));
        let expires = cookie.expires().map(|time| ("expires", timestamp(time)));
        for (name, value) in [path, domain, expires].into_iter().flatten() {
            object[name] = value.into();
        }
        object
    });
    cookies.collect()
}

/// Returns the object `timings`, in milliseconds; -1 for a step that was not made.
fn times(timings: Option<Timings>, elapsed: Duration) -> Value {
    let Some(timings) = timings else {
        return json!({
            "blocked": -1, "dns": -1, "connect": -1, "ssl": -1, "send": 0, "wait": ms(elapsed), "receive": 0,
        });
    };
    let optional = |time: Option<Duration>| time.map_or(-1.0, ms);
    let required = |time: Option<Duration>| ms(time.unwrap_or_default());
    json!({
        "blocked": optional(timings.queue),
        "dns": optional(timings.lookup),
        // That of TLS is a part of it.
        "connect": optional(timings.connect.map(|connect| connect + timings.tls.unwrap_or_default())),
        "ssl": optional(timings.tls),
        "send": required(timings.send),
        "wait": required(timings.first_byte.map(|wait| wait + timings.head.unwrap_or_default())),
        "receive": required(timings.body),
    })
}

/// Returns the sum of the times, without that of TLS.
fn total(times: &Value) -> f64 {
    let steps = ["blocked", "dns", "connect", "send", "wait", "receive"];
    let time = |step: &str| times.get(step).and_then(Value::as_f64).unwrap_or_default();
    // Without -0.0001 from a sum of rounded numbers.
    (steps.into_iter().map(time).filter(|time| *time > 0.0).sum::<f64>() * 1000.0).round() / 1000.0
}

fn ms(time: Duration) -> f64 {
    time.as_micros() as f64 / 1000.0
}
