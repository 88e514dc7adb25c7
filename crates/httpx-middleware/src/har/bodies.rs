//! The bodies of an archive: text or base64, cut at a limit, without secrets.

use httpx_core::{Redaction, base64};
use serde_json::{Map, Value, json};

/// A body as far as it is known.
#[derive(Clone, Copy)]
pub(super) struct HarBody<'a> {
    pub(super) media_type: &'a str,
    /// Its beginning, or all of it.
    pub(super) bytes: &'a [u8],
    /// Whether there are more bytes.
    pub(super) is_cut: bool,
}

impl HarBody<'_> {
    /// Returns the fields `text`, `encoding` and `comment`, as far as they apply.
    pub(super) fn fields(self, redaction: &Redaction) -> Map<String, Value> {
        let mut fields = Map::new();
        let mut set = |name: &str, value: String| fields.insert(name.into(), value.into());
        match self.text() {
            _ if self.bytes.is_empty() => {}
            Some(text) => match self.redacted(text, redaction) {
                Some(text) => drop(set("text", text)),
                None => {
                    set("comment", "left out, because its secrets cannot be found".into());
                    return fields;
                }
            },
            None => {
                let mut text = String::new();
                base64(self.bytes, &mut text);
                set("text", text);
                set("encoding", "base64".into());
            }
        }
        if self.is_cut {
            set("comment", format!("only the first {} bytes were recorded", self.bytes.len()));
        }
        fields
    }

    /// Returns the body as text, without a character that was cut; `None` if it is not UTF-8.
    fn text(&self) -> Option<&str> {
        match std::str::from_utf8(self.bytes) {
            Ok(text) => Some(text),
            Err(error) if self.is_cut && error.error_len().is_none() => {
                self.bytes.get(..error.valid_up_to()).and_then(|valid| std::str::from_utf8(valid).ok())
            }
            Err(_) => None,
        }
    }

    fn redacted(&self, text: &str, redaction: &Redaction) -> Option<String> {
        let essence = self.media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if essence == "application/x-www-form-urlencoded" {
            return Some(redaction.query(text).into_owned());
        }
        let is_json = essence == "application/json" || essence.ends_with("+json");
        if !is_json || *redaction == Redaction::show_all() {
            return Some(text.to_owned());
        }
        let mut value = serde_json::from_str(text).ok()?;
        // A text without secrets stays as it is, with its spaces.
        Some(if redact_members(&mut value, redaction) { value.to_string() } else { text.to_owned() })
    }
}

/// Hides the members with the name of a secret; returns whether there are some. The parser limits the depth to 128.
fn redact_members(value: &mut Value, redaction: &Redaction) -> bool {
    let mut found = false;
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if redaction.hides_param(name) && !member.is_null() {
                    *member = json!("[secret]");
                    found = true;
                } else {
                    found |= redact_members(member, redaction);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| found |= redact_members(item, redaction)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        let left_out = json!({ "comment": "left out, because its secrets cannot be found" });
        let cut = "only the first 3 bytes were recorded";
        for (media_type, bytes, is_cut, expected) in [
            ("text/plain", &b""[..], false, json!({})),
            ("text/plain", b"a token=b", false, json!({ "text": "a token=b" })),
            ("text/plain", b"abc", true, json!({ "text": "abc", "comment": cut })),
            ("text/plain", b"ab\xc3", true, json!({ "text": "ab", "comment": cut })),
            ("text/plain", b"ab\xc3", false, json!({ "text": "YWLD", "encoding": "base64" })),
            (
                "image/png",
                b"\xff\x00\xff",
                true,
                json!({ "text": "/wD/", "encoding": "base64", "comment": cut }),
            ),
            (
                "application/x-www-form-urlencoded",
                b"a=b&password=c",
                false,
                json!({ "text": "a=b&password=[secret]" }),
            ),
            (
                "application/json; charset=utf-8",
                b"{ \"a\": [1] }",
                false,
                json!({ "text": "{ \"a\": [1] }" }),
            ),
            (
                "application/ld+json",
                b"[{\"access_token\": 7, \"b\": {\"key\": {}}}]",
                false,
                json!({ "text": "[{\"access_token\":\"[secret]\",\"b\":{\"key\":\"[secret]\"}}]" }),
            ),
            ("application/json", b"{\"key", true, left_out.clone()),
            ("application/json", b"{'key': 1}", false, left_out.clone()),
        ] {
            let fields = HarBody { media_type, bytes, is_cut }.fields(&Redaction::new());
            assert_eq!(Value::from(fields), expected);
        }
        let body = HarBody { media_type: "application/json", bytes: b"{\"key", is_cut: false };
        assert_eq!(Value::from(body.fields(&Redaction::show_all())), json!({ "text": "{\"key" }));
    }
}
