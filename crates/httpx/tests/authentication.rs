//! Authentication of a client and of single requests.

#![cfg(all(any(feature = "blocking", feature = "async"), feature = "digest"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

use std::sync::{Arc, Mutex};

use httpx::auth::Digest;
use httpx::{Bytes, Response};
use httpx_core::Request;

mod support;

use support::flavour::{BodyOf, Setup};
use support::{Flavour, both_flavours};

both_flavours!(digests_of_a_client, digests_of_requests, netrc_files);

type Log = Arc<Mutex<Vec<String>>>;

/// A client over a server that wants a digest from ann at each host, and its log: hosts and paths, with the nonce and
/// the count of an answer. `/old` leads to `/`, `/away` to another host.
fn guarded<F: Flavour>(set: impl FnOnce(Setup<F>) -> Setup<F>) -> (F, Log) {
    let log = Log::default();
    let seen = Arc::clone(&log);
    let answer = move |request: &Request<BodyOf<F>>| {
        let header = request.headers().get("Authorization").map(|value| value.to_str().unwrap().to_owned());
        let digest = header.as_deref().unwrap_or_default();
        let param = |name: &str| digest.split(", ").find_map(|param| param.strip_prefix(name)).unwrap_or("-");
        let (scheme, _) = digest.split_once(' ').unwrap_or(("", ""));
        let host = request.url().host().unwrap();
        let line = match scheme {
            "Digest" => format!("{host}{} {}", request.url().path(), param("nc=").trim_start_matches('0')),
            scheme => format!("{host}{} {scheme}", request.url().path()),
        };
        seen.lock().unwrap().push(line.trim().to_owned());
        if scheme != "Digest" {
            let mut response = Response::<Bytes>::new(401, ())?;
            let challenge = "Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256";
            response.head_mut().headers_mut().set("WWW-Authenticate", challenge)?;
            return Ok(response);
        }
        assert!(digest.contains("username=\"ann\"") && !digest.contains("s3cret"), "{digest}");
        let (status, location) = match request.url().path() {
            "/old" => (302, "/"),
            "/away" => (302, "http://other/"),
            _ => (200, ""),
        };
        let mut response = Response::<Bytes>::new(status, ())?;
        response.head_mut().headers_mut().set("Location", location)?;
        Ok(response)
    };
    (F::answered(answer, set).unwrap(), log)
}

fn logged(log: &Log) -> String {
    std::mem::take(&mut *log.lock().unwrap()).join(", ")
}

fn digests_of_a_client<F: Flavour>() {
    let ann = || Digest::new("ann", "s3cret");
    type Set<F> = Box<dyn FnOnce(Setup<F>) -> Setup<F>>;
    // The client, the URL, the status and what was sent.
    let rows: Vec<(Set<F>, &str, u16, &str)> = vec![
        (Box::new(|client| client.digest_auth("ann", "s3cret")), "http://h/", 200, "h/, h/ 1"),
        (Box::new(|client| client.digest_auth("ann", "s3cret")), "http://h/old", 200, "h/old, h/old 1, h/ 2"),
        (
            Box::new(|client| client.digest_auth("ann", "s3cret")),
            "http://h/away",
            401,
            "h/away, h/away 1, other/",
        ),
        // The origin of the base, whether it is set before or after.
        (
            Box::new(|client| client.digest_auth("ann", "s3cret").url("http://h/")),
            "http://other/",
            401,
            "other/",
        ),
        (Box::new(|client| client.url("http://h/").digest_auth("ann", "s3cret")), "a", 200, "h/a, h/a 1"),
        (
            Box::new(move |client| {
                client.url("http://h/").digest_auth("ann", "s3cret").send_credentials_to_any_origin()
            }),
            "http://other/",
            200,
            "other/, other/ 1",
        ),
        (
            Box::new(move |client| {
                client.url("http://h/").auth(ann().for_origin("http://other/path").unwrap())
            }),
            "http://other/",
            200,
            "other/, other/ 1",
        ),
    ];
    for (set, url, status, expected) in rows {
        let (client, log) = guarded::<F>(set);
        let response = F::send(client.get(url)).unwrap();
        assert_eq!((response.status().as_u16(), &*logged(&log)), (status, expected), "{url}");
    }
}

fn digests_of_requests<F: Flavour>() {
    let (client, log) = guarded::<F>(|client| client.url("http://h/").basic_auth("bob", "x"));
    let send = |ask| F::send(ask).unwrap().status().as_u16();
    let get = |path: &str| client.get(path);
    let rows = [
        (send(get("/").digest_auth("ann", "s3cret")), 200, "h/, h/ 1"),
        (send(get("/b").digest_auth("ann", "s3cret")), 200, "h/b 2"),
        (send(get("/old").digest_auth("ann", "s3cret").on_progress(|_| ())), 200, "h/old 3, h/ 4"),
        (send(get("/away").digest_auth("ann", "s3cret")), 401, "h/away 5, other/"),
        // The base origin is that of the client's credentials, not of these.
        (send(get("http://third/").digest_auth("ann", "s3cret")), 200, "third/, third/ 1"),
        // Other requests, and the last setting wins.
        (send(get("/c")), 401, "h/c Basic"),
        (send(get("/c").digest_auth("ann", "s3cret").bearer_auth("t")), 401, "h/c Bearer"),
        (send(get("/c").bearer_auth("t").digest_auth("ann", "s3cret")), 200, "h/c 6"),
    ];
    let expected = rows.iter().map(|(_, _, sent)| *sent).collect::<Vec<_>>().join(", ");
    assert_eq!(logged(&log), expected);
    for (status, wanted, sent) in rows {
        assert_eq!(status, wanted, "{sent}");
    }
}

fn netrc_files<F: Flavour>() {
    let dir = httpx_testing::TempDir::new();
    let path = dir.path("netrc");
    std::fs::write(&path, "machine h login ann password s3cret").unwrap();
    // A digest of a request sends no password.
    let (client, log) = guarded::<F>(|client| client.netrc_file(&path));
    F::send(client.get("http://h/a")).unwrap();
    F::send(client.get("http://other/")).unwrap();
    F::send(client.get("http://h/b").digest_auth("ann", "s3cret")).unwrap();
    assert_eq!(logged(&log), "h/a Basic, other/, h/b, h/b 1");
    let set = |client: Setup<F>| client.netrc_file(dir.path("missing"));
    let Err(error) = F::answered(|_| Response::new(200, ()), set) else { panic!("the file is missing") };
    assert!(error.to_string().contains("missing"), "{error}");
}
