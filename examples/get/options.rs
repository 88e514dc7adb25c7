//! The table of options.

/// An option: its letter, its long name, the name of its value, and what it does.
pub(crate) type OptionRow = (Option<char>, &'static str, Option<&'static str>, &'static str);

pub(crate) const OPTIONS: [OptionRow; 45] = [
    (Some('A'), "user-agent", Some("NAME"), "set the User-Agent header"),
    (Some('b'), "cookie", Some("DATA|FILE"), "send cookies: NAME=VALUE…, or from a file"),
    (None, "cacert", Some("FILE"), "trust the certificates in this file (PEM) alone"),
    (None, "compressed", None, "ask for a compressed response, and decode it"),
    (None, "connect-timeout", Some("SECONDS"), "the most time for making a connection"),
    (Some('c'), "cookie-jar", Some("FILE"), "write the cookies to this file at the end"),
    (Some('d'), "data", Some("DATA"), "POST this; @FILE: a file, without line ends"),
    (None, "data-binary", Some("DATA"), "POST this; @FILE: a file as it is"),
    (None, "data-raw", Some("DATA"), "POST this, also if it begins with @"),
    (None, "data-urlencode", Some("DATA"), "POST this, percent-encoded: CONTENT or NAME=CONTENT"),
    (None, "digest", None, "authenticate by digest"),
    (Some('e'), "referer", Some("URL"), "set the Referer header"),
    (Some('F'), "form", Some("NAME=CONTENT"), "POST a form; @FILE: an upload, <FILE: its content"),
    (None, "form-string", Some("NAME=TEXT"), "POST a field of a form, as it is"),
    (Some('f'), "fail", None, "fail with code 22 on a status of 400 or above"),
    (Some('G'), "get", None, "send the data in the query of a GET"),
    (Some('g'), "globoff", None, "nothing: brackets have no meaning here"),
    (Some('H'), "header", Some("LINE"), "set a header; NAME: removes it, NAME; sends it empty"),
    (Some('h'), "help", None, "show this help"),
    (Some('I'), "head", None, "send HEAD, and show the head of the response"),
    (Some('i'), "include", None, "show the head of the response before its body"),
    (Some('k'), "insecure", None, "accept any certificate"),
    (None, "json", Some("DATA"), "POST this JSON"),
    (Some('L'), "location", None, "follow redirects"),
    (None, "max-redirs", Some("COUNT"), "the most redirects to follow (50)"),
    (Some('m'), "max-time", Some("SECONDS"), "the most time for the whole transfer"),
    (Some('n'), "netrc", None, "take user and password from ~/.netrc"),
    (None, "netrc-file", Some("FILE"), "take user and password from this file"),
    (None, "noproxy", Some("HOSTS"), "the hosts without a proxy; '*' for all"),
    (Some('o'), "output", Some("FILE"), "write the body to a file"),
    (Some('O'), "remote-name", None, "write the body to a file named as in the URL"),
    (Some('x'), "proxy", Some("URL"), "use this proxy"),
    (Some('#'), "progress-bar", None, "nothing: progress is always shown as a bar"),
    (Some('X'), "request", Some("METHOD"), "use this method"),
    (None, "resolve", Some("HOST:PORT:ADDRESS"), "use this address for the host"),
    (None, "retry", Some("COUNT"), "send again after a timeout or status 408, 429, 500, 502–504"),
    (Some('S'), "show-error", None, "show errors also with -s"),
    (Some('s'), "silent", None, "show neither progress nor errors"),
    (None, "to-curl", None, "print the command of curl for the request, and send nothing"),
    (Some('T'), "upload-file", Some("FILE"), "PUT this file"),
    (None, "url", Some("URL"), "fetch this URL"),
    (Some('u'), "user", Some("USER:PASSWORD"), "authenticate"),
    (Some('v'), "verbose", None, "show the heads of requests and responses"),
    (Some('w'), "write-out", Some("FORMAT"), "print facts afterwards, such as %{http_code}"),
    (None, "har", Some("FILE"), "record the requests and responses in this file (HAR)"),
];

pub(crate) fn by_name(name: &str) -> Option<&'static OptionRow> {
    OPTIONS.iter().find(|(_, long, ..)| *long == name)
}

pub(crate) fn by_letter(letter: char) -> Option<&'static OptionRow> {
    OPTIONS.iter().find(|(short, ..)| *short == Some(letter))
}

/// Where an option differs from that of curl.
const NOTES: &str = "
--retry sends any method again, as curl does. Other than in curl, --max-time limits all attempts together, the pauses
are random (at most 1 s before the first retry, 2 s before the second, and so on), and the bodies of the responses
before the last one are not shown.
";

pub(crate) fn help() -> String {
    let mut text = "usage: get [OPTION…] URL…\n\n".to_owned();
    for (short, long, value, about) in OPTIONS {
        let short = short.map_or_else(|| "    ".to_owned(), |letter| format!("-{letter}, "));
        let name = format!("--{long} {}", value.unwrap_or_default());
        text += &format!("  {short}{name:32} {about}\n");
    }
    text + NOTES
}
