//! Tables and property tests of `NoProxy`. `scripts/no_proxy.py` compares it with curl.

use httpx_core::Url;
use proptest::prelude::*;

use super::*;

/// A list, the hosts that it matches at port 80, and those that it does not match.
const HOSTS: &[(&str, &[&str], &[&str])] = &[
    ("", &[], &["example.com", "127.0.0.1", "[::1]", ""]),
    (" ,\t,, ", &[], &["example.com", ""]),
    ("*", &["example.com", "127.0.0.1", "[::1]"], &[]),
    (" *, ", &["example.com", "127.0.0.1", "[::1]"], &[]),
    ("*,localhost", &["localhost"], &["example.com", "127.0.0.1"]),
    ("**", &[], &["example.com"]),
    // Names match on the borders of labels.
    (
        "example.com",
        &["example.com", "EXAMPLE.com", "example.com.", "www.example.com", "a.b.example.com."],
        &["badexample.com", "example.com.org", "example.co", "xample.com", "com", "example.com..", ""],
    ),
    ("Example.COM", &["example.com", "www.example.com"], &["badexample.com"]),
    ("example.com.", &["example.com", "www.example.com."], &["badexample.com"]),
    (".example.com", &["example.com", "www.example.com"], &["badexample.com"]),
    (".example.com.", &["example.com", "www.example.com"], &["badexample.com"]),
    ("..example.com", &["a..example.com"], &["example.com", "www.example.com"]),
    ("www.example.com", &["www.example.com", "x.www.example.com"], &["example.com", "wwww.example.com"]),
    ("com", &["com", "example.com"], &["example.org", "example.xcom"]),
    ("localhost", &["localhost", "localhost.", "a.localhost"], &["127.0.0.1", "[::1]", "localhost.example"]),
    ("a_b.example-1", &["a_b.example-1"], &["example-1"]),
    (".", &[], &["example.com", "example.com.", ".", ""]),
    ("*.example.com", &[], &["example.com", "www.example.com"]),
    ("example.com/", &[], &["example.com"]),
    ("http://example.com", &[], &["example.com", "http"]),
    ("user@example.com", &[], &["example.com"]),
    ("bücher.example", &["xn--bcher-kva.example", "www.xn--bcher-kva.example"], &["bcher.example"]),
    (".BÜCHER.example.", &["xn--bcher-kva.example"], &[]),
    ("xn--bcher-kva.example", &["xn--bcher-kva.example"], &[]),
    ("ü/x,ü?x,ü#x,x@ü,x\\ü,ü%", &[], &["xn--tda", "x", "u"]),
    // Commas and white space separate.
    ("a,b", &["a", "b"], &["a,b", "ab"]),
    ("a b\tc\r\nd", &["a", "b", "c", "d"], &["e", ""]),
    (" a ,, b , ", &["a", "b"], &["", " "]),
    ("a;b", &[], &["a", "b"]),
    // Addresses match as numbers.
    (
        "192.0.2.1",
        &["192.0.2.1", "192.0.2.1."],
        &["192.0.2.10", "2.192.0.2.1", "a.192.0.2.1.b", "[::c000:201]"],
    ),
    ("0.2.1", &[], &["192.0.2.1"]),
    (".192.0.2.1", &[], &["192.0.2.1"]),
    ("127.1,0x7f.0.0.1,0177.0.0.1,2130706433,127.000.000.001", &[], &["127.0.0.1"]),
    ("::1", &["[::1]", "::1"], &["[::2]", "127.0.0.1", "1"]),
    ("[::1]", &["[::1]", "::1"], &["[::2]"]),
    ("0:0:0:0:0:0:0:1", &["[::1]"], &[]),
    ("2001:DB8::1", &["[2001:db8::1]"], &["[2001:db8::2]"]),
    ("::ffff:192.0.2.1", &["[::ffff:c000:201]"], &["192.0.2.1"]),
    ("fe80::1%eth0,::1],[::1,[192.0.2.1],[a],[]", &[], &["[fe80::1]", "[::1]", "192.0.2.1", "a", ""]),
    // Prefixes.
    ("10.0.0.0/8", &["10.0.0.0", "10.255.255.255"], &["9.255.255.255", "11.0.0.0", "10", "10.0.0.0.example"]),
    ("10.1.2.3/8", &["10.0.0.1"], &["11.1.2.3"]),
    ("192.0.2.128/25", &["192.0.2.128", "192.0.2.255"], &["192.0.2.127", "192.0.3.0"]),
    ("192.0.2.1/32", &["192.0.2.1"], &["192.0.2.0", "192.0.2.2"]),
    ("0.0.0.0/0", &["192.0.2.1"], &["[::1]", "example.com"]),
    ("::/0", &["[::1]"], &["192.0.2.1", "example.com"]),
    ("fd00::/8", &["[fd00::1]", "[fdff::1]"], &["[fe00::1]", "[fc00::1]"]),
    ("[fd00::]/8", &["[fd00::1]"], &["[fe00::1]"]),
    ("[fd00::/8]", &["[fd00::1]"], &["[fe00::1]"]),
    ("fd00::1/128", &["[fd00::1]"], &["[fd00::2]"]),
    (
        "10.0.0.0/33,10.0.0.0/,10.0.0.0/x,10.0.0.0/+8,10.0.0.0/8/8,10.0.0.0/255.0.0.0",
        &[],
        &["10.0.0.1", "10.0.0.0"],
    ),
    ("10/8,/8,example.com/8,fd00::/129", &[], &["10.0.0.1", "example.com", "[fd00::]"]),
];

