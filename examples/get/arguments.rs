//! The arguments of the command line.

use std::path::PathBuf;
use std::time::Duration;

use crate::options::{self, OptionRow};

/// The parsed arguments.
#[derive(Default)]
pub(crate) struct Arguments {
    pub(crate) urls: Vec<String>,
    pub(crate) outputs: Vec<Destination>,
    pub(crate) method: Option<String>,
    /// Lines `Name: value`, `Name:` and `Name;`.
    pub(crate) headers: Vec<String>,
    pub(crate) data: Vec<Data>,
    /// Pairs of `NAME=CONTENT`, and whether the content is a plain text.
    pub(crate) fields: Vec<FormArgument>,
    pub(crate) upload: Option<PathBuf>,
    pub(crate) user: Option<String>,
    pub(crate) user_agent: Option<String>,
    pub(crate) referer: Option<String>,
    pub(crate) cookies: Vec<String>,
    pub(crate) cookie_jar: Option<PathBuf>,
    pub(crate) proxy: Option<String>,
    pub(crate) no_proxy: Option<String>,
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) netrc_file: Option<PathBuf>,
    pub(crate) har_file: Option<PathBuf>,
    pub(crate) resolve: Vec<String>,
    pub(crate) max_time: Option<Duration>,
    pub(crate) connect_timeout: Option<Duration>,
    pub(crate) max_redirects: Option<u32>,
    pub(crate) retries: u32,
    pub(crate) write_out: Option<String>,
    /// The long names of the options without a value.
    switches: Vec<&'static str>,
}

/// Where a body goes.
#[derive(Clone)]
pub(crate) enum Destination {
    StandardOutput,
    File(PathBuf),
    /// A file named as the last segment of the URL's path.
    RemoteName,
}

/// Data of a request, as it was given.
pub(crate) enum Data {
    Plain(String),
    Binary(String),
    Raw(String),
    UrlEncoded(String),
    Json(String),
}

/// A field of a form, as it was given.
pub(crate) enum FormArgument {
    Parsed(String),
    Text(String),
}

/// What to do.
pub(crate) enum Command {
    Fetch(Box<Arguments>),
    Help,
}

impl Arguments {
    /// Returns whether the option of this long name was given.
    pub(crate) fn has(&self, switch: &str) -> bool {
        self.switches.contains(&switch)
    }

    pub(crate) fn shows_errors(&self) -> bool {
        !self.has("silent") || self.has("show-error")
    }

    pub(crate) fn shows_progress(&self) -> bool {
        !self.has("silent")
    }

    /// Returns where the body of the URL with this number goes.
    pub(crate) fn destination(&self, number: usize, url: &str) -> Destination {
        match self.outputs.get(number) {
            Some(Destination::RemoteName) => Destination::File(remote_name(url)),
            Some(Destination::File(path)) if path.as_os_str() == "-" => Destination::StandardOutput,
            Some(destination) => destination.clone(),
            None => Destination::StandardOutput,
        }
    }
}

fn remote_name(url: &str) -> PathBuf {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    path.split_once('/').and_then(|(_, path)| path.rsplit('/').next()).unwrap_or_default().into()
}

/// Parses the arguments.
pub(crate) fn parse(given: impl IntoIterator<Item = String>) -> Result<Command, String> {
    let mut arguments = Arguments::default();
    let mut given = given.into_iter();
    while let Some(argument) = given.next() {
        if argument == "--" {
            arguments.urls.extend(given.by_ref());
        } else if let Some(name) = argument.strip_prefix("--") {
            let row = options::by_name(name).ok_or_else(|| format!("option --{name}: is unknown"))?;
            set(&mut arguments, row, None, &mut given)?;
        } else if let Some(letters) = argument.strip_prefix('-').filter(|letters| !letters.is_empty()) {
            parse_letters(&mut arguments, letters, &mut given)?;
        } else {
            arguments.urls.push(argument);
        }
    }
    if arguments.has("help") {
        return Ok(Command::Help);
    }
    if arguments.urls.is_empty() {
        return Err("no URL was given".to_owned());
    }
    check(&arguments)?;
    Ok(Command::Fetch(Box::new(arguments)))
}

