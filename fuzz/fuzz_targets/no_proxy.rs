//! A list of hosts without a proxy matches a URL if and only if one of its entries does, and a list of the URL's own host
//! matches it.

#![no_main]

use httpx_core::Url;
use httpx_pool::NoProxy;
use libfuzzer_sys::fuzz_target;

// The first line is the host, with or without a port; the rest is the list.
fuzz_target!(|text: &str| {
    let (authority, list) = text.split_once('\n').unwrap_or((text, ""));
    let Ok(url) = Url::parse(&format!("http://{authority}/")) else { return };
    let (Some(host), Some(port)) = (url.host(), url.port_or_default()) else { return };

    let entries: Vec<_> =
        list.split([',', ' ', '\t', '\r', '\n', '\x0c']).filter(|text| !text.is_empty()).collect();
    // Only alone, `*` is every host; among others, it is a name.
    let named = entries.iter().any(|entry| match *entry {
        "*" if entries.len() > 1 => NoProxy::parse(".*").matches(host, port),
        entry => NoProxy::parse(entry).matches(host, port),
    });
    assert_eq!(NoProxy::parse(list).matches(host, port), named, "{host} {port} {entries:?}");

    // A comma separates, and a name of dots alone is no name.
    if !host.contains(',') && host.contains(|c| c != '.') {
        for own in [host.to_owned(), format!("{host}:{port}"), format!("x, {} ", host.to_uppercase())] {
            assert!(NoProxy::parse(&own).matches(host, port), "{own:?}");
        }
        assert!(!NoProxy::parse(&format!("{host}:{}", port ^ 1)).matches(host, port), "{host}");
    }
});
