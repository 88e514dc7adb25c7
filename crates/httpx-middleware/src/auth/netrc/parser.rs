//! Parses a netrc file, as curl does.

use httpx_core::{Error, ErrorKind, Result};

/// One entry of a netrc file.
pub(super) struct NetrcEntry {
    pub(super) machine: Machine,
    pub(super) login: Option<String>,
    pub(super) password: Option<String>,
}

/// The hosts that an entry is for.
pub(super) enum Machine {
    /// `default`.
    Any,
    /// `machine NAME`, perhaps with a port.
    Named(String),
}

/// The words of a file.
struct Words<'a> {
    rest: &'a str,
    /// From 1.
    line: usize,
}

pub(super) fn parse(text: &str) -> Result<Vec<NetrcEntry>> {
    let mut words = Words { rest: text, line: 1 };
    let mut entries = Vec::new();
    while let Some(word) = words.next()? {
        match &*word.to_ascii_lowercase() {
            "machine" => entries.push(NetrcEntry::new(Machine::Named(words.value("machine")?))),
            "default" => entries.push(NetrcEntry::new(Machine::Any)),
            "macdef" => words.skip_macro(),
            "login" => {
                let login = words.value("login")?;
                if let Some(entry) = entries.last_mut() {
                    entry.login = Some(login);
                }
            }
            "password" => {
                let password = words.value("password")?;
                if let Some(entry) = entries.last_mut() {
                    entry.password = Some(password);
                }
            }
            "account" => drop(words.value("account")?),
            // Unknown words are skipped.
            _ => {}
        }
    }
    Ok(entries)
}

impl NetrcEntry {
    fn new(machine: Machine) -> Self {
        NetrcEntry { machine, login: None, password: None }
    }
}

impl Words<'_> {
    /// Returns the next word, without its quotation marks; `None` at the end of the file.
    fn next(&mut self) -> Result<Option<String>> {
        loop {
            self.skip_white_space();
            let Some(first) = self.rest.chars().next() else { return Ok(None) };
            match first {
                '#' => self.advance(self.rest.find('\n').unwrap_or(self.rest.len())),
                '"' => return self.quoted().map(Some),
                _ => {
                    let end = self.rest.find(char::is_whitespace).unwrap_or(self.rest.len());
                    let word = self.rest.get(..end).unwrap_or_default().to_owned();
                    self.advance(end);
                    return Ok(Some(word));
                }
            }
        }
    }

    /// Returns the word after a keyword.
    fn value(&mut self, keyword: &str) -> Result<String> {
        let line = self.line;
        self.next()?.ok_or_else(|| error(line, &format!("a word is missing after {keyword}")))
    }

    fn quoted(&mut self) -> Result<String> {
        let line = self.line;
        let mut word = String::new();
        let mut chars = self.rest.char_indices().skip(1);
        while let Some((at, char)) = chars.next() {
            match char {
                '"' => {
                    self.advance(at + 1);
                    return Ok(word);
                }
                '\n' => break,
                '\\' => word.extend(chars.next().map(|(_, char)| match char {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    char => char,
                })),
                char => word.push(char),
            }
        }
        Err(error(line, "a quotation mark is not closed"))
    }

    /// Skips a macro: up to an empty line.
    fn skip_macro(&mut self) {
        while let Some(end) = self.rest.find('\n') {
            self.advance(end + 1);
            if self.rest.starts_with('\n') || self.rest.starts_with("\r\n") {
                return;
            }
        }
        self.advance(self.rest.len());
    }

    fn skip_white_space(&mut self) {
        self.advance(self.rest.len() - self.rest.trim_start().len());
    }

    fn advance(&mut self, bytes: usize) {
        let (skipped, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.line += skipped.matches('\n').count();
        self.rest = rest;
    }
}

/// The text of the file is not shown: it holds passwords.
fn error(line: usize, message: &str) -> Error {
    Error::new(ErrorKind::Config, format!("line {line}: {message}"))
}

#[cfg(test)]
mod tests {
    use httpx_core::Url;

    use crate::auth::Netrc;

    /// `login:password` for a URL, also of the file with the line ends of Windows.
    #[track_caller]
    fn found(file: &str, url: &str) -> String {
        let url = Url::parse(url).unwrap();
        let find = |file: &str| {
            let netrc = Netrc::parse(file).unwrap();
            netrc.find(&url).map_or("-".to_owned(), |(login, password)| format!("{login}:{password}"))
        };
        assert_eq!(find(file), find(&file.replace('\n', "\r\n")), "{file}");
        find(file)
    }

