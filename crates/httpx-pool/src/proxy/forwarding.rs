//! [`RewrittenHead`]: the parts of a request's head that a proxy changes.

use httpx_core::{Headers, Method, RequestHead};
use httpx_proto::RequestRef;

use super::{ProxyRoute, ProxyServer};

const AUTHORIZATION: &str = "Proxy-Authorization";

/// The parts of a request's head that differ from those without a proxy.
#[derive(Debug)]
pub(crate) struct RewrittenHead {
    /// The absolute form (RFC 9112 §3.2.2).
    target: Option<String>,
    headers: Option<Headers>,
}

impl RewrittenHead {
    /// Returns what differs in the head of a request that an origin receives: credentials for a proxy are not for it. In a
    /// CONNECT request they are for the proxy that receives it.
    #[cold]
    pub(crate) fn for_origin(head: &RequestHead) -> Self {
        let is_for_proxy = *head.method() == Method::CONNECT;
        let headers = (!is_for_proxy && head.headers().contains(AUTHORIZATION)).then(|| {
            let mut headers = head.headers().clone();
            headers.remove(AUTHORIZATION);
            headers
        });
        RewrittenHead { target: None, headers }
    }

    /// Puts these parts in place of those of the request.
    pub(crate) fn apply<'a>(&'a self, request: &mut RequestRef<'a>) {
        request.target = self.target.as_deref().unwrap_or(request.target);
        request.headers = self.headers.as_ref().unwrap_or(request.headers);
    }
}

impl ProxyRoute {
    /// Returns what differs in the head of a request that takes this route.
    #[cold]
    pub(crate) fn rewrite(&self, head: &RequestHead) -> RewrittenHead {
        if self.is_tunnel() { RewrittenHead::for_origin(head) } else { forward(self.server(), head) }
    }
}

fn forward(proxy: &ProxyServer, head: &RequestHead) -> RewrittenHead {
    let url = head.url();
    let target = format!("{}://{}{}", url.scheme(), url.authority(), url.target());
    let headers = proxy.authorization(head.method().as_str(), &target).map(|value| {
        let mut headers = head.headers().clone();
        // A value in base64 is always valid, and so is a digest: its parts came in a header.
        let _ = headers.set_default(AUTHORIZATION, value);
        headers
    });
    RewrittenHead { target: Some(target), headers }
}

#[cfg(test)]
mod tests {
    use httpx_core::Url;

    use super::*;
    use crate::endpoint::Scheme;
    use crate::proxy::{Proxies, Proxy};

    /// The target, the headers, and whether it is a tunnel.
    fn rewritten(
        proxy: &str,
        url: &str,
        headers: &[(&str, &str)],
        method: Method,
    ) -> (Option<String>, String, bool) {
        let url = Url::parse(url).unwrap();
        let scheme = Scheme::of(&url).unwrap();
        let mut head = RequestHead::new(method, url);
        for (name, value) in headers {
            head.headers_mut().append(name, value).unwrap();
        }
        let mut proxies = Proxies::none();
        proxies.add(Proxy::all(proxy).unwrap());
        let route = ProxyRoute::choose(&proxies, &head, scheme).unwrap().unwrap();
        let RewrittenHead { target, headers } = route.rewrite(&head);
        let headers = headers.as_ref().unwrap_or(head.headers());
        let lines = headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()));
        (target, lines.collect::<Vec<_>>().join(", "), route.is_tunnel())
    }

    #[test]
    fn what_a_proxy_changes() {
        const ANN: &str = "Proxy-Authorization: Basic YW5uOnMzY3JldA==";
        let own = ("proxy-authorization", "Bearer own");
        let upgrade = ("Upgrade", "websocket");
        type Row<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], Option<&'a str>, &'a str, bool);
        let rows: [Row<'_>; 12] = [
            ("http://p", "http://h/a?b#c", &[], Some("http://h/a?b"), "", false),
            ("http://p", "http://h:8080", &[], Some("http://h:8080/"), "", false),
            (
                "https://p",
                "http://u:w@[::1]/",
                &[],
                Some("http://[::1]/"),
                "Authorization: Basic dTp3",
                false,
            ),
            ("http://ann:s3cret@p", "http://h/", &[], Some("http://h/"), ANN, false),
            (
                "http://ann:s3cret@p",
                "http://h/",
                &[own],
                Some("http://h/"),
                "proxy-authorization: Bearer own",
                false,
            ),
            ("http://p", "http://h/", &[own], Some("http://h/"), "proxy-authorization: Bearer own", false),
            ("http://ann:s3cret@p", "https://h/", &[], None, "", true),
            ("http://ann:s3cret@p", "https://h/", &[own], None, "", true),
            ("http://p", "https://h/", &[("A", "b"), own], None, "A: b", true),
            ("http://p", "http://h/", &[upgrade], None, "Upgrade: websocket", true),
            ("socks5://ann:s3cret@p", "http://h/", &[], None, "", true),
            ("socks4a://p", "https://h/", &[own], None, "", true),
        ];
        for (proxy, url, headers, target, lines, tunnels) in rows {
            let expected = (target.map(String::from), lines.to_owned(), tunnels);
            assert_eq!(rewritten(proxy, url, headers, Method::GET), expected, "{proxy} {url} {headers:?}");
        }
        let expected = (None, "proxy-authorization: Bearer own".into(), true);
        assert_eq!(rewritten("http://p", "http://other-proxy/", &[own], Method::CONNECT), expected);
    }
}
