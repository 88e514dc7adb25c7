//! The file format of cookies: Netscape's `cookies.txt`, as curl, wget, Python and tools for browsers write and read it.
//!
//! A line is a cookie of seven fields with TABs between them: domain, whether hosts below it get it too, path, whether
//! it is `Secure`, when it expires (seconds since 1970; 0 for the session), name, value. curl's `#HttpOnly_` before the
//! domain marks `HttpOnly`. The format has no field for `SameSite`: a comment before the line holds it.

use super::cookie::{Cookie, CookieScope};
use httpx_core::SameSite;
use std::io::{self, BufRead, Read, Write};
use std::time::{Duration, SystemTime};

/// The first line of a file. Some programs ask for it.
const HEADING: &str = "# Netscape HTTP Cookie File\n";

/// curl's mark of `HttpOnly`. Older programs take the line for a comment.
const HTTP_ONLY: &str = "#HttpOnly_";

/// Begins a comment that holds the `SameSite` attribute of the cookie on the next line.
const SAME_SITE: &str = "# SameSite=";

/// The most bytes of a line, with its line break. A cookie that a jar takes has less: at most 4,096 bytes of name and
/// value, 1,024 of path and 253 of domain.
const MAX_LINE: u64 = 8192;

/// Writes a file of these cookies.
pub(crate) fn write<'a>(out: &mut dyn Write, cookies: impl Iterator<Item = &'a Cookie>) -> io::Result<()> {
    out.write_all(HEADING.as_bytes())?;
    for cookie in cookies.filter(|cookie| is_representable(cookie)) {
        write_cookie(out, cookie)?;
    }
    Ok(())
}

/// A TAB in a name or a path would begin the next field. (curl drops such cookies too.)
fn is_representable(cookie: &Cookie) -> bool {
    !cookie.name.contains('\t') && !cookie.path.contains('\t')
}

fn write_cookie(out: &mut dyn Write, cookie: &Cookie) -> io::Result<()> {
    let Cookie { name, value, domain, path, .. } = cookie;
    if let Some(same_site) = cookie.same_site {
        writeln!(out, "{SAME_SITE}{}", same_site.as_str())?;
    }
    let mark = if cookie.http_only { HTTP_ONLY } else { "" };
    let (dot, below) = match cookie.scope {
        CookieScope::Host => ("", "FALSE"),
        CookieScope::Domain => (".", "TRUE"),
    };
    let secure = if cookie.secure { "TRUE" } else { "FALSE" };
    let since_1970 = |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let expires = cookie.expires.map_or(0, |expires| since_1970(expires).as_secs());
    writeln!(out, "{mark}{dot}{domain}\t{below}\t{path}\t{secure}\t{expires}\t{name}\t{value}")
}

/// Reads a file and passes on its cookies. Lines that are not cookies are ignored, as in curl.
pub(crate) fn read(file: &mut dyn BufRead, mut take: impl FnMut(Cookie)) -> io::Result<()> {
    let mut line = Vec::new();
    let mut same_site = None;
    while read_line(file, &mut line)? {
        let text = str::from_utf8(&line).unwrap_or_default().trim_end_matches(['\r', '\n']);
        if let Some(cookie) = parse_line(text) {
            take(Cookie { same_site, ..cookie });
        }
        // Only the comment right before a cookie belongs to it: other programs drop comments and reorder cookies.
        same_site = text.strip_prefix(SAME_SITE).and_then(|value| SameSite::parse(value.as_bytes()));
    }
    Ok(())
}

/// Reads the next line; returns whether there was one. A line that is too long comes out empty.
fn read_line(file: &mut dyn BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    if Read::take(&mut *file, MAX_LINE).read_until(b'\n', line)? == 0 {
        return Ok(false);
    }
    if line.len() as u64 == MAX_LINE && !line.ends_with(b"\n") {
        line.clear();
        file.skip_until(b'\n')?;
    }
    Ok(true)
}

fn parse_line(line: &str) -> Option<Cookie> {
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
    let expires = parse_expiry(fields.next()?)?;
    let name = fields.next()?;
    // Old programs leave out an empty value with its TAB.
    let value = fields.next().unwrap_or("");
    Some(Cookie {
        scope: if below { CookieScope::Domain } else { CookieScope::Host },
        expires,
        secure,
        http_only,
        ..Cookie::new(name, value, domain).with_path(path)
    })
}

/// Parses the seconds since 1970, whose fraction some browsers write. Nothing, zero and negative numbers mean the
/// session: `Some(None)`.
///
/// A number that is too large for a time becomes the largest one; the jar bounds it.
fn parse_expiry(field: &str) -> Option<Option<SystemTime>> {
    let (seconds, fraction) = field.split_once('.').unwrap_or((field, ""));
    let is_negative = seconds.starts_with('-');
    let digits = seconds.strip_prefix('-').unwrap_or(seconds);
    if !digits.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // An overflow is the only error that is left.
    let seconds = if digits.is_empty() { 0 } else { digits.parse().unwrap_or(u64::MAX) };
    if is_negative || seconds == 0 {
        return Some(None);
    }
    // 2⁴⁰ seconds are 35,000 years, which every system can add.
    let seconds = Duration::from_secs(seconds.min(1 << 40));
    Some(Some(SystemTime::UNIX_EPOCH.checked_add(seconds).unwrap_or(SystemTime::UNIX_EPOCH)))
}
