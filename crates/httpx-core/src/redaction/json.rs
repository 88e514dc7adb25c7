//! Hides members of JSON (RFC 8259) without changing the rest of the text. It needs no feature.

use std::borrow::Cow;
use std::ops::Range;

use super::{Redaction, SECRET};

/// The deepest nesting that is searched, as in `serde_json`.
const MAX_DEPTH: usize = 128;

/// Returns the text with `"[secret]"` in place of the members that are hidden; `None` if it is not JSON, or is nested too
/// deep. Several values may follow each other, as in JSON lines and JSON text sequences (RFC 7464).
pub(super) fn redacted<'a>(text: &'a str, redaction: &Redaction) -> Option<Cow<'a, str>> {
    let rest = text.trim_start_matches('\u{feff}');
    let mut scanner = JsonScanner { text, rest, redaction, hidden: Vec::new() };
    scanner.skip_space();
    while !scanner.rest.is_empty() {
        scanner.value(MAX_DEPTH)?;
        scanner.skip_space();
    }
    if scanner.hidden.is_empty() {
        return Some(text.into());
    }
    let mut out = String::with_capacity(text.len());
    let mut start = 0;
    for range in &scanner.hidden {
        out.extend([text.get(start..range.start)?, "\"", SECRET, "\""]);
        start = range.end;
    }
    out.push_str(text.get(start..)?);
    Some(out.into())
}

/// Reads values one after the other.
struct JsonScanner<'a> {
    text: &'a str,
    /// The end of the text that was not read yet.
    rest: &'a str,
    redaction: &'a Redaction,
    /// The places of the values that are hidden, in order.
    hidden: Vec<Range<usize>>,
}

impl<'a> JsonScanner<'a> {
    fn at(&self) -> usize {
        self.text.len() - self.rest.len()
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{1e}']);
    }

    /// Reads this character and the space after it; returns whether it is the next one.
    fn eat(&mut self, char: char) -> bool {
        let Some(rest) = self.rest.strip_prefix(char) else { return false };
        self.rest = rest;
        self.skip_space();
        true
    }

    fn value(&mut self, depth: usize) -> Option<()> {
        let inside = depth.checked_sub(1)?;
        match self.rest.chars().next()? {
            '{' => self.object(inside),
            '[' => self.array(inside),
            '"' => self.string().map(drop),
            _ => self.scalar(),
        }
    }

    fn object(&mut self, depth: usize) -> Option<()> {
        self.eat('{');
        let mut is_first = true;
        while !self.eat_end('}') {
            if !std::mem::take(&mut is_first) && !self.eat(',') {
                return None;
            }
            let name = unescaped(self.string()?)?;
            self.skip_space();
            if !self.eat(':') {
                return None;
            }
            let (start, found) = (self.at(), self.hidden.len());
            self.value(depth)?;
            let range = start..self.at();
            if self.hides(&name, self.text.get(range.clone())?) {
                self.hidden.truncate(found);
                self.hidden.push(range);
            }
            self.skip_space();
        }
        Some(())
    }

    fn array(&mut self, depth: usize) -> Option<()> {
        self.eat('[');
        let mut is_first = true;
        while !self.eat_end(']') {
            if !std::mem::take(&mut is_first) && !self.eat(',') {
                return None;
            }
            self.value(depth)?;
            self.skip_space();
        }
        Some(())
    }

    /// Reads the end of an object or array, and no space after it.
    fn eat_end(&mut self, char: char) -> bool {
        self.rest.strip_prefix(char).map(|rest| self.rest = rest).is_some()
    }

    /// Reads a string, and returns it with its escapes.
    fn string(&mut self) -> Option<&'a str> {
        let inside = self.rest.strip_prefix('"')?;
        let mut is_escaped = false;
        let end = inside.find(|char| {
            let is_end = char == '"' && !is_escaped;
            is_escaped = char == '\\' && !is_escaped;
            is_end
        })?;
        self.rest = inside.get(end + 1..)?;
        inside.get(..end)
    }

    /// Reads a number or a literal.
    fn scalar(&mut self) -> Option<()> {
        let end = self.rest.find(|char: char| !char.is_ascii_alphanumeric() && !"+-.".contains(char));
        let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        let is_number = word.starts_with(|char: char| char == '-' || char.is_ascii_digit())
            && word.ends_with(|char: char| char.is_ascii_digit())
            && word.parse::<f64>().is_ok();
        self.rest = rest;
        (is_number || matches!(word, "true" | "false" | "null")).then_some(())
    }

    fn hides(&self, name: &str, value: &str) -> bool {
        // What holds no secret stays, because programs decide by it: the last page has an empty token.
        let is_empty = matches!(value, "null" | "true" | "false" | "\"\"" | "[]" | "{}");
        // The number of an error, not the code of OAuth.
        let is_error_code = name.eq_ignore_ascii_case("code") && value.parse::<f64>().is_ok();
        let is_plain = is_empty || (is_error_code && !self.redaction.is_param_hidden_by_rule(name));
        !is_plain && self.redaction.hides_param(name)
    }
}

