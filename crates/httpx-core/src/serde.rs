//! `Serialize` and `Deserialize`: URLs and methods as text, status codes as numbers, headers as a list of pairs.
//!
//! Header values that are not UTF-8 are bytes. Secrets are serialized like all other values, and the marks of
//! [`Headers::mark_sensitive`] are not: mark the headers again after deserializing them.

use std::fmt;

use ::serde::de::{Error as _, SeqAccess, Visitor};
use ::serde::ser::SerializeSeq;
use ::serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{HeaderValue, Headers, Method, StatusCode};

impl Serialize for StatusCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(self.as_u16())
    }
}

impl<'de> Deserialize<'de> for StatusCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        StatusCode::try_from(u16::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl Serialize for Method {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Method {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Method::try_from(String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(feature = "url")]
impl Serialize for crate::Url {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(feature = "url")]
impl<'de> Deserialize<'de> for crate::Url {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::Url::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl Serialize for Headers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut lines = serializer.serialize_seq(Some(self.len()))?;
        for line in self {
            lines.serialize_element(&line)?;
        }
        lines.end()
    }
}

impl Serialize for HeaderValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(self.as_bytes()) {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => serializer.serialize_bytes(self.as_bytes()),
        }
    }
}

impl<'de> Deserialize<'de> for Headers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(HeaderLines)
    }
}

struct HeaderLines;

impl<'de> Visitor<'de> for HeaderLines {
    type Value = Headers;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of pairs, each a header's name and value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut lines: A) -> Result<Headers, A::Error> {
        let mut headers = Headers::new();
        while let Some((name, ValueBytes(value))) = lines.next_element::<(String, ValueBytes)>()? {
            headers.append(&name, value).map_err(A::Error::custom)?;
        }
        Ok(headers)
    }
}

/// The value of a header: text or bytes.
struct ValueBytes(Vec<u8>);

impl<'de> Deserialize<'de> for ValueBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor).map(ValueBytes)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a header's value: text or bytes")
    }

    fn visit_str<E>(self, text: &str) -> Result<Vec<u8>, E> {
        Ok(text.into())
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
        Ok(bytes.to_vec())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut bytes: A) -> Result<Vec<u8>, A::Error> {
        // The length that is announced is not trusted.
        let mut value = Vec::new();
        while let Some(byte) = bytes.next_element()? {
            value.push(byte);
        }
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back() {
        let headers = Headers::try_from([("A", &b"1"[..]), ("b", b"\xe4"), ("A", b"2")]).unwrap();
        let json = serde_json::to_string(&headers).unwrap();
        assert_eq!(json, r#"[["A","1"],["b",[228]],["A","2"]]"#);
        assert_eq!(serde_json::from_str::<Headers>(&json).unwrap(), headers);
        let facts = (StatusCode::NOT_FOUND, Method::QUERY);
        assert_eq!(serde_json::to_string(&facts).unwrap(), r#"[404,"QUERY"]"#);
        assert_eq!(serde_json::from_str::<(StatusCode, Method)>(r#"[404,"QUERY"]"#).unwrap(), facts);
        for wrong in
            [r#"[["A b","1"]]"#, r#"[["A","1\n"]]"#, r#"[["A"]]"#, r#"{"A":"1"}"#, r#"[["A",[1000]]]"#]
        {
            assert!(serde_json::from_str::<Headers>(wrong).is_err(), "{wrong}");
        }
        assert!(serde_json::from_str::<StatusCode>("99").is_err());
        assert!(serde_json::from_str::<Method>(r#""G T""#).is_err());
    }

    #[cfg(feature = "url")]
    #[test]
    fn urls_come_back() {
        let url = crate::Url::parse("https://h/?q=ü").unwrap();
        let json = serde_json::to_string(&url).unwrap();
        assert_eq!(serde_json::from_str::<crate::Url>(&json).unwrap(), url);
        assert!(serde_json::from_str::<crate::Url>(r#""no url""#).is_err());
    }
}
