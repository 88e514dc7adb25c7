//! A small curl.
//!
//!     cargo run --release --example get -- [-v] [-o FILE] URL…

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::error::Error;
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use httpx::network::ConnectionCounts;
use httpx::{Body, Client, ConnectionPool, Headers, Request, Response, Timeouts, Transport};
use indicatif::{ProgressBar, ProgressStyle};

const HELP: &str = "\
usage: get [-v] [-o FILE] URL…

  -v, --verbose      show the heads of requests and responses
  -o, --output FILE  write the body to a file, with a progress bar
  -h, --help         show this help

It follows redirects, and keeps connections from one URL to the next.";

type Result<T = (), E = Box<dyn Error>> = std::result::Result<T, E>;

#[derive(Default)]
struct Args {
    verbose: bool,
    output: Option<String>,
    urls: Vec<String>,
}

fn main() -> ExitCode {
    match parse(std::env::args().skip(1)) {
        Ok(Some(args)) => run(&args),
        Ok(None) => {
            println!("{HELP}");
            ExitCode::SUCCESS
        }
        Err(mistake) => {
            eprintln!("get: {mistake}\n\n{HELP}");
            ExitCode::from(2)
        }
    }
}

/// Parses the arguments; `None` asks for help.
fn parse(mut given: impl Iterator<Item = String>) -> Result<Option<Args>> {
    let mut args = Args::default();
    while let Some(arg) = given.next() {
        match arg.as_str() {
            "-h" | "--help" => return Ok(None),
            "-v" | "--verbose" => args.verbose = true,
            "-o" | "--output" => args.output = Some(given.next().ok_or("-o needs the name of a file")?),
            flag if flag.starts_with('-') => return Err(format!("unknown option {flag}").into()),
            _ => args.urls.push(arg),
        }
    }
    match (args.urls.len(), &args.output) {
        (0, _) => Err("no URL was given".into()),
        (2.., Some(_)) => Err("-o allows one URL only".into()),
        (_, _) => Ok(Some(args)),
    }
}

/// Fetches all URLs, also after one has failed.
fn run(args: &Args) -> ExitCode {
    let client = match client(args.verbose) {
        Ok(client) => client,
        Err(error) => return failed(&error),
    };
    let mut code = ExitCode::SUCCESS;
    for url in &args.urls {
        if let Err(error) = fetch(&client, url, args.output.as_deref()) {
            code = failed(&*error);
        }
        if args.verbose {
            eprintln!("* {client:?}");
        }
    }
    code
}

fn client(verbose: bool) -> httpx::Result<Client> {
    let builder = Client::builder();
    match verbose {
        true => builder.transport(Verbose(ConnectionPool::new())).build(),
        false => builder.build(),
    }
}

fn fetch(client: &Client, url: &str, output: Option<&str>) -> Result {
    let mut response = client.get(url).stream()?;
    match output {
        Some(path) => save(response, path),
        None => {
            let mut stdout = io::stdout().lock();
            io::copy(&mut response, &mut stdout)?;
            // Puts the prompt on a new line after a body without a final line end.
            if stdout.is_terminal() { Ok(writeln!(stdout)?) } else { Ok(()) }
        }
    }
}

fn save(response: Response<Body>, path: &str) -> Result {
    let bar = match response.content_length() {
        Some(length) => ProgressBar::new(length).with_style(ProgressStyle::with_template(
            "{bar:40} {bytes}/{total_bytes} {binary_bytes_per_sec} {eta}",
        )?),
        None => ProgressBar::no_length()
            .with_style(ProgressStyle::with_template("{spinner} {bytes} {binary_bytes_per_sec}")?),
    };
    let mut file = File::create(path).map_err(|error| format!("cannot write {path}: {error}"))?;
    io::copy(&mut bar.wrap_read(response), &mut file)?;
    bar.finish();
    Ok(())
}

/// Prints the error and its causes, one on each line.
fn failed(error: &(dyn Error + 'static)) -> ExitCode {
    eprintln!("get: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        eprintln!("  because: {error}");
        cause = error.source();
    }
    ExitCode::FAILURE
}

/// Prints the heads that pass through a transport. It stands beneath redirects and cookies, so it sees each request.
struct Verbose<T>(T);

impl<T: Transport> Transport for Verbose<T> {
    fn send(&self, request: Request) -> httpx::Result<Response<Body>> {
        eprintln!("> {} {} HTTP/1.1", request.method(), request.url().target());
        eprintln!("> Host: {}", request.url().authority());
        show('>', request.headers());
        let response = self.0.send(request)?;
        eprintln!("< {} {} {}", response.version(), response.status().as_u16(), response.reason());
        show('<', response.headers());
        Ok(response)
    }

    fn close(&self) {
        self.0.close();
    }

    fn counts(&self) -> Option<ConnectionCounts> {
        self.0.counts()
    }

    fn timeouts(&self) -> Timeouts {
        self.0.timeouts()
    }
}

fn show(direction: char, headers: &Headers) {
    for (name, value) in headers {
        // `Debug` hides secret values, such as a password; `Display` shows them.
        match value.is_sensitive() {
            true => eprintln!("{direction} {name}: {value:?}"),
            false => eprintln!("{direction} {name}: {value}"),
        }
    }
    eprintln!("{direction}");
}
