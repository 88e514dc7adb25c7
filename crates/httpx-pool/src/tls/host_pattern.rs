//! [`HostPattern`]: the hosts that a setting is for.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use httpx_core::Url;

use super::config_error::TlsConfigError;
use crate::endpoint::Endpoint;

/// A host, or `*.` and a domain: every host below the domain, at any depth, but not the domain itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HostPattern {
    scope: Scope,
    /// As in URLs: lower case, Punycode, IPv6 without brackets, and without a last dot.
    host: Box<str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    Host,
    Below,
}

impl HostPattern {
    pub(super) fn parse(text: &str) -> Result<Self, TlsConfigError> {
        let (scope, host) = match text.strip_prefix("*.") {
            None => (Scope::Host, text),
            Some(domain) => (Scope::Below, domain),
        };
        let is_address = |host: &str| host.parse::<IpAddr>().is_ok();
        match normalize(host) {
            Some(host) if !(scope == Scope::Below && is_address(&host)) => Ok(HostPattern { scope, host }),
            _ => Err(TlsConfigError::Host { pattern: shortened(text) }),
        }
    }

    /// Compares with the host of a URL, without brackets.
    pub(super) fn matches(&self, host: &str) -> bool {
        let host = without_last_dot(host);
        match self.scope {
            Scope::Host => self.host.eq_ignore_ascii_case(host),
            Scope::Below => host
                .len()
                .checked_sub(self.host.len())
                .and_then(|start| host.split_at_checked(start))
                .is_some_and(|(sub, domain)| {
                    domain.eq_ignore_ascii_case(&self.host) && sub.len() > 1 && sub.ends_with('.')
                }),
        }
    }
}

/// Returns the host as URLs have it.
fn normalize(host: &str) -> Option<Box<str>> {
    let bare = Endpoint::bare_host(host);
    if let Ok(address) = bare.parse::<Ipv6Addr>() {
        return Some(address.to_string().into());
    }
    // With these characters, the parser would read more than a host, or leave characters out.
    let is_other = |c: char| c.is_whitespace() || c.is_control() || "/?#@:*\\".contains(c);
    if host.contains(is_other) {
        return None;
    }
    let url = Url::parse(&format!("https://{host}/")).ok()?;
    url.host().map(|host| without_last_dot(host).into())
}

fn without_last_dot(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
}

/// The start of a wrong pattern, escaped, for an error.
fn shortened(text: &str) -> Box<str> {
    text.chars().take(64).flat_map(char::escape_debug).collect::<String>().into()
}

impl fmt::Display for HostPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.scope {
            Scope::Host => f.write_str(&self.host),
            Scope::Below => write!(f, "*.{}", self.host),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_that_match() {
        let rows = [
            ("a.example", "a.example", true),
            ("A.Example.", "a.example", true),
            ("a.example", "A.EXAMPLE.", true),
            ("a.example", "b.a.example", false),
            ("a.example", "a.example.org", false),
            ("*.example", "a.example", true),
            ("*.example", "b.a.example", true),
            ("*.example", "example", false),
            ("*.example", ".example", false),
            ("*.example", "an-example", false),
            ("*.example", "ä.example", true),
            ("bücher.example", "xn--bcher-kva.example", true),
            ("127.0.0.1", "127.0.0.1", true),
            ("[::1]", "::1", true),
            ("0:0:0:0:0:0:0:1", "::1", true),
            ("localhost", "127.0.0.1", false),
        ];
        for (pattern, host, expected) in rows {
            assert_eq!(HostPattern::parse(pattern).unwrap().matches(host), expected, "{pattern} {host}");
        }
    }

    #[test]
    fn patterns_that_are_errors() {
        let long = "x ".repeat(4000);
        for pattern in [
            "",
            "*",
            "*.",
            "*.*.example",
            "a.*",
            "*a.example",
            "https://a.example",
            "a.example/",
            "a.example:443",
            "u@a.example",
            "a b",
            "a\n",
            "*.127.0.0.1",
            "*.[::1]",
            "[::1",
            "a\\b",
            "a?",
            "a#",
            &long,
        ] {
            let error = HostPattern::parse(pattern).unwrap_err().to_string();
            assert!(error.starts_with("cannot choose hosts by \"") && error.len() < 300, "{error}");
        }
    }
}
