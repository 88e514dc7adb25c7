//! Joining any `Location` to an http URL fails, or gives a URL that parses back from its text and a target that the
//! codec's server accepts.

#![no_main]

use httpx_core::{Method, Url};
use httpx_fuzz::{Said, play};
use httpx_proto::{Limits, RemoteError, Server};
use libfuzzer_sys::fuzz_target;

// The first line is the base, the rest the reference.
fuzz_target!(|text: &str| {
    let (base, reference) = text.split_once('\n').unwrap_or((text, ""));
    let Ok(base) = Url::parse(base) else { return };
    if !is_http(&base) {
        return;
    }
    let Ok(joined) = base.join(reference) else { return };
    if !is_http(&joined) {
        return;
    }
    assert!(joined.host().is_some_and(|host| !host.is_empty()), "no host: {joined}");
    assert!(
        joined.as_str().bytes().all(|byte| byte.is_ascii_graphic()),
        "not for a request line: {joined:?}"
    );
    assert_eq!(Url::parse(joined.as_str()).ok().as_ref(), Some(&joined));
    assert!(joined.origin().contains("://") && joined.target().starts_with('/'));
    if joined.as_str().len() < 16_000 {
        let wire = format!("GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", joined.target(), joined.authority());
        let said = play(&mut Server::new(Limits::default()), &[wire.as_bytes()], None, |_| false);
        match said.first() {
            Some(Said::Head(head)) => {
                assert_eq!((head.method(), head.target()), (&Method::GET, joined.target()));
            }
            // The URL Standard allows characters in host names that RFC 3986 forbids.
            Some(Said::Error(RemoteError::Host))
                if joined.authority().contains(['"', ',', '`', '{', '}']) => {}
            _ => panic!("{wire:?}: {said:?}"),
        }
    }
});

fn is_http(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}
