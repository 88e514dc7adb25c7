//! The heads of requests and responses, with colours on a terminal.

use std::env;
use std::io::{self, IsTerminal, Write};

use httpx::Headers;
use httpx::flow::{Clock, Flow, FlowNext, FlowOutcome, RequestHead, ResponseHead};
use httpx::logging::Redaction;

/// The escapes of a terminal (ECMA-48 §8.3.117), or none.
#[derive(Clone, Copy)]
pub(crate) struct Colours {
    is_on: bool,
    is_terminal: bool,
}

impl Colours {
    /// Colours for a stream that is a terminal, unless NO_COLOR is set (no-color.org).
    pub(crate) fn of(stream: &impl IsTerminal) -> Self {
        let is_refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let is_terminal = stream.is_terminal();
        Colours { is_on: is_terminal && !is_refused, is_terminal }
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    pub(crate) fn cyan(self, text: &str) -> String {
        self.with("36", text)
    }

    pub(crate) fn green(self, text: &str) -> String {
        self.with("32", text)
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.is_on { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// Writes the head of a response as it was received. On a terminal, control characters are escaped, with colours or
/// without.
pub(crate) fn write_response(out: &mut impl Write, head: &ResponseHead, colours: Colours) -> io::Result<()> {
    let reason = if colours.is_terminal { escaped(head.reason()) } else { head.reason().to_owned() };
    let first = format!("{} {} {reason}", head.version(), head.status().as_u16());
    write!(out, "{}\r\n", colours.bold(&first))?;
    for (name, value) in head.headers() {
        write!(out, "{}: ", colours.cyan(name))?;
        if colours.is_terminal {
            write!(out, "{}", escaped(&value.to_string()))?;
        } else {
            out.write_all(value.as_bytes())?;
        }
        out.write_all(b"\r\n")?;
    }
    out.write_all(b"\r\n")
}

/// Escapes what a terminal could take for a command, such as U+009B, which begins one as ESC does. Quotes stay, as in ETags.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        if matches!(letter, '"' | '\'') { out.push(letter) } else { out.extend(letter.escape_debug()) }
    }
    out
}

/// Prints the heads that pass. As a network layer it sees each request, also each step of a redirect.
pub(crate) struct Verbose {
    colours: Colours,
    redaction: Redaction,
}

impl Verbose {
    pub(crate) fn new() -> Self {
        Verbose { colours: Colours::of(&io::stderr()), redaction: Redaction::new() }
    }

    fn show(&self, mark: char, first: &str, headers: &Headers) {
        eprintln!("{mark} {}", self.colours.bold(first));
        for (name, value) in headers {
            let value = self.redaction.header(name, value);
            eprintln!("{mark} {}: {}", self.colours.cyan(name), escaped(&value));
        }
        eprintln!("{mark}");
    }

    fn show_request(&self, request: &RequestHead) {
        let target = self.redaction.text(request.url().target());
        let first = format!("{} {} HTTP/1.1", request.method(), escaped(&target));
        let mut headers = Headers::new();
        if !request.headers().contains("Host") && headers.set("Host", request.url().authority()).is_err() {
            eprintln!("* the host is no valid header");
        }
        headers.update(request.headers());
        self.show('>', &first, &headers);
    }

    fn show_response(&self, head: &ResponseHead) {
        let first = format!("{} {} {}", head.version(), head.status().as_u16(), escaped(head.reason()));
        if let Some(address) = head.remote_addr() {
            let how = if head.is_reused() { "over the connection" } else { "over a new connection" };
            eprintln!("* {how} to {address}");
        }
        self.show('<', &first, head.headers());
    }
}

impl Flow for Verbose {
    type Call = ();

    fn start(&self, request: &mut RequestHead, _: &dyn Clock) -> httpx::Result<()> {
        self.show_request(request);
        Ok(())
    }

    fn next(
        &self,
        _: &mut (),
        _: &mut RequestHead,
        outcome: FlowOutcome<'_>,
        _: &dyn Clock,
    ) -> httpx::Result<FlowNext> {
        match outcome {
            FlowOutcome::Response(head) => self.show_response(head),
            FlowOutcome::Failed(error) => eprintln!("* {}", error.message()),
        }
        Ok(FlowNext::Done)
    }
}
