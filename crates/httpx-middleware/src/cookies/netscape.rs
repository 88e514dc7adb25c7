//! The file format of cookies: Netscape's `cookies.txt`, as curl, wget, Python and browsers' tools write and read it.
//!
//! One cookie a line, seven fields with TABs between: domain, whether hosts below get it too, path, whether it is
//! `Secure`, when it ends (seconds from 1970; 0 for the session), name, value. curl's `#HttpOnly_` before the domain
//! marks `HttpOnly`. `SameSite` has no place in it.

use super::cookie::{Cookie, CookieScope};
use std::io::{self, BufRead, Read, Write};
use std::time::{Duration, SystemTime};

/// What a file begins with; some readers ask for it.
const HEADING: &str = "# Netscape HTTP Cookie File\n";

/// curl's mark of `HttpOnly`, in a line that older readers take for a comment.
const HTTP_ONLY: &str = "#HttpOnly_";

/// A longer line holds no cookie that a jar could take (4,096 octets of name and value, 1,024 of path, 253 of
/// domain).
const MAX_LINE: u64 = 8192;

/// Writes a file of these cookies.
pub(crate) fn write<'a>(out: &mut dyn Write, cookies: impl Iterator<Item = &'a Cookie>) -> io::Result<()> {
    out.write_all(HEADING.as_bytes())?;
    for cookie in cookies {
        if is_representable(cookie) {
            write_line(out, cookie)?;
        }
    }
    Ok(())
}

/// A TAB in a name or a path would begin the next field. (curl drops such cookies too.)
fn is_representable(cookie: &Cookie) -> bool {
    !cookie.name.contains('\t') && !cookie.path.contains('\t')
}

fn write_line(out: &mut dyn Write, cookie: &Cookie) -> io::Result<()> {
    let Cookie { name, value, domain, path, .. } = cookie;
    let mark = if cookie.http_only { HTTP_ONLY } else { "" };
    let (dot, below) = match cookie.scope {
        CookieScope::Host => ("", "FALSE"),
        CookieScope::Domain => (".", "TRUE"),
    };
    let secure = if cookie.secure { "TRUE" } else { "FALSE" };
    let since_1970 = |moment: SystemTime| moment.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let expires = cookie.expires.map_or(0, |expires| since_1970(expires).as_secs());
    writeln!(out, "{mark}{dot}{domain}\t{below}\t{path}\t{secure}\t{expires}\t{name}\t{value}")
}

/// Reads a file and hands over its cookies. Lines that are none are passed over, as curl does.
pub(crate) fn read(file: &mut dyn BufRead, mut take: impl FnMut(Cookie)) -> io::Result<()> {
    let mut line = Vec::new();
    loop {
        line.clear();
        if Read::take(&mut *file, MAX_LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        if let Some(cookie) = str::from_utf8(&line).ok().and_then(parse_line) {
            take(cookie);
        }
    }
}

fn parse_line(line: &str) -> Option<Cookie> {
    let line = line.trim_end_matches(['\r', '\n']);
    let (line, http_only) = match line.strip_prefix(HTTP_ONLY) {
        Some(line) => (line, true),
        None => (line, false),
    };
    if line.starts_with('#') {
        return None;
    }
    let mut fields = line.splitn(7, '\t');
    let domain = fields.next()?;
    let below = fields.next()?.eq_ignore_ascii_case("TRUE");
    let path = fields.next()?;
    let secure = fields.next()?.eq_ignore_ascii_case("TRUE");
    // Some tools write a negative number or a fraction for cookies of the session.
    let expires = fields.next()?.parse::<u64>().unwrap_or(0);
    let name = fields.next()?;
    // Old writers leave out an empty value with its TAB.
    let value = fields.next().unwrap_or("");
    let moment = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(expires));
    Some(Cookie {
        scope: if below { CookieScope::Domain } else { CookieScope::Host },
        expires: if expires == 0 { None } else { moment },
        secure,
        http_only,
        ..Cookie::new(name, value, domain).with_path(path)
    })
}
