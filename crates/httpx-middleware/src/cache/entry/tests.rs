//! Entries survive the round trip, and anything else is no entry.

use proptest::prelude::*;

use super::*;

fn key() -> StoreKey {
    StoreKey::new("https://example.com/")
}

fn hello() -> StoredEntry {
    let names = vec!["accept-language".to_owned(), "authorization".to_owned()];
    StoredEntry::Response(StoredResponse {
        status: StatusCode::OK,
        version: Version::Http11,
        reason: "OK".to_owned(),
        headers: Headers::try_from([("Content-Type", &b"text/plain"[..]), ("X-Raw", b"\xe4:b")]).unwrap(),
        selection: Selection { names, id: 0x0f1e_2d3c_4b5a_6978_8796_a5b4_c3d2_e1f0_u128.to_be_bytes() },
        received: UNIX_EPOCH + Duration::from_millis(1_764_547_200_123),
        initial_age: Duration::from_millis(1500),
        body: Bytes::from("hello\n"),
    })
}

const HELLO: &[u8] =
    b"httpx-cache 1\nkey https://example.com/\nresponse 200 HTTP/1.1 OK\nreceived 1764547200123\n\
age 1500\nselection 0f1e2d3c4b5a69788796a5b4c3d2e1f0 accept-language authorization\nheaders 2\n\
Content-Type: text/plain\nX-Raw: \xe4:b\nbody 6\nhello\n";

fn decode(bytes: &[u8]) -> Option<StoredEntry> {
    StoredEntry::decode(&Bytes::copy_from_slice(bytes), &key())
}

#[test]
fn the_form_does_not_change() {
    assert_eq!(hello().encode(&key()), HELLO);
    assert!(decode(HELLO) == Some(hello()));
    let Some(StoredEntry::Response(response)) = decode(HELLO) else { panic!("no response") };
    assert_eq!(response.body, "hello\n");
}

#[test]
fn entries_of_variants() {
    let one = |id: u128| Selection { names: vec!["a".to_owned()], id: id.to_be_bytes() };
    for variants in [vec![], vec![one(1)], vec![one(1), one(2)]] {
        let entry = StoredEntry::Variants(variants);
        assert!(decode(&entry.encode(&key())) == Some(entry));
    }
    let many = StoredEntry::Variants(vec![one(1); MAX_VARIANTS + 1]);
    assert!(decode(&many.encode(&key())).is_none());
}

#[test]
fn every_cut_is_no_entry() {
    for end in 0..HELLO.len() {
        assert!(decode(&HELLO[..end]).is_none(), "{end}");
    }
    assert!(decode(&[HELLO, b"!"].concat()).is_none());
}

#[test]
fn other_versions_and_other_keys_are_no_entry() {
    let other = String::from_utf8_lossy(HELLO).replace("httpx-cache 1", "httpx-cache 2");
    assert!(decode(other.as_bytes()).is_none());
    let elsewhere = StoreKey::new("https://example.com/other");
    assert!(StoredEntry::decode(&Bytes::from_static(HELLO), &elsewhere).is_none());
}

#[test]
fn wrong_lines_are_no_entry() {
    let text = hello().encode(&key());
    let table: [(&[u8], &[u8]); 11] = [
        (b"response 200", b"response 99"),
        (b"HTTP/1.1", b"HTTP/9.9"),
        (b"response", b"request"),
        (b"received 1764547200123", b"received -1"),
        (b"received 1764547200123", b"received 99999999999999999999999"),
        (b"age 1500", b"age"),
        (b"selection 0f1e", b"selection +f1e"),
        (b"headers 2", b"headers 3"),
        (b"headers 2", b"headers 18446744073709551615"),
        (b"Content-Type:", b"Content Type:"),
        (b"body 6", b"body 5"),
    ];
    for (from, to) in table {
        let at = text.windows(from.len()).position(|window| window == from).unwrap();
        let wrong = [&text[..at], to, &text[at + from.len()..]].concat();
        assert!(decode(&wrong).is_none(), "{}", String::from_utf8_lossy(to));
    }
}

proptest! {
    #[test]
    fn entries_survive_the_round_trip(
        status in 100_u16..1000,
        reason in "[ -~]{0,20}",
        fields in prop::collection::vec(("[A-Za-z-]{1,10}", "[!-~]{0,20}"), 0..8),
        names in prop::collection::vec("[a-z*-]{1,9}", 0..5),
        id: u128,
        times: (u32, u32),
        body: Vec<u8>,
    ) {
        let mut headers = Headers::new();
        for (name, value) in fields {
            headers.append(&name, value).unwrap();
        }
        let entry = StoredEntry::Response(StoredResponse {
            status: StatusCode::try_from(status).unwrap(),
            version: Version::Http10,
            reason,
            headers,
            selection: Selection { names, id: id.to_be_bytes() },
            received: UNIX_EPOCH + Duration::from_millis(times.0.into()),
            initial_age: Duration::from_millis(times.1.into()),
            body: body.into(),
        });
        prop_assert!(decode(&entry.encode(&key())) == Some(entry));
    }

    #[test]
    fn a_changed_byte_does_no_harm(at in 0..HELLO.len(), byte: u8) {
        let mut bytes = HELLO.to_vec();
        bytes[at] = byte;
        decode(&bytes);
    }
}
