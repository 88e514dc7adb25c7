//! [`EnvProxies`]: the proxies in the environment of the process, as text.

use std::ffi::OsString;

use crate::proxy::no_proxy::NoProxy;

/// The proxies in the environment, not yet parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EnvProxies {
    /// The proxy of http URLs.
    pub(crate) http: Option<EnvProxy>,
    /// The proxy of https URLs.
    pub(crate) https: Option<EnvProxy>,
    pub(crate) no_proxy: NoProxy,
}

/// A proxy, and where it was found.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct EnvProxy {
    /// The name of the variable, for error messages.
    pub(crate) variable: &'static str,
    /// The value, without blanks around it: [`NOT_UTF8`] if it is not UTF-8.
    pub(crate) url: String,
}

/// Stands for a value that is not UTF-8. It is no URL, so the error of parsing it shows this text.
pub(crate) const NOT_UTF8: &str = "<a value that is not UTF-8>";

impl EnvProxies {
    /// Reads the variables of curl and Go: `http_proxy` and `https_proxy`, for both schemes `all_proxy`, and `no_proxy`.
    /// `get` looks up a variable.
    ///
    /// The name in lower case comes before the one in upper case. An empty value counts as unset.
    pub(crate) fn read(get: impl Fn(&str) -> Option<OsString>) -> Self {
        let http = match (get("REQUEST_METHOD"), get("request_method")) {
            (None, None) => first(&get, &["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]),
            // In a CGI program, `HTTP_PROXY` is the header `Proxy` of a request (RFC 3875 §4.1.18).
            (Some(_), None) => first(&get, &["http_proxy", "all_proxy", "ALL_PROXY"]),
            // On Windows, names in lower and upper case are the same variable.
            (_, Some(_)) => first(&get, &["all_proxy", "ALL_PROXY"]),
        };
        let https = first(&get, &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]);
        // Of a list that is not UTF-8, the entries that are UTF-8 count.
        let no_proxy = ["no_proxy", "NO_PROXY"].into_iter().filter_map(get).find(|list| !list.is_empty());
        let no_proxy = no_proxy.map(|list| NoProxy::parse(&list.to_string_lossy())).unwrap_or_default();
        EnvProxies { http, https, no_proxy }
    }
}

/// The first of these variables that is set.
fn first(get: &impl Fn(&str) -> Option<OsString>, variables: &[&'static str]) -> Option<EnvProxy> {
    variables.iter().find_map(|variable| {
        let value = get(variable)?;
        let url = value.to_str().unwrap_or(NOT_UTF8).trim();
        (!url.is_empty()).then(|| EnvProxy { variable, url: url.to_owned() })
    })
}

/// The name of the variable; the value may hold a password.
impl std::fmt::Debug for EnvProxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EnvProxy").field("variable", &self.variable).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// An environment, and the proxies of http and https in it.
    struct Row {
        environment: &'static [(&'static str, &'static str)],
        http: Option<(&'static str, &'static str)>,
        https: Option<(&'static str, &'static str)>,
    }

    const ROWS: &[Row] = &[
        Row { environment: &[], http: None, https: None },
        Row { environment: &[("http_proxy", "h")], http: Some(("http_proxy", "h")), https: None },
        Row { environment: &[("HTTP_PROXY", "H")], http: Some(("HTTP_PROXY", "H")), https: None },
        Row { environment: &[("https_proxy", "s")], http: None, https: Some(("https_proxy", "s")) },
        Row { environment: &[("HTTPS_PROXY", "S")], http: None, https: Some(("HTTPS_PROXY", "S")) },
        // Lower case comes before upper case, and the scheme before `all`.
        Row {
            environment: &[
                ("HTTP_PROXY", "H"),
                ("http_proxy", "h"),
                ("HTTPS_PROXY", "S"),
                ("https_proxy", "s"),
                ("ALL_PROXY", "A"),
                ("all_proxy", "a"),
            ],
            http: Some(("http_proxy", "h")),
            https: Some(("https_proxy", "s")),
        },
        Row {
            environment: &[("HTTP_PROXY", "H"), ("HTTPS_PROXY", "S"), ("ALL_PROXY", "A"), ("all_proxy", "a")],
            http: Some(("HTTP_PROXY", "H")),
            https: Some(("HTTPS_PROXY", "S")),
        },
        Row {
            environment: &[("ALL_PROXY", "A"), ("all_proxy", "a")],
            http: Some(("all_proxy", "a")),
            https: Some(("all_proxy", "a")),
        },
        Row {
            environment: &[("ALL_PROXY", "A"), ("https_proxy", "s")],
            http: Some(("ALL_PROXY", "A")),
            https: Some(("https_proxy", "s")),
        },
        // An empty value is no value.
        Row {
            environment: &[
                ("http_proxy", ""),
                ("HTTP_PROXY", "H"),
                ("https_proxy", " \t"),
                ("HTTPS_PROXY", ""),
                ("all_proxy", ""),
                ("ALL_PROXY", "A"),
            ],
            http: Some(("HTTP_PROXY", "H")),
            https: Some(("ALL_PROXY", "A")),
        },
        Row { environment: &[("http_proxy", ""), ("ALL_PROXY", " ")], http: None, https: None },
        Row {
            environment: &[("http_proxy", " h\r\n"), ("https_proxy", "\ts u ")],
            http: Some(("http_proxy", "h")),
            https: Some(("https_proxy", "s u")),
        },
        // CGI: the client of the server sets `HTTP_PROXY`. It cannot set the other variables.
        Row { environment: &[("REQUEST_METHOD", "GET"), ("HTTP_PROXY", "H")], http: None, https: None },
        Row { environment: &[("REQUEST_METHOD", ""), ("HTTP_PROXY", "H")], http: None, https: None },
        Row {
            environment: &[("REQUEST_METHOD", "GET"), ("HTTP_PROXY", "H"), ("http_proxy", "h")],
            http: Some(("http_proxy", "h")),
            https: None,
        },
        Row {
            environment: &[
                ("REQUEST_METHOD", "GET"),
                ("HTTP_PROXY", "H"),
                ("HTTPS_PROXY", "S"),
                ("ALL_PROXY", "A"),
            ],
            http: Some(("ALL_PROXY", "A")),
            https: Some(("HTTPS_PROXY", "S")),
        },
    ];

    #[test]
    fn proxies() {
        for Row { environment, http, https } in ROWS {
            let variables: BTreeMap<_, _> = environment.iter().copied().collect();
            let read = EnvProxies::read(|name| variables.get(name).map(OsString::from));
            assert_eq!([shown(&read.http), shown(&read.https)], [*http, *https], "{environment:?}");
            assert_eq!(read.no_proxy, NoProxy::new());
        }
    }

    fn shown(proxy: &Option<EnvProxy>) -> Option<(&'static str, &str)> {
        proxy.as_ref().map(|proxy| (proxy.variable, &*proxy.url))
    }

    /// Windows ignores the case of names.
    #[test]
    fn proxies_where_names_ignore_case() {
        let rows: [(&[_], _, _); 4] = [
            (&[("HTTP_PROXY", "H")], Some(("http_proxy", "H")), None),
            (&[("REQUEST_METHOD", "GET"), ("HTTP_PROXY", "H")], None, None),
            (&[("Request_Method", "GET"), ("http_proxy", "h")], None, None),
            (
                &[("REQUEST_METHOD", "GET"), ("HTTP_PROXY", "H"), ("All_Proxy", "A")],
                Some(("all_proxy", "A")),
                Some(("all_proxy", "A")),
            ),
        ];
        for (environment, http, https) in rows {
            let read = EnvProxies::read(|name| {
                let found = environment.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
                found.map(|(_, value)| OsString::from(value))
            });
            assert_eq!([shown(&read.http), shown(&read.https)], [http, https], "{environment:?}");
        }
    }

    #[test]
    fn no_proxy() {
        let rows: [(&[_], _); 5] = [
            (&[("no_proxy", "a"), ("NO_PROXY", "b")], "a"),
            (&[("NO_PROXY", "b")], "b"),
            (&[("no_proxy", ""), ("NO_PROXY", "b")], "b"),
            (&[("NO_PROXY", " * ")], "*"),
            (&[("NO_PROXY", "b"), ("REQUEST_METHOD", "GET")], "b"),
        ];
        for (environment, list) in rows {
            let variables: BTreeMap<_, _> = environment.iter().copied().collect();
            let read = EnvProxies::read(|name| variables.get(name).map(OsString::from));
            assert_eq!(read.no_proxy, NoProxy::parse(list), "{environment:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn values_that_are_not_utf8() {
        use std::os::unix::ffi::OsStringExt;

        use httpx_core::Url;

        let read = EnvProxies::read(|name| match name {
            "http_proxy" => Some(OsString::from_vec(b"http://u:s3cret\xff@h:1".to_vec())),
            "HTTP_PROXY" => Some("http://h:2".into()),
            "no_proxy" => Some(OsString::from_vec(b"a,b\xff,c".to_vec())),
            _ => None,
        });
        assert_eq!(shown(&read.http), Some(("http_proxy", NOT_UTF8)));
        assert_eq!(["a", "b", "c"].map(|host| read.no_proxy.matches(host, 80)), [true, false, true]);
        // No way of reading it as a URL succeeds.
        for prefix in ["", "http://", "https://", "socks5h://"] {
            assert!(Url::parse(&format!("{prefix}{NOT_UTF8}")).is_err(), "{prefix}");
        }
    }

    #[test]
    fn debug_hides_the_password() {
        let read = EnvProxies::read(|name| (name == "https_proxy").then(|| "http://u:s3cret@h".into()));
        let shown = format!("{read:?}");
        assert!(shown.contains("https_proxy") && !shown.contains("s3cret"), "{shown}");
    }
}
