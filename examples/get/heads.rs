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
}

impl Colours {
    /// Colours for a stream that is a terminal, unless NO_COLOR is set (no-color.org).
    pub(crate) fn of(stream: &impl IsTerminal) -> Self {
        let is_refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Colours { is_on: stream.is_terminal() && !is_refused }
    }

    pub(crate) fn is_on(self) -> bool {
        self.is_on
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

/// Writes the head of a response as it was received. On a terminal, control characters are escaped.
pub(crate) fn write_response(out: &mut impl Write, head: &ResponseHead, colours: Colours) -> io::Result<()> {
    let first = format!("{} {} {}", head.version(), head.status().as_u16(), head.reason());
    write!(out, "{}\r\n", colours.bold(&first))?;
    for (name, value) in head.headers() {
        write!(out, "{}: ", colours.cyan(name))?;
        if colours.is_on() {
            write!(out, "{}", value.to_string().escape_debug())?;
        } else {
            out.write_all(value.as_bytes())?;
        }
        out.write_all(b"\r\n")?;
    }
    out.write_all(b"\r\n")
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
            eprintln!("{mark} {}: {}", self.colours.cyan(name), value.escape_debug());
        }
        eprintln!("{mark}");
    }

    fn show_request(&self, request: &RequestHead) {
        let target = self.redaction.text(request.url().target()).into_owned();
        let first = format!("{} {target} HTTP/1.1", request.method());
        let mut headers = Headers::new();
        if !request.headers().contains("Host") && headers.set("Host", request.url().authority()).is_err() {
            eprintln!("* the host is no valid header");
        }
        headers.update(request.headers());
        self.show('>', &first, &headers);
    }

    fn show_response(&self, head: &ResponseHead) {
        let first = format!("{} {} {}", head.version(), head.status().as_u16(), head.reason());
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
