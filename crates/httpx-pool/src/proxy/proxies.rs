//! [`Proxies`]: chooses the proxy of a request, from a list or from the environment.

use std::ffi::OsString;
use std::fmt;
use std::sync::Arc;

use httpx_core::{Error, ErrorKind, Result, Url};

use super::env::{EnvVariable, EnvVariables};
use super::no_proxy::NoProxy;
use super::server::invalid;
use super::{Proxy, ProxyServer};
use crate::endpoint::{Endpoint, Scheme};

/// The proxies of a pool or of a request, in their order. An empty list turns proxies off.
#[derive(Debug, Clone, Default)]
pub(crate) struct Proxies(Vec<Rule>);

#[derive(Clone)]
enum Rule {
    Proxy(Proxy),
    Function(Arc<Function>),
    Env(Arc<EnvProxies>),
}

/// Chooses the proxy for a URL.
type Function = dyn Fn(&Url) -> Option<Proxy> + Send + Sync;

/// The proxies that the environment names.
#[derive(Debug)]
struct EnvProxies {
    http: Option<EnvProxy>,
    https: Option<EnvProxy>,
    no_proxy: NoProxy,
}

/// The proxy that a variable names, or the error of its value.
#[derive(Debug)]
struct EnvProxy {
    variable: &'static str,
    server: Result<Arc<ProxyServer>>,
}

impl Proxies {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn none() -> Self {
        Proxies::default()
    }

    /// Reads the environment; `None` if it names no proxy. `get` looks a variable up.
    pub(crate) fn from_env(get: impl Fn(&str) -> Option<OsString>) -> Option<Self> {
        let EnvVariables { http, https, no_proxy } = EnvVariables::read(get);
        if http.is_none() && https.is_none() {
            return None;
        }
        let [http, https] = [http, https].map(|variable| variable.as_ref().map(EnvProxy::parse));
        Some(Proxies(vec![Rule::Env(Arc::new(EnvProxies { http, https, no_proxy }))]))
    }

    pub(crate) fn add(&mut self, proxy: Proxy) {
        self.0.push(Rule::Proxy(proxy));
    }

    pub(crate) fn add_function(&mut self, function: impl Fn(&Url) -> Option<Proxy> + Send + Sync + 'static) {
        self.0.push(Rule::Function(Arc::new(function)));
    }

    /// Returns the proxy for requests to this URL.
    ///
    /// # Errors
    ///
    /// If it is that of a variable of the environment that does not hold the URL of a proxy.
    pub(super) fn choose(&self, url: &Url) -> Result<Option<Arc<ProxyServer>>> {
        let origin = Endpoint::of(url)?;
        for rule in &self.0 {
            let chosen = match rule {
                Rule::Proxy(proxy) => proxy.choose(&origin),
                Rule::Function(function) => function(url).and_then(|proxy| proxy.choose(&origin)),
                Rule::Env(proxies) => proxies.choose(&origin)?,
            };
            if chosen.is_some() {
                return Ok(chosen);
            }
        }
        Ok(None)
    }
}

impl EnvProxies {
    fn choose(&self, origin: &Endpoint) -> Result<Option<Arc<ProxyServer>>> {
        let proxy = match origin.scheme() {
            Scheme::Http => &self.http,
            Scheme::Https => &self.https,
        };
        match proxy {
            Some(proxy) if !origin.is_loopback() && !self.no_proxy.matches(origin.host(), origin.port()) => {
                proxy.server().map(Some)
            }
            _ => Ok(None),
        }
    }
}

impl EnvProxy {
    fn parse(variable: &EnvVariable) -> Self {
        let server = match &variable.value {
            Some(url) => ProxyServer::parse(url).map(Arc::new),
            None => Err(invalid("it is not UTF-8")),
        };
        EnvProxy { variable: variable.name, server }
    }