    /// Those of curl's tests 478, 685 and 1304 among them.
    #[test]
    fn files() {
        let rows = [
            ("", "http://h/", "-"),
            ("machine h login a password b", "http://h/", "a:b"),
            ("machine h\nlogin a\npassword b\n", "http://h/", "a:b"),
            ("MACHINE h LOGIN a Password b", "http://H/", "a:b"),
            ("machine h password b login a", "http://h/", "a:b"),
            ("machine h login a", "http://h/", "a:"),
            ("machine h password b", "http://h/", "-"),
            ("machine other login a password b", "http://h/", "-"),
            ("machine a.h login a password b", "http://h/", "-"),
            ("machine h login a password b", "http://a.h/", "-"),
            ("machine h login a password b\nmachine h login c password d", "http://h/", "a:b"),
            ("machine g login a password b machine h login c password d", "http://h/", "c:d"),
            ("machine h password p\nmachine h login c password d", "http://h/", "c:d"),
            // An entry with two passwords has the last one.
            ("machine h\npassword weird\npassword first\nlogin a\n", "http://h/", "a:first"),
            ("default login a password b", "http://h/", "a:b"),
            ("machine h login a password b\ndefault login c password d", "http://g/", "c:d"),
            ("machine h login a password b\ndefault login c password d", "http://h/", "a:b"),
            ("default login c password d\nmachine h login a password b", "http://h/", "c:d"),
            // Comments.
            ("# machine h login x password y\nmachine h login a password b", "http://h/", "a:b"),
            ("machine h # login x\nlogin a #x\n\tpassword b", "http://h/", "a:b"),
            ("machine h login a password b#c", "http://h/", "a:b#c"),
            ("machine h login a password \"#c\"", "http://h/", "a:#c"),
            // Quotation marks.
            ("machine \"h\" login \"a b\" password \"c\\\"d\\\\e\"", "http://h/", "a b:c\"d\\e"),
            ("machine h login a password \"\\n\\r\\t\\x\"", "http://h/", "a:\n\r\tx"),
            ("machine h login a password \"\"", "http://h/", "a:"),
            ("machine h login a password b\"c", "http://h/", "a:b\"c"),
            ("machine h login a password b\\c", "http://h/", "a:b\\c"),
            ("machine h login \u{fc} password \u{e4}", "http://h/", "\u{fc}:\u{e4}"),
            // Macros and accounts.
            ("macdef init\nmachine h login x password y\n\nmachine h login a password b", "http://h/", "a:b"),
            ("machine h login a macdef init\ncd /x\nmachine h\n\npassword b", "http://h/", "a:b"),
            ("machine h login a password b macdef init\nx", "http://h/", "a:b"),
            ("machine h account x login a password b", "http://h/", "a:b"),
            ("machine h what login a password b", "http://h/", "a:b"),
            ("login x password y machine h login a password b", "http://h/", "a:b"),
            // Keywords as values.
            ("machine login login password password machine", "http://login/", "password:machine"),
            // Ports and addresses.
            ("machine h:81 login a password b", "http://h/", "-"),
            ("machine h:81 login a password b", "http://h:81/", "a:b"),
            ("machine h:80 login a password b", "http://h/", "a:b"),
            ("machine h:443 login a password b", "https://h/", "a:b"),
            ("machine h login a password b", "http://h:81/", "a:b"),
            ("machine h:81 login c password d machine h login a password b", "http://h/", "a:b"),
            ("machine 127.0.0.1 login a password b", "http://127.0.0.1:8080/", "a:b"),
            ("machine ::1 login a password b", "http://[::1]:81/", "a:b"),
            ("machine [::1] login a password b", "http://[::1]/", "a:b"),
            ("machine [::1]:81 login a password b", "http://[::1]:81/", "a:b"),
            ("machine [::1]:81 login a password b", "http://[::1]/", "-"),
        ];
        for (file, url, expected) in rows {
            assert_eq!(found(file, url), expected, "{file:?} {url}");
        }
    }

    #[test]
    fn passwords_of_a_login() {
        let file = "machine h\npassword weird\npassword first\nlogin daniel\n\nmachine h\n\nmachine h\nlogin debbie\n\n\
                    machine h\npassword weird\npassword \"second\\r\"\nlogin debbie\nmachine g password any";
        let netrc = Netrc::parse(file).unwrap();
        for (url, login, expected) in [
            ("http://h/", "daniel", Some("first")),
            ("http://h/", "debbie", Some("second\r")),
            ("http://h/", "debbi", None),
            ("http://h/", "Daniel", None),
            ("http://g/", "ann", Some("any")),
            ("http://i/", "ann", None),
        ] {
            assert_eq!(netrc.find_password(&Url::parse(url).unwrap(), login), expected, "{url} {login}");
        }
    }

    #[test]
    fn files_with_errors() {
        for (file, expected) in [
            ("machine h login a password \"s3cret", "line 1: a quotation mark is not closed"),
            ("machine h\nlogin \"s3cret\n\"", "line 2: a quotation mark is not closed"),
            ("machine h password \"s3cret\\\"", "line 1: a quotation mark is not closed"),
            ("\n\nmachine", "line 3: a word is missing after machine"),
            ("machine h login", "line 1: a word is missing after login"),
            ("machine h password #s3cret", "line 1: a word is missing after password"),
        ] {
            let error = Netrc::parse(file).unwrap_err().to_string();
            assert_eq!(error, expected, "{file}");
        }
    }

    proptest::proptest! {
        /// Any text has an answer, and a quoted value is read back.
        #[test]
        fn any_text(text in "[a\"\\\\# \n]{0,40}", more in "(machine|default|login|macdef|[\"# \n]){0,20}", value in "[ -~]{1,20}") {
            let entries = [&text, &more].map(|text| Netrc::parse(text).map_or(0, |netrc| netrc.0.len()));
            proptest::prop_assert!(entries.iter().all(|&count| count <= 20));
            let quoted = value.replace('\\', "\\\\").replace('"', "\\\"");
            let netrc = Netrc::parse(&format!("machine h login \"{quoted}\"")).unwrap();
            let url = Url::parse("http://h/").unwrap();
            proptest::prop_assert_eq!(netrc.find(&url), Some((&*value, "")));
        }
    }
}
