//! A small curl.
//!
//!     cargo run --release -p httpx --features full --example get -- [OPTION…] URL…
//!
//! The options have the names and the meaning that they have in curl, and so have the exit codes: `--help` lists them.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod arguments;
mod client;
mod data;
mod failure;
mod heads;
mod options;
mod output;
mod request;
mod summary;
mod transfer;

use std::process::ExitCode;

use arguments::{Arguments, Command};
use failure::{Code, Failure};
use httpx::har::HarRecorder;

fn main() -> ExitCode {
    match arguments::parse(std::env::args().skip(1)) {
        Ok(Command::Fetch(arguments)) => run(&arguments),
        Ok(Command::Help) => {
            print!("{}", options::help());
            ExitCode::SUCCESS
        }
        Err(mistake) => {
            eprintln!("get: {mistake}\nget: try 'get --help' for the options");
            ExitCode::from(Code::Usage as u8)
        }
    }
}

/// Fetches all URLs, also after one has failed. The exit code is that of the last one, as in curl.
fn run(arguments: &Arguments) -> ExitCode {
    let mut last = Ok(());
    let recorder = HarRecorder::new();
    match client::build(arguments, &recorder) {
        Ok(client) => {
            for (number, url) in arguments.urls.iter().enumerate() {
                last = transfer::run(&client, arguments, url, &arguments.destination(number, url));
                report(arguments, &last);
            }
            report(arguments, &client::save_cookies(&client, arguments));
            if let Some(path) = &arguments.har_file {
                report(arguments, &recorder.save(path).map_err(Failure::from));
            }
        }
        Err(failure) => {
            last = Err(failure);
            report(arguments, &last);
        }
    }
    ExitCode::from(last.map_or_else(|failure| failure.code as u8, |()| 0))
}

fn report(arguments: &Arguments, outcome: &Result<(), Failure>) {
    if let Err(failure) = outcome
        && arguments.shows_errors()
    {
        eprintln!("get: ({}) {failure}", failure.code as u8);
    }
}
