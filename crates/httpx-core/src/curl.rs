//! A request as a command line of curl.

mod body;
mod form;
mod quote;

use std::time::Duration;

use crate::{Headers, MessageBody, Redaction, Request, RequestHead};
use body::CurlBody;
use quote::{quoted, quoted_text};

/// Commands.
impl<B: MessageBody> Request<B> {
    /// Returns a command line of curl that sends this request: for a bug report, or to try the request by hand. Secrets are
    /// shown as `[secret]`, as [`Redaction`] describes; [`to_curl_with`](Request::to_curl_with) shows them.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::{Request, Text};
    ///
    /// let request: Request = Request::new("PUT", "https://www.example.com/notes/1?token=5f1c")?
    ///     .with_headers([("Accept", "*/*"), ("User-Agent", "dev"), ("Authorization", "Bearer 5f1c")])?
    ///     .with_content(Text("It's new"))?;
    /// assert_eq!(
    ///     request.to_curl(),
    ///     r"curl -X PUT -g 'https://www.example.com/notes/1?token=[secret]' \
    ///   -H 'Accept: */*' \
    ///   -H 'User-Agent: dev' \
    ///   -H 'Authorization: [secret]' \
    ///   -H 'Content-Type: text/plain; charset=utf-8' \
    ///   --data-raw 'It'\''s new'"
    /// );
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    ///
    /// The command is for a POSIX shell. It sends the method, the URL, the headers, the body and the timeouts of the request,
    /// and none of the headers that curl adds by itself. It decodes the response (`--compressed`) if the request does. curl
    /// follows redirects only with `-L`, keeps no cookies, and takes its proxies from the environment.
    ///
    /// Files are sent from their paths (`@path`), the parts of a form by `-F`. Binary bodies go through `printf`. A body of more
    /// than 64 KiB, from a reader or a stream, or whose secrets [cannot be found](Redaction::body), is not shown: the command
    /// reads a file `BODY` instead, which must be made before.
    pub fn to_curl(&self) -> String {
        self.to_curl_with(&Redaction::new())
    }

    /// Returns a command line of curl as [`to_curl`](Request::to_curl), and hides the secrets that `redaction` names.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; pub mod logging { pub use httpx_core::Redaction; } }
    /// use httpx::Request;
    /// use httpx::logging::Redaction;
    ///
    /// let request: Request = Request::new("GET", "https://h/?key=5f1c")?
    ///     .with_headers([("Accept", "*/*"), ("User-Agent", "dev")])?;
    /// assert_eq!(
    ///     request.to_curl_with(&Redaction::show_all()),
    ///     "curl 'https://h/?key=5f1c' \\\n  -H 'Accept: */*' \\\n  -H 'User-Agent: dev'"
    /// );
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn to_curl_with(&self, redaction: &Redaction) -> String {
        curl_command(self.head(), self.body(), redaction)
    }
}

/// Returns the command of a request with this head and body: see [`Request::to_curl_with`].
#[doc(hidden)]
pub fn curl_command<B: MessageBody>(head: &RequestHead, body: &B, redaction: &Redaction) -> String {
    let headers = head.headers();
    let body = CurlBody::new(head, body, redaction);
    let mut command = body.stdin.map(|printf| format!("{printf} | ")).unwrap_or_default();
    command.push_str("curl");
    command.push_str(&method_options(head, body.option.is_some()));
    let url = redaction.url(head.url());
    if url.contains(['[', ']', '{', '}']) {
        command.push_str(" -g");
    }
    command.extend([" ", &*quoted_text(&url)]);
    let mut options = header_options(headers, body.is_form, redaction);
    options.extend(suppressed_headers(headers, &body.option, body.is_form));
    options.extend(body.option);
    options.extend(other_options(head));
    for option in options {
        command.extend([" \\\n  ", &*option]);
    }
    command
}

/// Returns the option for the method, unless curl uses it anyway.
fn method_options(head: &RequestHead, has_body: bool) -> String {
    match (head.method().as_str(), has_body) {
        ("GET", false) | ("POST", true) => String::new(),
        ("HEAD", false) => " -I".to_owned(),
        (method, _) => format!(" -X {}", quoted_text(method)),
    }
}

fn header_options(headers: &Headers, is_form: bool, redaction: &Redaction) -> Vec<String> {
    let mut options = Vec::new();
    for (name, value) in headers {
        // curl counts the body itself, and chooses the boundary of its form.
        if name.eq_ignore_ascii_case("content-length")
            || (is_form && name.eq_ignore_ascii_case("content-type"))
        {
            continue;
        }
        let line = if redaction.hides_header(name, value) || value.to_str().is_some() {
            let shown = redaction.header(name, value);
            // `Name:` would remove the header.
            if shown.is_empty() { format!("{name};") } else { format!("{name}: {shown}") }.into_bytes()
        } else {
            [name.as_bytes(), b": ", value.as_bytes()].concat()
        };
        options.push(format!("-H {}", quoted(&line)));
    }
    options
}

/// Returns options against the headers that curl adds by itself, where the request has none.
fn suppressed_headers(headers: &Headers, body: &Option<String>, is_form: bool) -> Vec<String> {
    let added = [
        ("Accept", true),
        ("User-Agent", true),
        ("Content-Type", body.is_some() && !is_form),
        // Sent with bodies of more than 1 MiB.
        ("Expect", body.as_ref().is_some_and(|option| option.contains('@'))),
    ];
    let suppressed = added.into_iter().filter(|(name, is_added)| *is_added && !headers.contains(name));
    suppressed.map(|(name, _)| format!("-H '{name}:'")).collect()
}

fn other_options(head: &RequestHead) -> Vec<String> {
    let options = head.options();
    let decodes = options.decompress.unwrap_or(true) && head.headers().contains("accept-encoding");
    let seconds = |name: &str, time: Option<Duration>| {
        time.filter(|time| *time < Duration::from_secs(1 << 31))
            .map(|time| format!("{name} {}", time.as_secs_f64()))
    };
    let compressed = decodes.then(|| "--compressed".to_owned());
    let connect = seconds("--connect-timeout", options.timeouts.connect);
    let total = seconds("--max-time", options.timeouts.total);
    [compressed, connect, total].into_iter().flatten().collect()
}
