//! [`EnvVariables`]: the variables of the environment that name proxies, as text.

use std::ffi::OsString;

use crate::proxy::no_proxy::NoProxy;

/// The variables that name proxies. Their values are not yet parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EnvVariables {
    /// The variable with the proxy for http URLs.
    pub(crate) http: Option<EnvVariable>,
    /// The variable with the proxy for https URLs.
    pub(crate) https: Option<EnvVariable>,
    pub(crate) no_proxy: NoProxy,
}

/// A variable that names a proxy.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct EnvVariable {
    /// The name, for error messages.
    pub(crate) name: &'static str,
    /// The value, without white space around it; `None` if it is not UTF-8.
    pub(crate) value: Option<String>,
}

impl EnvVariables {
    /// Reads `http_proxy` and `https_proxy`, for both schemes `all_proxy`, and `no_proxy`, in lower or upper case.
    /// `get` looks up a variable.
    ///
    /// The name in lower case comes before the one in upper case, as in curl. An empty value counts as unset.
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
        EnvVariables { http, https, no_proxy }
    }
}

/// The first of these variables that is set.
fn first(get: &impl Fn(&str) -> Option<OsString>, variables: &[&'static str]) -> Option<EnvVariable> {
    variables.iter().find_map(|name| {
        let value = get(name)?;
        let value = value.to_str().map(str::trim);
        (value != Some("")).then(|| EnvVariable { name, value: value.map(str::to_owned) })
    })
}

/// The name of the variable; the value may hold a password.
impl std::fmt::Debug for EnvVariable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EnvVariable").field("name", &self.name).finish_non_exhaustive()
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
            let read = EnvVariables::read(|name| variables.get(name).map(OsString::from));
            assert_eq!([shown(&read.http), shown(&read.https)], [*http, *https], "{environment:?}");
            assert_eq!(read.no_proxy, NoProxy::new());
        }
    }

    /// A value that is not UTF-8.
    const NOT_UTF8: &str = "not UTF-8";

    fn shown(variable: &Option<EnvVariable>) -> Option<(&'static str, &str)> {
        variable.as_ref().map(|variable| (variable.name, variable.value.as_deref().unwrap_or(NOT_UTF8)))
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
            let read = EnvVariables::read(|name| {
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
            let read = EnvVariables::read(|name| variables.get(name).map(OsString::from));
            assert_eq!(read.no_proxy, NoProxy::parse(list), "{environment:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn values_that_are_not_utf8() {
        use std::os::unix::ffi::OsStringExt;

        let read = EnvVariables::read(|name| match name {
            "http_proxy" => Some(OsString::from_vec(b"http://u:s3cret\xff@h:1".to_vec())),
            "HTTP_PROXY" => Some("http://h:2".into()),
            "no_proxy" => Some(OsString::from_vec(b"a,b\xff,c".to_vec())),
            _ => None,
        });
        assert_eq!(shown(&read.http), Some(("http_proxy", NOT_UTF8)));
        assert_eq!(["a", "b", "c"].map(|host| read.no_proxy.matches(host, 80)), [true, false, true]);
    }

    #[test]
    fn debug_hides_the_password() {
        let read = EnvVariables::read(|name| (name == "https_proxy").then(|| "http://u:s3cret@h".into()));
        let shown = format!("{read:?}");
        assert!(shown.contains("https_proxy") && !shown.contains("s3cret"), "{shown}");
    }
}
