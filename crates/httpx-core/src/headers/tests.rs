//! Compares headers with a naive multi-map.

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;
use crate::headers;

fn wire(headers: &Headers) -> String {
    let mut out = Vec::new();
    headers.write_to(&mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn order_and_case_survive() {
    let headers = headers![("x-B", "2"), ("X-a", "1"), ("X-B", " 3\t")];
    assert_eq!(wire(&headers), "x-B: 2\r\nX-a: 1\r\nX-B: 3\r\n");
    assert_eq!(headers.get("x-b").unwrap(), "2");
    assert_eq!(headers.get_all("X-b").map(|value| value.to_string()).collect::<Vec<_>>(), ["2", "3"]);
}

#[test]
fn invalid_lines_are_refused_and_change_nothing() {
    let mut headers = headers![("A", "1")];
    for (name, value) in [
        ("", "1"),
        ("A B", "1"),
        ("A:", "1"),
        ("Ä", "1"),
        ("A\r\nB", "1"),
        ("A", "1\r\nB: 2"),
        ("A", "1\n"),
        ("A", "\0"),
        ("A", "\x7f"),
        ("A", "\x1b[0m"),
    ] {
        assert!(headers.set(name, value).is_err(), "{name:?}: {value:?}");
        assert!(headers.append(name, value).is_err());
        assert!(headers.set_default("B", "1\0").is_err());
        assert!(Headers::try_from([(name, value)]).is_err());
    }
    assert_eq!(wire(&headers), "A: 1\r\n");
    assert_eq!(
        headers.set("Token", "s3cret\n").unwrap_err().to_string(),
        "the value of the header Token holds a control character (0x0a) at byte 6; trim values that are read from a file"
    );
}

#[test]
fn lists() {
    for (values, elements) in [
        (&["gzip, br"][..], &["gzip", "br"][..]),
        (&["gzip", "br,,  x"], &["gzip", "br", "x"]),
        (&[",", " , "], &[]),
        (&[r#"a="1,2", b"#], &[r#"a="1,2""#, "b"]),
        (&[r#"a="\",", b"#], &[r#"a="\",""#, "b"]),
        (&[r#"a=",b"#], &[r#"a=",b"#]),
        (&["\u{e9}", "b"], &["b"]),
    ] {
        let mut headers = Headers::new();
        for value in values {
            headers.append("L", value).unwrap();
        }
        assert_eq!(headers.get_list("l").collect::<Vec<_>>(), elements, "{values:?}");
    }
}

#[test]
fn secrets_are_not_shown() {
    let mut headers = headers![("Authorization", "Basic x"), ("X-Key", "k"), ("X-Id", "\u{1F600}")];
    assert_eq!(headers.mark_sensitive("x-key"), 1);
    assert!(headers.get("X-Key").unwrap().is_sensitive());
    assert_eq!(
        format!("{headers:?}"),
        r#"{"Authorization": [secret], "X-Key": [secret], "X-Id": "\xf0\x9f\x98\x80"}"#
    );
    for (value, shown) in [
        ("http://me:pw@h/", "[secret]"),
        ("//me@h", "[secret]"),
        ("http://h/@me", "\"http://h/@me\""),
        ("http://h?a@b", "\"http://h?a@b\""),
        ("/@me", "\"/@me\""),
        // Odd forms, in which parsers still find user information.
        ("http:\\\\me:pw@h/", "[secret]"),
        ("https:me:pw@h/", "[secret]"),
        ("http:/me:pw@h/", "[secret]"),
        ("http:////me:pw@h/", "[secret]"),
        ("/\\me:pw@h/", "[secret]"),
        ("///me:pw@h/", "[secret]"),
        ("ht\ttp://me:pw@h/", "[secret]"),
        ("http://h\\@me", "\"http://h\\\\@me\""),
        ("a/b:c@d", "\"a/b:c@d\""),
    ] {
        let headers = Headers::try_from([("Location", value)]).unwrap();
        assert_eq!(format!("{headers:?}"), format!("{{\"Location\": {shown}}}"));
    }
    let copy = headers.clone();
    assert!(copy.get("X-Key").unwrap().is_sensitive());
    let mut other = Headers::new();
    other.update(&copy);
    assert!(other.get("X-Key").unwrap().is_sensitive());
}

#[test]
fn made_from_maps() {
    let headers = Headers::try_from(HashMap::from([("A", "1".to_owned())])).unwrap();
    assert_eq!(headers, headers![("a", "1")]);
    assert!(Headers::try_from(vec![("A".to_owned(), b"1\n".to_vec())]).is_err());
}

/// An operation on the headers and on a naive multi-map.
#[derive(Debug, Clone)]
enum Op {
    Set(&'static str, String),
    Append(&'static str, String),
    Default(&'static str, String),
    Remove(&'static str),
    Update(Vec<(&'static str, String)>),
}

const NAMES: [&str; 6] = ["A", "a", "b", "B", "Long-Name", "long-name"];

fn op() -> impl Strategy<Value = Op> {
    let name = || proptest::sample::select(&NAMES[..]);
    let value = || "[ -~]{0,12}".prop_map(|value| value.trim().to_owned());
    prop_oneof![
        (name(), value()).prop_map(|(name, value)| Op::Set(name, value)),
        (name(), value()).prop_map(|(name, value)| Op::Append(name, value)),
        (name(), value()).prop_map(|(name, value)| Op::Default(name, value)),
        name().prop_map(Op::Remove),
        proptest::collection::vec((name(), value()), 0..4).prop_map(Op::Update),
    ]
}

fn naive(map: &mut Vec<(&'static str, String)>, op: Op) {
    let is = |name: &'static str| move |line: &&(&str, String)| line.0.eq_ignore_ascii_case(name);
    match op {
        Op::Set(name, value) => naive(map, Op::Update(vec![(name, value)])),
        Op::Append(name, value) => map.push((name, value)),
        Op::Default(name, value) if map.iter().find(is(name)).is_none() => map.push((name, value)),
        Op::Default(..) => {}
        Op::Remove(name) => map.retain(|line| !line.0.eq_ignore_ascii_case(name)),
        Op::Update(new) => {
            let mut result: Vec<(&'static str, String)> = Vec::new();
            for line in map.iter() {
                match new.iter().any(|other| other.0.eq_ignore_ascii_case(line.0)) {
                    false => result.push(line.clone()),
                    true if result.iter().any(|other| other.0.eq_ignore_ascii_case(line.0)) => {}
                    true => result.extend(new.iter().filter(is(line.0)).cloned()),
                }
            }
            let rest: Vec<_> = new
                .into_iter()
                .filter(|line| !map.iter().any(|old| old.0.eq_ignore_ascii_case(line.0)))
                .collect();
            result.extend(rest);
            *map = result;
        }
    }
}

proptest! {
    #[test]
    fn like_a_naive_multi_map(ops in proptest::collection::vec(op(), 0..24)) {
        let (mut headers, mut map) = (Headers::new(), Vec::new());
        for op in ops {
            naive(&mut map, op.clone());
            match op {
                Op::Set(name, value) => headers.set(name, value).unwrap(),
                Op::Append(name, value) => headers.append(name, value).unwrap(),
                Op::Default(name, value) => headers.set_default(name, value).unwrap(),
                Op::Remove(name) => { headers.remove(name); }
                Op::Update(new) => headers.update(&Headers::try_from(new).unwrap()),
            }
            prop_assert_eq!(headers.len(), map.len());
            let lines: Vec<_> = headers.iter().map(|(name, value)| (name.to_owned(), value.to_string())).collect();
            let naive: Vec<_> = map.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
            prop_assert_eq!(lines, naive);
        }
    }

    #[test]
    fn nothing_breaks_out_of_its_line(name in any::<Vec<u8>>(), value in any::<Vec<u8>>()) {
        let mut headers = Headers::new();
        if headers.append(&String::from_utf8_lossy(&name), &value).is_ok() {
            let mut out = Vec::new();
            headers.write_to(&mut out);
            prop_assert_eq!(out.iter().filter(|&&byte| byte == b'\n').count(), 1);
            prop_assert_eq!(out.iter().filter(|&&byte| byte == b'\r').count(), 1);
            prop_assert!(out.ends_with(b"\r\n"));
        }
    }
}

#[test]
fn lines_that_replace_or_join_a_sensitive_one_are_sensitive() {
    type Change = fn(&mut Headers);
    let changes: [(&str, Change); 6] = [
        ("set", |headers| headers.set("x-key", "k2").unwrap()),
        ("append", |headers| headers.append("x-key", "k2").unwrap()),
        ("extend", |headers| headers.extend([("X-KEY", "k2")]).unwrap()),
        ("update", |headers| headers.update(&headers![("X-Key", "k2")])),
        ("update by two", |headers| headers.update(&headers![("X-Key", "k2"), ("x-key", "k3")])),
        ("a clone", |headers| headers.clone().set("x-key", "k2").unwrap()),
    ];
    for (name, change) in changes {
        let mut headers = headers![("X-Key", "k1"), ("X-Id", "1")];
        headers.mark_sensitive("X-Key");
        change(&mut headers);
        headers.append("X-Id", "2").unwrap();
        assert!(headers.get_all("X-Key").all(HeaderValue::is_sensitive), "{name}: {headers:?}");
        assert!(!headers.get_all("X-Id").any(HeaderValue::is_sensitive), "{name}: {headers:?}");
        // Other headers that take the lines over keep the mark, and pass it on.
        let mut other = headers![("A", "b")];
        other.update(&headers);
        other.set("X-Key", "k4").unwrap();
        assert!(other.get("X-Key").unwrap().is_sensitive(), "{name}");
    }
}

#[test]
fn single_values_do_not_show_secrets() {
    for name in ["Authorization", "PROXY-AUTHORIZATION", "cookie", "Set-Cookie"] {
        let headers = Headers::try_from([(name, "s3cret"), ("X-Id", "1")]).unwrap();
        for shown in [
            format!("{:?}", headers.get(name)),
            format!("{:?}", headers.iter()),
            format!("{:?}", headers.iter().collect::<Vec<_>>()),
            format!("{:?}", headers.get_all(name).collect::<Vec<_>>()),
        ] {
            assert!(shown.contains("[secret]") && !shown.contains("s3cret"), "{shown}");
        }
        assert!(!headers.get(name).unwrap().is_sensitive());
    }
}

#[test]
fn values_of_all_kinds() {
    let mut headers = Headers::new();
    headers.append("A", 7_u64).unwrap();
    headers.append("A", -1).unwrap();
    headers.append("A", String::from("s")).unwrap();
    headers.append("A", b"t").unwrap();
    headers.append("A", *b"bytes").unwrap();
    headers.append("A", std::borrow::Cow::from("cow")).unwrap();
    let value = headers.get("A").unwrap().to_string();
    headers.set("B", &value).unwrap();
    assert_eq!(wire(&headers), "A: 7\r\nA: -1\r\nA: s\r\nA: t\r\nA: bytes\r\nA: cow\r\nB: 7\r\n");
    let copy = Headers::try_from([("C", headers.get("B").unwrap())]).unwrap();
    assert_eq!(Headers::try_from(&HashMap::from([("C", 7)])).unwrap(), copy);
}