/// Undoes the escapes of a name (RFC 8259 §7), so that it cannot be disguised; `None` if one is not valid.
fn unescaped(name: &str) -> Option<Cow<'_, str>> {
    if !name.contains('\\') {
        return Some(name.into());
    }
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let mut chars = after.chars();
        match chars.next()? {
            'u' => {
                let digits = chars.as_str().get(..4)?;
                let number = u32::from_str_radix(digits, 16).ok()?;
                // Half of a pair is no letter of a name that is known.
                out.push(char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER));
                chars = chars.as_str().get(4..)?.chars();
            }
            'b' | 'f' | 'n' | 'r' | 't' => out.push(' '),
            char @ ('"' | '\\' | '/') => out.push(char),
            _ => return None,
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    Some(out.into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn members() {
        for (text, shown) in [
            ("", Some("")),
            ("{ \"a\": [1] }\n", Some("{ \"a\": [1] }\n")),
            (r#"{"access_token": 7, "b": 1}"#, Some(r#"{"access_token": "[secret]", "b": 1}"#)),
            (r#"[{"b" : {"key":{"c":"d","token":"x"} } }]"#, Some(r#"[{"b" : {"key":"[secret]" } }]"#)),
            (r#"{"to\u006Ben":"a\"}","n":"\\"}"#, Some(r#"{"to\u006Ben":"[secret]","n":"\\"}"#)),
            ("{\"key\":1}\n{\"key\":2}\n", Some("{\"key\":\"[secret]\"}\n{\"key\":\"[secret]\"}\n")),
            ("\u{1e}{\"key\":1}", Some("\u{1e}{\"key\":\"[secret]\"}")),
            ("\u{feff}{\"key\":1}", Some("\u{feff}{\"key\":\"[secret]\"}")),
            // Big numbers keep their digits.
            (r#"{"n":123456789012345678901234567890.10,"pwd":"p"}"#, {
                Some(r#"{"n":123456789012345678901234567890.10,"pwd":"[secret]"}"#)
            }),
            // Nothing is hidden where there is nothing.
            (
                r#"{"has_password":true,"next_token":"","token":null,"key":[],"jwt":{}}"#,
                Some(r#"{"has_password":true,"next_token":"","token":null,"key":[],"jwt":{}}"#),
            ),
            (
                r#"[{"code":404},{"code":"abc"},{"pin_code":1}]"#,
                Some(r#"[{"code":404},{"code":"[secret]"},{"pin_code":1}]"#),
            ),
            ("{\"key", None),
            ("{\"key\":", None),
            ("{'key': 1}", None),
            (r#"{"a":1,}"#, None),
            (r#"{"a":1 "b":2}"#, None),
            (r#"{"\x6bey":1}"#, None),
            ("[1 2]", None),
            ("[nan]", None),
            ("-", None),
            ("}", None),
        ] {
            assert_eq!(redacted(text, &Redaction::new()).as_deref(), shown, "{text}");
        }
        let hides_codes = Redaction::new().hide_param("code");
        assert_eq!(redacted(r#"{"code":1}"#, &hides_codes).unwrap(), r#"{"code":"[secret]"}"#);
        let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(redacted(&nested(MAX_DEPTH), &Redaction::new()).is_some());
        assert_eq!(redacted(&nested(100_000), &Redaction::new()), None);
    }

    /// The oracle: the same on the parsed value.
    fn hide(value: &mut Value) {
        match value {
            Value::Object(members) => members.iter_mut().for_each(|(name, member)| match member {
                Value::Null | Value::Bool(_) => {}
                Value::String(text) if text.is_empty() => {}
                _ if name == "token" && *member != json!([]) && *member != json!({}) => {
                    *member = json!(SECRET);
                }
                _ => hide(member),
            }),
            Value::Array(items) => items.iter_mut().for_each(hide),
            _ => {}
        }
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".{0,5}".prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 40, 5, |inner| {
            let name = prop_oneof![Just("token".to_owned()), "[ab\"\\\\\u{1}ü]{0,3}"];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::vec((name, inner), 0..5).prop_map(|members| members.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn it_hides_as_a_parser_does(value in value(), is_pretty in any::<bool>()) {
            let text = if is_pretty { format!("{value:#}") } else { value.to_string() };
            let shown = redacted(&text, &Redaction::new()).unwrap();
            let mut expected = value;
            hide(&mut expected);
            prop_assert_eq!(serde_json::from_str::<Value>(&shown).unwrap(), serde_json::from_str::<Value>(&expected.to_string()).unwrap());
            // A second time changes nothing.
            prop_assert_eq!(redacted(&shown, &Redaction::new()).unwrap(), &*shown);
        }

        #[test]
        fn it_reads_what_a_parser_reads(text in "[\\[\\]{}:,\"\\\\ a1e.u+-]{0,20}") {
            let is_json = serde_json::from_str::<Value>(&text).is_ok();
            prop_assert!(!is_json || redacted(&text, &Redaction::new()).is_some(), "{}", text);
        }
    }
}
