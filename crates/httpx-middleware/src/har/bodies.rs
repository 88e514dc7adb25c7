//! The bodies of an archive: text or base64, cut at a limit, without secrets.

use httpx_core::{Redaction, base64};
use serde_json::{Map, Value};

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
        let Some(shown) = redaction.body(self.media_type, self.text().map_or(self.bytes, str::as_bytes))
        else {
            set("comment", "left out, because its secrets cannot be found".into());
            return fields;
        };
        match std::str::from_utf8(&shown) {
            _ if shown.is_empty() => {}
            Ok(text) => drop(set("text", text.to_owned())),
            Err(_) => {
                let mut text = String::new();
                base64(&shown, &mut text);
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
}

#[cfg(test)]
mod tests {
    use serde_json::json;

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
                b"[{\"access_token\": 7, \"b\": {\"key\": [1]}}]",
                false,
                json!({ "text": "[{\"access_token\": \"[secret]\", \"b\": {\"key\": \"[secret]\"}}]" }),
            ),
            ("multipart/form-data; boundary=b", b"--b", false, left_out.clone()),
            ("multipart/form-data; boundary=b", b"--b\xff", false, left_out.clone()),
            ("application/json", b"{\"key", true, left_out.clone()),
            ("application/json", b"{'key': 1}", false, left_out.clone()),
        ] {
            let fields = HarBody { media_type, bytes, is_cut }.fields(&Redaction::new());
            assert_eq!(Value::from(fields), expected);
        }
        let body = HarBody { media_type: "application/json", bytes: b"{\"key", is_cut: false };
        assert_eq!(Value::from(body.fields(&Redaction::show_all())), json!({ "text": "{\"key" }));
        let body = HarBody { media_type: "multipart/form-data; boundary=b", bytes: b"--b", is_cut: false };
        assert_eq!(Value::from(body.fields(&Redaction::show_all())), json!({ "text": "--b" }));
    }
}
