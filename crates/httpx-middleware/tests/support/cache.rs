//! A cache between a scripted client and a scripted server, under a clock that stands still.
//!
//! A case is a list of steps. `+3` lets three seconds pass. All others have up to four parts with ` ; ` between them:
//!
//! - The request: `GET /path | Name: value`. A path is one of `https://h`.
//! - The answer of the server, `200 | Name: value`, or `refused`; empty if the server must not be
//!   asked. If it is asked twice, ` >> ` is between its answers.
//! - The outcome: `network`, `fresh`, `revalidated`, `stale requested`, `stale revalidating`, `stale error`, a status (if it is
//!   not the 200 of the answer), or `failed`. Then headers that the response has, or with `!` that it has not, and `= body 2`: the
//!   body of the second answer.
//! - Headers that the server has received, or with `!` has not.
//!
//! `@-60` in a header is the date 60 seconds ago.

use std::collections::VecDeque;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
#[cfg(not(feature = "blocking"))]
use httpx_core::ahttpx::MockTransport;
#[cfg(feature = "blocking")]
use httpx_core::blocking::MockTransport;
use httpx_core::{Error, ErrorKind, Headers, Request, RequestHead, Response, Result, Text};
use httpx_middleware::cache::{Cache, CacheHit, CacheMode, StaleReason};
use httpx_middleware::{Clock, Middleware};

use super::Flavour;

/// A clock that a test moves.
#[derive(Clone)]
pub struct Standing(Arc<(Instant, Mutex<Duration>)>);

/// Thu, 01 Jan 2026 00:00:00 GMT.
const START: u64 = 1_767_225_600;

impl Standing {
    pub fn new() -> Self {
        Standing(Arc::new((Instant::now(), Mutex::new(Duration::from_secs(START)))))
    }

    pub fn pass(&self, seconds: u64) {
        *self.0.1.lock().unwrap() += Duration::from_secs(seconds);
    }

    pub fn set_back(&self, seconds: u64) {
        *self.0.1.lock().unwrap() -= Duration::from_secs(seconds);
    }

    fn seconds(&self) -> u64 {
        self.0.1.lock().unwrap().as_secs()
    }
}

impl Clock for Standing {
    fn now(&self) -> Instant {
        self.0.0 + *self.0.1.lock().unwrap()
    }

    fn wall(&self) -> SystemTime {
        UNIX_EPOCH + *self.0.1.lock().unwrap()
    }
}

/// The server: its next answers, and the requests so far.
#[derive(Default)]
struct Script {
    answers: VecDeque<String>,
    seen: Vec<RequestHead>,
}

/// A client with a cache.
pub struct Exchange<F: Flavour> {
    pub clock: Standing,
    pub cache: Cache,
    script: Arc<Mutex<Script>>,
    client: Middleware<Cache, MockTransport>,
    flavour: PhantomData<F>,
}

impl<F: Flavour> Exchange<F> {
    pub fn new(cache: &Cache) -> Self {
        let (clock, script) = (Standing::new(), Arc::new(Mutex::new(Script::default())));
        let for_mock = Arc::clone(&script);
        let mock = MockTransport::new(move |request| answer(&mut for_mock.lock().unwrap(), request));
        let client = Middleware::with(cache.clone(), mock).with_clock(clock.clone());
        Exchange { clock, cache: cache.clone(), script, client, flavour: PhantomData }
    }

    /// Returns how many requests the server has received.
    pub fn sent(&self) -> usize {
        self.script.lock().unwrap().seen.len()
    }

    /// Plays the steps of a case.
    pub fn play(&self, case: &str, steps: &[&str]) {
        for step in steps {
            match step.strip_prefix('+') {
                Some(seconds) => self.clock.pass(seconds.parse().unwrap()),
                None => self.step(&format!("{case}: {step}"), step),
            }
        }
    }

    fn step(&self, case: &str, step: &str) {
        let parts: Vec<_> = step.split(" ;").map(|part| self.dated(part.trim())).collect();
        let part = |at: usize| parts.get(at).map_or("", |part| part);
        let before = {
            let mut script = self.script.lock().unwrap();
            script.answers =
                part(1).split(" >> ").filter(|answer| !answer.is_empty()).map(str::to_owned).collect();
            script.seen.len()
        };
        let outcome = F::read(&self.client, request::<F>(part(0)));
        let script = self.script.lock().unwrap();
        assert!(script.answers.is_empty(), "{case}: the server was not asked");
        let (received, number) = (script.seen.last().cloned(), script.seen.len());
        drop(script);
        self.check_outcome(case, part(2), &outcome, number);
        if number > before {
            check_headers(case, part(3), received.unwrap().headers());
        }
    }

