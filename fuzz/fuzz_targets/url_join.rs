//! Whatever a `Location` says, joining it to an http URL fails or gives a URL that survives being printed and parsed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use url::Url;

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
    assert!(joined.host_str().is_some_and(|host| !host.is_empty()), "no host: {joined}");
    assert!(
        joined.as_str().bytes().all(|byte| byte.is_ascii_graphic()),
        "not for a request line: {joined:?}"
    );
    assert_eq!(Url::parse(joined.as_str()).as_ref(), Ok(&joined));
});

fn is_http(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}