    fn server(&self) -> Result<Arc<ProxyServer>> {
        self.server.as_ref().map(Arc::clone).map_err(|error| {
            let message = format!("the environment variable {}: {}", self.variable, error.message());
            Error::new(ErrorKind::Config, message)
        })
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rule::Proxy(proxy) => proxy.fmt(f),
            Rule::Function(_) => f.write_str("<function>"),
            Rule::Env(proxies) => proxies.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(variables: &'static [(&str, &str)]) -> Option<Proxies> {
        Proxies::from_env(|name| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| OsString::from(value))
        })
    }

    fn chosen(proxies: &Proxies, url: &str) -> String {
        match proxies.choose(&Url::parse(url).unwrap()) {
            Ok(Some(server)) => server.endpoint().host().to_owned(),
            Ok(None) => "-".into(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn the_first_proxy_for_a_url_is_chosen() {
        let mut proxies = Proxies::none();
        assert_eq!(chosen(&proxies, "http://h/"), "-");
        proxies.add(Proxy::http("http://a").unwrap().no_proxy("direct.test, both.test:8080"));
        proxies.add_function(|url| match url.host() {
            Some("function.test") => Some(Proxy::https("http://b").unwrap()),
            _ => None,
        });
        proxies.add(Proxy::all("socks5h://c").unwrap().no_proxy(".direct.test"));
        let rows = [
            ("http://h/", "a"),
            ("https://h/", "c"),
            ("http://function.test/", "a"),
            ("https://function.test/", "b"),
            ("http://direct.test/", "-"),
            ("https://www.direct.test/", "-"),
            ("http://both.test/", "a"),
            ("http://both.test:8080/", "c"),
            ("http://a/", "a"),
            // Only proxies of the environment leave out this machine.
            ("http://localhost/", "a"),
            ("http://127.0.0.1/", "a"),
        ];
        for (url, expected) in rows {
            assert_eq!(chosen(&proxies, url), expected, "{url}");
        }
        assert_eq!(
            format!("{proxies:?}"),
            "Proxies([<Proxy http://a:80 for http>, <function>, <Proxy socks5h://c:1080 for all>])"
        );
    }

    #[test]
    fn proxies_of_the_environment() {
        assert!(env(&[]).is_none());
        assert!(env(&[("NO_PROXY", "x"), ("HTTP_PROXY", "")]).is_none());
        let both =
            env(&[("http_proxy", "a:1"), ("HTTPS_PROXY", "https://s3cret@b"), ("no_proxy", "direct.test")]);
        let http = env(&[("HTTP_PROXY", "a")]);
        let rows = [
            (&both, "http://h/", "a"),
            (&both, "https://h/", "b"),
            (&both, "http://www.direct.test/", "-"),
            (&both, "https://localhost/", "-"),
            (&both, "http://a.localhost./", "-"),
            (&both, "http://127.8.8.8/", "-"),
            (&both, "https://[::1]/", "-"),
            (&both, "https://[::ffff:127.0.0.1]/", "-"),
            (&both, "https://localhost.example/", "b"),
            (&both, "http://10.0.0.1/", "a"),
            (&http, "http://h/", "a"),
            (&http, "https://h/", "-"),
        ];
        for (proxies, url, expected) in rows {
            assert_eq!(chosen(proxies.as_ref().unwrap(), url), expected, "{url}");
        }
        let shown = format!("{both:?}");
        assert!(shown.contains("https://b:443") && !shown.contains("s3cret"), "{shown}");
    }

    #[test]
    fn a_bad_variable_fails_the_requests_that_need_it() {
        let proxies = env(&[("https_proxy", "ftp://ann:s3cret@p"), ("no_proxy", "direct.test")]).unwrap();
        assert_eq!(chosen(&proxies, "http://h/"), "-");
        assert_eq!(chosen(&proxies, "https://direct.test/"), "-");
        let error = proxies.choose(&Url::parse("https://h/").unwrap()).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(error.kind() == ErrorKind::Config && shown.contains("https_proxy"), "{shown}");
        assert!(!format!("{shown} {proxies:?}").contains("s3cret"), "{shown} {proxies:?}");
    }
    #[cfg(unix)]
    #[test]
    fn a_variable_that_is_not_utf8() {
        use std::os::unix::ffi::OsStringExt;

        let value = OsString::from_vec(b"http://u:s3cret\xff@h:1".to_vec());
        let proxies = Proxies::from_env(|name| (name == "http_proxy").then(|| value.clone())).unwrap();
        let error = proxies.choose(&Url::parse("http://h/").unwrap()).unwrap_err().to_string();
        assert!(error.contains("http_proxy") && error.contains("it is not UTF-8"), "{error}");
        assert!(!format!("{error} {proxies:?}").contains("s3cret"), "{error} {proxies:?}");
    }
}