    fn check_outcome(&self, case: &str, expected: &str, outcome: &Result<Response<Bytes>>, number: usize) {
        let mut expected = expected.split(" | ");
        let source = expected.next().unwrap();
        let Ok(response) = outcome else {
            assert_eq!(source, "failed", "{case}: {outcome:?}");
            return;
        };
        let status = response.status().as_u16();
        let hit = match response.from_cache() {
            None if status == 200 => "network".to_owned(),
            None => status.to_string(),
            Some(CacheHit::Fresh) => "fresh".to_owned(),
            Some(CacheHit::Revalidated) => "revalidated".to_owned(),
            Some(CacheHit::Stale(StaleReason::Requested)) => "stale requested".to_owned(),
            Some(CacheHit::Stale(StaleReason::WhileRevalidating)) => "stale revalidating".to_owned(),
            Some(CacheHit::Stale(StaleReason::OnError)) => "stale error".to_owned(),
            Some(other) => format!("{other:?}"),
        };
        assert_eq!(hit, source, "{case}");
        assert!(response.headers().contains("age") || response.from_cache().is_none(), "{case}");
        let is_head = case.contains(": HEAD ");
        let mut body =
            (source == "network").then(|| if is_head { String::new() } else { format!("body {number}") });
        for expected in expected {
            match expected.strip_prefix('=') {
                Some(expected) => body = Some(expected.trim().to_owned()),
                None => check_header(case, expected, response.headers()),
            }
        }
        if let Some(body) = body {
            assert_eq!(response.text(), body, "{case}");
        }
    }

    /// Replaces `@-60` by a date.
    fn dated(&self, text: &str) -> String {
        let mut words = text.split('@');
        let mut dated = words.next().unwrap().to_owned();
        for word in words {
            let end = word.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(word.len());
            let offset: i64 = word[..end].parse().unwrap();
            dated += &http_date(self.clock.seconds().checked_add_signed(offset).unwrap());
            dated += &word[end..];
        }
        dated
    }
}

fn answer(script: &mut Script, request: &Request<Bytes>) -> Result<Response<Bytes>> {
    script.seen.push(request.head().clone());
    let answer = script.answers.pop_front().unwrap_or_else(|| panic!("{request:?} was not expected"));
    let mut parts = answer.split(" | ");
    let status = parts.next().unwrap();
    match status {
        "refused" => return Err(Error::new(ErrorKind::Connect, "refused")),
        "wrong" => return Err(Error::new(ErrorKind::Protocol, "wrong")),
        _ => {}
    }
    let body = match (status, request.method().as_str()) {
        ("304", _) | (_, "HEAD") => String::new(),
        _ => format!("body {}", script.seen.len()),
    };
    let mut response = Response::new(status.parse::<u16>().unwrap(), Text(body))?;
    *response.headers_mut() = Headers::new();
    for (name, value) in parts.map(|part| part.split_once(':').unwrap()) {
        response.headers_mut().append(name, value)?;
    }
    Ok(response)
}

fn request<F: Flavour>(script: &str) -> Request<F::Body> {
    let mut parts = script.split(" | ");
    let (method, path) = parts.next().unwrap().split_once(' ').unwrap_or((script, "/"));
    let url = if path.starts_with('/') { format!("https://h{path}") } else { path.to_owned() };
    let mut request = Request::<F::Body>::new(method, url.as_str()).unwrap();
    for part in parts {
        if let Some(body) = part.strip_prefix("= ") {
            *request.body_mut() = httpx_core::Encoded::from(body.to_owned()).into();
        } else if part == "raw" {
            request.head_mut().options_mut().decompress = Some(false);
        } else if let Some(mode) = part.strip_prefix("mode ") {
            request.head_mut().extensions_mut().insert(mode_of(mode));
        } else {
            let (name, value) = part.split_once(':').unwrap();
            request.head_mut().headers_mut().append(name, value).unwrap();
        }
    }
    request
}

fn mode_of(name: &str) -> CacheMode {
    match name {
        "default" => CacheMode::Default,
        "no-store" => CacheMode::NoStore,
        "reload" => CacheMode::Reload,
        "no-cache" => CacheMode::NoCache,
        "force-cache" => CacheMode::ForceCache,
        "only-if-cached" => CacheMode::OnlyIfCached,
        _ => panic!("{name} is no mode"),
    }
}

fn check_headers(case: &str, expected: &str, headers: &Headers) {
    expected.split(" | ").filter(|part| !part.is_empty()).for_each(|part| check_header(case, part, headers));
}

fn check_header(case: &str, expected: &str, headers: &Headers) {
    if let Some(missing) = expected.strip_prefix('!') {
        return assert!(!headers.contains(missing), "{case}: {headers:?}");
    }
    let (name, value) = expected.split_once(':').unwrap();
    let found: Vec<_> = headers.get_all(name).map(|value| value.as_bytes().to_vec()).collect();
    assert_eq!(found, [value.trim().as_bytes()], "{case}: {headers:?}");
}

fn http_date(seconds: u64) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    let (days, time) = (seconds / 86400, seconds % 86400);
    // The algorithm `civil_from_days`, for dates after 1970.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (weekday, name) = (DAYS[(days % 7) as usize], MONTHS[(month - 1) as usize]);
    let (hours, minutes, seconds) = (time / 3600, time / 60 % 60, time % 60);
    format!("{weekday}, {day:02} {name} {year} {hours:02}:{minutes:02}:{seconds:02} GMT")
}
