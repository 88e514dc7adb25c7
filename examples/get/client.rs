//! The client that the options describe.

use std::fs;
use std::net::IpAddr;
use std::time::Duration;

use httpx::cookies::{CookieJar, SessionCookies};
use httpx::har::HarRecorder;
use httpx::network::Proxy;
use httpx::redirect::RedirectPolicy;
use httpx::retry::{Retry, RetryBudget};
use httpx::tls::TlsConfig;
use httpx::{Client, ClientBuilder, ErrorKind, Timeouts};

use crate::arguments::Arguments;
use crate::failure::{Code, Failure};
use crate::heads::Verbose;

/// The redirects that curl follows.
const MAX_REDIRECTS: u32 = 50;
/// The longest pause of curl before a retry.
const MAX_PAUSE: Duration = Duration::from_secs(600);

pub(crate) fn build(arguments: &Arguments, recorder: &HarRecorder) -> Result<Client, Failure> {
    let mut builder = Client::builder()
        .headers([("Accept", "*/*"), ("User-Agent", concat!("httpx-get/", env!("CARGO_PKG_VERSION")))])
        // curl has no limits of its own but that of the connection.
        .timeouts(Timeouts::new().write(Timeouts::NEVER).head(Timeouts::NEVER).read(Timeouts::NEVER))
        .connect_timeout(arguments.connect_timeout.unwrap_or(Duration::from_secs(300)))
        .max_redirects(arguments.max_redirects.unwrap_or(MAX_REDIRECTS))
        .allow_https_to_http(true);
    if !arguments.has("location") {
        builder = builder.redirect_policy(RedirectPolicy::stop());
    }
    if arguments.retries > 0 {
        builder = builder.retry(retry(arguments.retries));
    }
    if arguments.has("verbose") {
        builder = builder.network_layer(Verbose::new());
    }
    if arguments.har_file.is_some() {
        builder = builder.network_layer(recorder.clone());
    }
    builder = with_cookies(builder, arguments)?;
    builder = with_proxy(builder, arguments)?;
    builder = with_netrc(builder, arguments);
    for entry in &arguments.resolve {
        let (host, address) = resolved(entry)?;
        builder = builder.resolve(&host, [address]);
    }
    Ok(builder.tls(tls(arguments)?).build()?)
}

/// Retries what curl retries: timeouts, hosts that do not resolve, and these statuses, as often as the user says.
fn retry(retries: u32) -> Retry {
    const STATUSES: [u16; 6] = [408, 429, 500, 502, 503, 504];
    Retry::new()
        .max_attempts(retries.saturating_add(1))
        .budget(RetryBudget::new(0, u32::MAX))
        .base_delay(Duration::from_secs(1))
        .max_delay(MAX_PAUSE)
        .max_retry_after(MAX_PAUSE)
        .retry_if(|outcome| match (outcome.response(), outcome.error()) {
            (Some(head), _) => STATUSES.contains(&head.status().as_u16()),
            (None, Some(error)) => matches!(error.kind(), ErrorKind::Timeout(_) | ErrorKind::Resolve),
            (None, None) => false,
        })
}

/// Without `-b` and `-c` there are no cookies, as in curl.
fn with_cookies(builder: ClientBuilder, arguments: &Arguments) -> Result<ClientBuilder, Failure> {
    let files = arguments.cookies.iter().filter(|cookie| !cookie.contains('=')).collect::<Vec<_>>();
    if files.is_empty() && arguments.cookie_jar.is_none() {
        return Ok(builder.no_cookies());
    }
    let jar = CookieJar::new();
    for file in files {
        // curl takes a missing file for an empty one.
        if !file.is_empty() && fs::exists(file).unwrap_or(true) {
            jar.load_file(file).map_err(|error| Failure::read(file, &error))?;
        }
    }
    Ok(builder.cookie_jar(jar))
}

/// Writes the jar's cookies to the file of `-c`.
pub(crate) fn save_cookies(client: &Client, arguments: &Arguments) -> Result<(), Failure> {
    let Some(path) = &arguments.cookie_jar else { return Ok(()) };
    let saved = client.cookies().save_file(path, SessionCookies::Include);
    saved.map_err(|error| Failure::write(&path.display().to_string(), &error))
}

fn with_proxy(builder: ClientBuilder, arguments: &Arguments) -> Result<ClientBuilder, Failure> {
    match (arguments.proxy.as_deref(), arguments.no_proxy.as_deref()) {
        (Some(""), _) | (_, Some("*")) => Ok(builder.no_proxy()),
        (None, _) => Ok(builder),
        (Some(proxy), hosts) => {
            let url = if proxy.contains("://") { proxy.to_owned() } else { format!("http://{proxy}") };
            let proxy = Proxy::all(&url)?;
            Ok(builder.proxy(match hosts {
                Some(hosts) => proxy.no_proxy(hosts),
                None => proxy,
            }))
        }
    }
}

fn with_netrc(builder: ClientBuilder, arguments: &Arguments) -> ClientBuilder {
    match &arguments.netrc_file {
        Some(path) => builder.netrc_file(path),
        None if arguments.has("netrc") => builder.netrc(),
        None => builder,
    }
}

/// Parses `HOST:PORT:ADDRESS`. The address holds for all ports.
fn resolved(entry: &str) -> Result<(String, IpAddr), Failure> {
    let mut parts = entry.splitn(3, ':');
    let (host, _port, address) = (parts.next(), parts.next(), parts.next());
    let address = address.and_then(|address| address.trim_matches(['[', ']']).parse().ok());
    host.map(str::to_owned).zip(address).ok_or_else(|| {
        Failure::new(Code::Usage, format!("option --resolve: expected HOST:PORT:ADDRESS, not '{entry}'"))
    })
}

fn tls(arguments: &Arguments) -> Result<TlsConfig, Failure> {
    let mut builder = TlsConfig::builder();
    if let Some(path) = &arguments.ca_file {
        let pem = fs::read(path).map_err(|error| {
            Failure::new(Code::CaFile, format!("cannot read {}: {error}", path.display()))
        })?;
        builder = builder.only_given_roots().root(pem);
    }
    if arguments.has("insecure") {
        builder = builder.danger_accept_invalid_certs();
    }
    builder.build().map_err(|error| Failure::new(Code::CaFile, error.to_string()))
}
