//! Hosts and domains of cookies (RFC 6265bis §5.1.2 and §5.1.3).

use super::suffix;
use std::borrow::Cow;
use url::Url;

/// The most bytes of a name. A longer one cannot be looked up (RFC 1035 §2.3.4), so no response can be from it. This
/// also bounds the work that a URL from a hostile server can cause.
const MAX_NAME: usize = 253;

/// The host of a URL in canonical form. The URL itself has it in lower case and in IDNA's ASCII form; the dot that may
/// end a name is cut off here, as in curl.
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
    /// Returns the host of `url`; `None` if it has none that a cookie could be for.
    pub(crate) fn of(url: &'a Url) -> Option<Host<'a>> {
        let kind = match url.host()? {
            url::Host::Domain(_) => Kind::Name,
            url::Host::Ipv4(_) | url::Host::Ipv6(_) => Kind::Address,
        };
        let name = url.host_str()?;
        let name = name.strip_suffix('.').unwrap_or(name);
        // A name with an empty label has no cookies: in a file, a dot in front would mean all hosts below it.
        let has_labels = kind == Kind::Address || name.split('.').all(|label| !label.is_empty());
        (has_labels && (1..=MAX_NAME).contains(&name.len())).then_some(Host { name, kind })
    }

    /// Returns the name, or the address in the form of a URL (IPv6 in brackets).
    pub(crate) fn name(self) -> &'a str {
        self.name
    }

    /// RFC 6265bis §5.1.3: the host is the domain, or a name that ends in a dot and the domain.
    pub(crate) fn domain_matches(self, domain: &str) -> bool {
        self.name == domain || (self.kind == Kind::Name && lies_below(self.name, domain))
    }

    /// Returns the registrable domain of the host. Addresses, single labels and public suffixes have none.
    pub(crate) fn registrable(self) -> Option<&'a str> {
        match self.kind {
            Kind::Name => suffix::registrable(self.name),
            Kind::Address => None,
        }
    }

    /// Returns the host and the names above it, longest first. Its registrable domain is one of them, so a site can be
    /// found without searching the public suffix list.
    pub(crate) fn names(self) -> impl Iterator<Item = &'a str> {
        let kind = self.kind;
        std::iter::successors(Some(self.name), move |name| match kind {
            Kind::Name => name.split_once('.').map(|(_, parent)| parent),
            Kind::Address => None,
        })
    }
}

/// Tells whether `name` ends in a dot and `domain`.
fn lies_below(name: &str, domain: &str) -> bool {
    !domain.is_empty() && name.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

/// Tells whether one of two cookie domains domain-matches the other (RFC 6265bis §5.7, step 15).
pub(crate) fn overlap(one: &str, other: &str) -> bool {
    one == other || lies_below(one, other) || lies_below(other, one)
}

/// Returns `url` with its host in canonical form; `None` if the host has no such form.
pub(crate) fn canonical(url: &Url) -> Option<Cow<'_, Url>> {
    let host = Host::of(url)?.name();
    if url.host_str() == Some(host) {
        return Some(Cow::Borrowed(url));
    }
    let mut canonical = url.clone();
    canonical.set_host(Some(host)).ok()?;
    Some(Cow::Owned(canonical))
}

/// Returns the root of a cookie's domain over a secure connection, with its host in canonical form. A dot before the
/// domain, as old programs write it, has no meaning.
pub(crate) fn canonical_url(domain: &str) -> Option<Url> {
    let mut url = Url::parse("https://host/").ok()?;
    let domain = domain.strip_prefix('.').unwrap_or(domain);
    // Parsed by itself first: the setter of a URL ignores line breaks and a port.
    let host = url::Host::parse(domain.strip_suffix('.').unwrap_or(domain)).ok()?;
    url.set_host(Some(&host.to_string())).ok()?;
    Some(url)
}

/// Returns the value of a `Domain` attribute in lower case and in ASCII. A value that has no such form, and so matches
/// no host, is returned as it is.
///
/// RFC 6265bis §5.7 lets a client ignore a domain that is not ASCII. Browsers convert it, and servers count on that.
pub(crate) fn ascii_domain(value: &str) -> String {
    // `Host::parse` also undoes percent-encoding, which a cookie's domain does not have.
    let name = Some(value).filter(|name| !name.is_ascii() && !name.contains('%'));
    match name.map(url::Host::parse) {
        Some(Ok(url::Host::Domain(ascii))) => ascii,
        _ => value.to_ascii_lowercase(),
    }
}

/// Tells whether a connection for `url` counts as secure.
///
/// RFC 6265bis §5.7 leaves this to the client. As in curl and Chrome, `https` counts, and over any scheme `localhost`
/// and the loopback addresses, because such a connection never leaves the machine. `cookie_store` has the same rule.
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