/// Parses `sSL`, `XPOST`, `ofile`: letters, the last of which may have a value.
fn parse_letters(
    arguments: &mut Arguments,
    letters: &str,
    given: &mut impl Iterator<Item = String>,
) -> Result<(), String> {
    for (at, letter) in letters.char_indices() {
        let row = options::by_letter(letter).ok_or_else(|| format!("option -{letter}: is unknown"))?;
        let rest = letters.get(at + letter.len_utf8()..).filter(|rest| !rest.is_empty());
        if row.2.is_some() {
            return set(arguments, row, rest, given);
        }
        set(arguments, row, None, given)?;
    }
    Ok(())
}

fn set(
    arguments: &mut Arguments,
    row: &'static OptionRow,
    attached: Option<&str>,
    given: &mut impl Iterator<Item = String>,
) -> Result<(), String> {
    let (_, name, value_name, _) = *row;
    if value_name.is_none() {
        if name == "remote-name" {
            arguments.outputs.push(Destination::RemoteName);
        }
        arguments.switches.push(name);
        return Ok(());
    }
    let value = attached.map(str::to_owned).or_else(|| given.next());
    let value = value.ok_or_else(|| format!("option --{name}: requires a value"))?;
    set_value(arguments, name, value)
}

fn set_value(arguments: &mut Arguments, name: &str, value: String) -> Result<(), String> {
    match name {
        "url" => arguments.urls.push(value),
        "output" => arguments.outputs.push(Destination::File(value.into())),
        "request" => arguments.method = Some(value),
        "header" => arguments.headers.push(value),
        "data" => arguments.data.push(Data::Plain(value)),
        "data-binary" => arguments.data.push(Data::Binary(value)),
        "data-raw" => arguments.data.push(Data::Raw(value)),
        "data-urlencode" => arguments.data.push(Data::UrlEncoded(value)),
        "json" => arguments.data.push(Data::Json(value)),
        "form" => arguments.fields.push(FormArgument::Parsed(value)),
        "form-string" => arguments.fields.push(FormArgument::Text(value)),
        "upload-file" => arguments.upload = Some(value.into()),
        "user" => arguments.user = Some(value),
        "user-agent" => arguments.user_agent = Some(value),
        "referer" => arguments.referer = Some(value),
        "cookie" => arguments.cookies.push(value),
        "cookie-jar" => arguments.cookie_jar = Some(value.into()),
        "proxy" => arguments.proxy = Some(value),
        "noproxy" => arguments.no_proxy = Some(value),
        "cacert" => arguments.ca_file = Some(value.into()),
        "netrc-file" => arguments.netrc_file = Some(value.into()),
        "har" => arguments.har_file = Some(value.into()),
        "resolve" => arguments.resolve.push(value),
        "write-out" => arguments.write_out = Some(value),
        "max-time" => arguments.max_time = seconds(name, &value)?,
        "connect-timeout" => arguments.connect_timeout = seconds(name, &value)?,
        "max-redirs" => arguments.max_redirects = Some(count(name, &value)?),
        "retry" => arguments.retries = count(name, &value)?,
        _ => return Err(format!("option --{name}: is unknown")),
    }
    Ok(())
}

/// Parses a time in seconds; zero is no limit.
fn seconds(name: &str, value: &str) -> Result<Option<Duration>, String> {
    let time = value.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let time = time.ok_or_else(|| format!("option --{name}: expected a number of seconds, not '{value}'"))?;
    Ok(Some(time).filter(|time| !time.is_zero()))
}

fn count(name: &str, value: &str) -> Result<u32, String> {
    value.parse().map_err(|_| format!("option --{name}: expected a number, not '{value}'"))
}

/// Refuses options that contradict each other.
fn check(arguments: &Arguments) -> Result<(), String> {
    let bodies = [!arguments.data.is_empty(), !arguments.fields.is_empty(), arguments.upload.is_some()];
    let bodies = bodies.into_iter().filter(|has| *has).count();
    if bodies > 1 || (arguments.has("head") && bodies > 0 && !arguments.has("get")) {
        return Err("you can only select one HTTP request method".to_owned());
    }
    Ok(())
}
