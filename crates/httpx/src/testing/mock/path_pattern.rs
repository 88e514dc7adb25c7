//! [`PathPattern`]: a path with parts that match anything. [`PathParams`]: what they matched.

use httpx_core::{Error, ErrorKind, Result};

/// A pattern of a path, split into segments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PathPattern {
    segments: Vec<Segment>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Literal(String),
    /// `{name}`: one segment that is not empty.
    One(String),
    /// `{name*}` or `*` at the end: all segments that are left, or none.
    Rest(String),
}

impl PathPattern {
    /// Parses `/users/{id}`, `/files/{path*}`, `/files/*`.
    ///
    /// # Errors
    ///
    /// If it does not begin with `/`, if a brace does not stand around a whole segment, or if segments follow the rest.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let invalid = |why: &str| {
            Error::new(ErrorKind::Config, format!("the path pattern {text:?} of a route is not valid: {why}"))
        };
        let rest = text.strip_prefix('/').ok_or_else(|| invalid("it must begin with /"))?;
        let segments = rest.split('/').map(Segment::parse).collect::<Option<Vec<_>>>();
        let segments =
            segments.ok_or_else(|| invalid("{name} must be a whole segment, as in /users/{id}/posts"))?;
        let before_last = segments.split_last().map_or(&[][..], |(_, before)| before);
        if before_last.iter().any(|segment| matches!(segment, Segment::Rest(_))) {
            return Err(invalid("nothing can follow * or {name*}"));
        }
        Ok(PathPattern { segments })
    }

    /// Matches a path. Returns the values of the named segments, percent-decoded.
    pub(super) fn matches(&self, path: &str) -> Option<PathParams> {
        let mut left = Some(path.strip_prefix('/')?);
        let mut params = PathParams::default();
        for segment in &self.segments {
            if let Segment::Rest(name) = segment {
                params.add(name, left.take().unwrap_or_default());
                return Some(params);
            }
            let (first, others) = match left?.split_once('/') {
                Some((first, others)) => (first, Some(others)),
                None => (left?, None),
            };
            match segment {
                Segment::Literal(literal) if decoded(first) == decoded(literal) => {}
                Segment::One(name) if !first.is_empty() => params.add(name, first),
                Segment::Literal(_) | Segment::One(_) | Segment::Rest(_) => return None,
            }
            left = others;
        }
        left.is_none().then_some(params)
    }
}

impl Segment {
    fn parse(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Segment::Rest(String::new()));
        }
        let Some(name) = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) else {
            return (!text.contains(['{', '}'])).then(|| Segment::Literal(text.to_owned()));
        };
        let (name, is_rest) = match name.strip_suffix('*') {
            Some(name) => (name, true),
            None => (name, false),
        };
        let is_name = !name.is_empty() && name.chars().all(|char| char.is_alphanumeric() || char == '_');
        let name = is_name.then(|| name.to_owned())?;
        Some(if is_rest { Segment::Rest(name) } else { Segment::One(name) })
    }
}

/// The values of the named segments of a path, percent-decoded. A route puts them into the
/// [`extensions`](httpx_core::Request::extensions) of the request that its function receives.
///
/// ```
/// use httpx::testing::{Mock, PathParams, Reply};
///
/// let mock = Mock::new();
/// mock.get("/users/{id}").reply_with(|request| {
///     let id = request.extensions().get::<PathParams>().and_then(|params| params.get("id"));
///     Reply::text(format!("user {}", id.unwrap_or_default()))
/// });
/// # #[cfg(feature = "blocking")] {
/// let client = httpx::Client::builder().transport(mock).build()?;
/// assert_eq!(client.get("https://api.example.com/users/7").send()?.text(), "user 7");
/// # }
/// # Ok::<(), httpx::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PathParams(Vec<(String, String)>);

impl PathParams {
    /// Returns the value of the segment with this name. That of `{name*}` may hold slashes.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    fn add(&mut self, name: &str, raw: &str) {
        if !name.is_empty() {
            self.0.push((name.to_owned(), String::from_utf8_lossy(&decoded(raw)).into_owned()));
        }
    }
}

/// Decodes `%XX`; leaves everything else unchanged.
fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = match rest {
            [b'%', digits @ ..] => digits.first_chunk::<2>().and_then(|pair| std::str::from_utf8(pair).ok()),
            _ => None,
        };
        match hex.filter(|hex| !hex.starts_with('+')).and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_segments() {
        for (pattern, path, expected) in [
            ("/", "/", Some("")),
            ("/", "/a", None),
            ("/a/b", "/a/b", Some("")),
            ("/a/b", "/a/b/", None),
            ("/a/b", "/a", None),
            ("/users/{id}", "/users/7", Some("id=7")),
            ("/users/{id}", "/users/", None),
            ("/users/{id}", "/users/7/posts", None),
            ("/users/{id}/posts/{post}", "/users/7/posts/x%20y", Some("id=7 post=x y")),
            ("/a b", "/a%20b", Some("")),
            ("/a%2fb", "/a/b", None),
            ("/files/*", "/files/a/b", Some("")),
            ("/files/*", "/files", Some("")),
            ("/files/{path*}", "/files/a/b%2F", Some("path=a/b/")),
            ("/files/{path*}", "/filesystem", None),
            ("/%zz", "/%zz", Some("")),
        ] {
            let params = PathPattern::parse(pattern).unwrap().matches(path);
            let shown = params.map(|params| {
                let pairs = params.0.iter().map(|(name, value)| format!("{name}={value}"));
                pairs.collect::<Vec<_>>().join(" ")
            });
            assert_eq!(shown.as_deref(), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn invalid_patterns_are_errors() {
        for (pattern, why) in [
            ("users", "it must begin with /"),
            ("/users/{id", "{name} must be a whole segment"),
            ("/users/x{id}", "{name} must be a whole segment"),
            ("/users/{}", "{name} must be a whole segment"),
            ("/{a*}/b", "nothing can follow"),
        ] {
            let error = PathPattern::parse(pattern).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }
}