#[test]
fn hosts() {
    for (list, matched, others) in HOSTS {
        let parsed = NoProxy::parse(list);
        for host in *matched {
            assert!(parsed.matches(host, 80), "{list:?} does not match {host:?}: {parsed:?}");
        }
        for host in *others {
            assert!(!parsed.matches(host, 80), "{list:?} matches {host:?}: {parsed:?}");
        }
    }
}

/// A list, and the hosts and ports that it matches of `AUTHORITIES`.
const PORTS: &[(&str, &[(&str, u16)])] = &[
    ("example.com", &[("example.com", 80), ("example.com", 8080), ("www.example.com", 8080)]),
    ("example.com:8080", &[("example.com", 8080), ("www.example.com", 8080)]),
    (".example.com.:08080", &[("example.com", 8080), ("www.example.com", 8080)]),
    ("www.example.com:80 example.com:8080", &[("example.com", 8080), ("www.example.com", 8080)]),
    ("192.0.2.1", &[("192.0.2.1", 80), ("192.0.2.1", 8080)]),
    ("192.0.2.1:8080", &[("192.0.2.1", 8080)]),
    ("192.0.2.0/24:80", &[("192.0.2.1", 80)]),
    ("[::1]:80", &[("[::1]", 80)]),
    ("[::/8]:8080", &[("[::1]", 8080)]),
    ("::1:80", &[]), // an address
    ("::1", &[("[::1]", 80), ("[::1]", 8080)]),
    ("*:80", &[]),
    ("example.com:,example.com:http,example.com:+80,example.com:80:80,example.com:65616,example.com:-1", &[]),
    (":80,[]:80,[example.com]:80,[192.0.2.1]:80,[::1]80,[::1]/128:80", &[]),
    ("example.com:81", &[]),
];

const AUTHORITIES: &[(&str, u16)] = &[
    ("example.com", 80),
    ("example.com", 8080),
    ("www.example.com", 8080),
    ("192.0.2.1", 80),
    ("192.0.2.1", 8080),
    ("[::1]", 80),
    ("[::1]", 8080),
];

#[test]
fn ports() {
    for (list, expected) in PORTS {
        let parsed = NoProxy::parse(list);
        let matched: Vec<_> =
            AUTHORITIES.iter().copied().filter(|(host, port)| parsed.matches(host, *port)).collect();
        assert_eq!(&matched, expected, "{list:?}: {parsed:?}");
    }
}

#[test]
fn values() {
    let list = "Example.com,10.1.2.3/8";
    let parsed = NoProxy::parse(list);
    assert_eq!((&list.parse(), &NoProxy::from(list)), (&Ok(parsed.clone()), &parsed));
    // Equal lists may be written differently.
    assert_eq!(parsed, NoProxy::parse(" .example.COM. nothing:x 10.0.0.0/8"));
    assert_ne!(parsed, NoProxy::parse("example.com"));
    assert_eq!((NoProxy::new(), NoProxy::parse("")), (NoProxy::default(), NoProxy::default()));
}

/// Texts that are near to lists and hosts.
fn near() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-c.,:/0-9\\[\\]* ü@-]{0,24}",
        "(\\[?[0-9a-f:.]{1,12}\\]?(/[0-9]{0,3})?(:[0-9]{0,6})?[, ]{0,2}){0,4}",
        any::<String>(),
    ]
}

/// Hosts as they are in a parsed URL. None has a comma, which separates in a list.
fn host() -> impl Strategy<Value = String> {
    let texts = prop_oneof![
        "([a-z0-9_-]{1,5}\\.){0,3}[a-z]{1,5}\\.?",
        "[0-9]{1,3}(\\.[0-9]{1,3}){3}",
        any::<u128>().prop_map(|bits| format!("[{}]", std::net::Ipv6Addr::from_bits(bits))),
        "[a-zü\\.]{1,8}",
    ];
    texts.prop_filter_map("a host", |text| {
        let url = Url::parse(&format!("http://{text}/")).ok()?;
        let host = url.host()?.to_owned();
        host.contains(|c| c != '.').then_some(host)
    })
}

proptest! {
    #[test]
    fn never_panics(list in near(), host in near(), port: u16) {
        let parsed = NoProxy::parse(&list);
        let matches = parsed.matches(&host, port);
        // The order of the entries does not matter.
        let reversed: Vec<_> = list.split([',', ' ']).rev().collect();
        prop_assert_eq!(NoProxy::parse(&reversed.join(",")).matches(&host, port), matches);
    }

    #[test]
    fn a_host_matches_itself(host in host(), port: u16, other: u16) {
        for list in [host.clone(), format!("x, {} ", host.to_uppercase()), host.trim_matches(['[', ']']).to_owned()] {
            prop_assert!(NoProxy::parse(&list).matches(&host, port), "{}", list);
        }
        let at_port = NoProxy::parse(&format!("{host}:{port}"));
        prop_assert_eq!(at_port.matches(&host, other), port == other);
        prop_assert!(at_port.matches(&host, port));
    }

    #[test]
    fn only_whole_labels_match(above in "[a-z0-9.-]{0,5}[a-z0-9-]", domain in "([a-z0-9]{1,5}\\.){0,2}[a-z]{1,5}") {
        let list = NoProxy::parse(&domain);
        let (longer, below) = (format!("{above}{domain}"), format!("{above}.{domain}"));
        prop_assert!(!list.matches(&longer, 80));
        prop_assert!(list.matches(&below, 80));
        prop_assert!(!NoProxy::parse(&below).matches(&domain, 80));
    }
}
