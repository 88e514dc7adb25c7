//! The facts that `-w` prints.

use std::time::Duration;

use httpx::{Body, Response};

/// The facts about a transfer that has ended.
pub(crate) struct Summary {
    pub(crate) url: String,
    pub(crate) status: u16,
    pub(crate) redirects: usize,
    pub(crate) content_type: String,
    pub(crate) bytes: u64,
    pub(crate) time: Duration,
}

impl Summary {
    /// The facts before the body is read.
    pub(crate) fn of(response: &Response<Body>) -> Self {
        let content_type = response.headers().get("Content-Type");
        Summary {
            url: response.url().map(ToString::to_string).unwrap_or_default(),
            status: response.status().as_u16(),
            redirects: response.history().len(),
            content_type: content_type.map(|value| value.to_string()).unwrap_or_default(),
            bytes: 0,
            time: Duration::ZERO,
        }
    }

    /// A transfer without a response.
    pub(crate) fn failed(url: &str) -> Self {
        let (url, content_type) = (url.to_owned(), String::new());
        Summary { url, status: 0, redirects: 0, content_type, bytes: 0, time: Duration::ZERO }
    }

    /// Fills in a format: `%{name}`, `%%`, `\n`, `\r`, `\t`. An unknown name is left out.
    pub(crate) fn format(&self, format: &str) -> String {
        let mut out = String::new();
        let mut rest = format;
        while let Some(at) = rest.find(['%', '\\']) {
            let (before, special) = rest.split_at(at);
            out.push_str(before);
            let (shown, length) = self.special(special);
            out.push_str(&shown);
            rest = special.get(length..).unwrap_or_default();
        }
        out + rest
    }

    /// Returns what stands for the beginning of this text, and the length of that beginning.
    fn special(&self, text: &str) -> (String, usize) {
        for (escape, shown) in [("%%", "%"), (r"\n", "\n"), (r"\r", "\r"), (r"\t", "\t")] {
            if text.starts_with(escape) {
                return (shown.to_owned(), escape.len());
            }
        }
        match text.strip_prefix("%{").and_then(|rest| rest.split_once('}')) {
            Some((name, _)) => (self.variable(name), name.len() + 3),
            None => (text.chars().take(1).collect(), 1),
        }
    }

    fn variable(&self, name: &str) -> String {
        match name {
            "http_code" | "response_code" => format!("{:03}", self.status),
            "url_effective" => self.url.clone(),
            "num_redirects" => self.redirects.to_string(),
            "content_type" => self.content_type.clone(),
            "size_download" => self.bytes.to_string(),
            "time_total" => format!("{:.6}", self.time.as_secs_f64()),
            _ => String::new(),
        }
    }
}
