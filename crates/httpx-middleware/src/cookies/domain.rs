//! Hosts and domains as cookies see them (RFC 6265bis 5.1.2 and 5.1.3).

use super::suffix;
use std::borrow::Cow;
use url::Url;

/// A longer name cannot be looked up (RFC 1035 2.3.4), and so no answer ever came from it. It also bounds what a
/// URL from a hostile server can make the jar look for.
const MAX_NAME: usize = 253;

/// The host of a URL in canonical form: lower case and IDNA are the URL's own doing, and the dot that may end a
/// name is cut off, as curl does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Host<'a> {
    name: &'a str,
    kind: Kind,
}

/// Only names have domains above them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Name,
    Address,
}

impl<'a> Host<'a> {
    /// The host of `url`; None if it has none that a cookie could be for.
    pub(crate) fn of(url: &'a Url) -> Option<Host<'a>> {
        let kind = match url.host()? {
            url::Host::Domain(_) => Kind::Name,
            url::Host::Ipv4(_) | url::Host::Ipv6(_) => Kind::Address,
        };
        let name = url.host_str()?;
        let name = name.strip_suffix('.').unwrap_or(name);
        // Nor can one with an empty label; written to a file, a dot in front would mean all hosts below it.
        let has_labels = kind == Kind::Address || name.split('.').all(|label| !label.is_empty());
        (has_labels && (1..=MAX_NAME).contains(&name.len())).then_some(Host { name, kind })
    }

    /// The name, or the address as it stands in a URL (IPv6 in brackets).
    pub(crate) fn name(self) -> &'a str {
        self.name
    }

    /// RFC 6265bis 5.1.3: the host is the domain, or a name that ends in a dot and the domain.
    pub(crate) fn domain_matches(self, domain: &str) -> bool {
        self.name == domain || (self.kind == Kind::Name && lies_below(self.name, domain))
    }

    /// The host's registrable domain. Hosts that have none: addresses, single labels and public suffixes.
    pub(crate) fn registrable(self) -> Option<&'a str> {
        match self.kind {
            Kind::Name => suffix::registrable(self.name),
            Kind::Address => None,
        }
    }

    /// The host and the names above it, longest first: its registrable domain is one of them, which
    /// so can be found without a look into the public suffix list.
    pub(crate) fn names(self) -> impl Iterator<Item = &'a str> {
        let kind = self.kind;
        std::iter::successors(Some(self.name), move |name| match kind {
            Kind::Name => name.split_once('.').map(|(_, parent)| parent),
            Kind::Address => None,
        })
    }
}

/// Whether `name` ends in a dot and `domain`.
fn lies_below(name: &str, domain: &str) -> bool {
    !domain.is_empty() && name.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

/// Whether one of two cookie domains domain-matches the other (RFC 6265bis 5.7, step 15).
pub(crate) fn overlap(one: &str, other: &str) -> bool {
    one == other || lies_below(one, other) || lies_below(other, one)
}

/// `url` with its host in canonical form. None if the host has no such form.
pub(crate) fn canonical(url: &Url) -> Option<Cow<'_, Url>> {
    let host = Host::of(url)?.name();
    if url.host_str() == Some(host) {
        return Some(Cow::Borrowed(url));
    }
    let mut canonical = url.clone();
    canonical.set_host(Some(host)).ok()?;
    Some(Cow::Owned(canonical))
}

/// Whether what comes from and goes to `url` counts as secure.
///
/// RFC 6265bis 5.7 leaves it to the client, and says that most take TLS and trusted hosts such as `localhost`.
/// As in curl and Chrome these are `https`, and over any scheme `localhost` and the loopback addresses: what is
/// said there never leaves the machine. (`cookie_store` draws the same line.)
pub(crate) fn is_secure(url: &Url) -> bool {
    url.scheme() == "https"
        || match url.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn canonical_hosts() {
        let long = format!("http://{}com/", "a.".repeat(200));
        #[rustfmt::skip]
        let table = [
            ("http://Example.COM/",      Some("example.com"),          "example.com"),
            ("http://www.example.com./", Some("www.example.com"),      "example.com"),
            ("http://bücher.de/",        Some("xn--bcher-kva.de"),     "xn--bcher-kva.de"),
            ("http://a.b.github.io/",    Some("a.b.github.io"),        "b.github.io"),
            ("http://github.io/",        Some("github.io"),            "github.io"),
            ("http://co.uk./",           Some("co.uk"),                "co.uk"),
            ("http://localhost:80/",     Some("localhost"),            "localhost"),
            ("http://0x7f.1/",           Some("127.0.0.1"),            "127.0.0.1"),
            ("http://[0:0::1]:8080/",    Some("[::1]"),                "[::1]"),
            ("data:text/plain,a",        None,                         ""),
            ("file:///etc/hosts",        None,                         ""),
            (&long,                      None,                         ""),
            ("http://.github.io/",       None,                         ""),
            ("http://a..b/",             None,                         ""),
            ("http://a.b../",            None,                         ""),
            ("http://217../",            None,                         ""), // one dot less, and it is an address
        ];
        for (text, name, site) in table {
            let url = url(text);
            let host = Host::of(&url);
            assert_eq!(host.map(Host::name), name, "{text}");
            let canonical = canonical(&url);
            assert_eq!(canonical.as_deref().and_then(Url::host_str), name, "{text}");
            if let Some(host) = host {
                assert_eq!(host.registrable().unwrap_or(host.name()), site, "{text}");
                assert!(host.names().any(|name| name == site), "{text}");
            }
        }
    }

    #[test]
    fn domain_match() {
        #[rustfmt::skip]
        let table = [
            ("http://example.com/",   "example.com", true),
            ("http://a.example.com/", "example.com", true),
            ("http://a.example.com./", "example.com", true),
            ("http://example.com/",   "a.example.com", false),
            ("http://badexample.com/", "example.com", false),
            ("http://example.com/",   "", false),
            ("http://example.com/",   ".example.com", false),
            ("http://example.com/",   "example.com.", false),
            ("http://127.0.0.1/",     "127.0.0.1", true),
            ("http://127.0.0.1/",     "0.0.1", false),
            ("http://127.0.0.1/",     "1", false),
            ("http://[::1]/",         "[::1]", true),
        ];
        for (text, domain, expected) in table {
            assert_eq!(Host::of(&url(text)).unwrap().domain_matches(domain), expected, "{text} {domain}");
        }
    }

    #[test]
    fn secure_connections() {
        #[rustfmt::skip]
        let table = [
            ("https://example.com/", true), ("http://example.com/", false), ("http://localhost:8000/", true),
            ("http://127.9.9.9/", true), ("http://[::1]/", true), ("http://10.0.0.1/", false),
            ("http://localhost.example.com/", false), ("http://[::2]/", false),
        ];
        for (text, expected) in table {
            assert_eq!(is_secure(&url(text)), expected, "{text}");
        }
    }
}
