//! The public suffix list: the domains under which everyone can register a name.
//!
//! The list is compiled in as one sorted text (`suffix/list.txt`, made by `scripts/public-suffixes.py`). A lookup is one
//! binary search in it for each label of a name: there is no start-up and no index in memory.

use std::cmp::Ordering;

/// One name a line, sorted by bytes. A mark at the end of a line is its [`Rule`].
static LIST: &[u8] = include_bytes!("suffix/list.txt");

/// Returns the registrable domain of `domain`: its public suffix and one label more. `None` if `domain` is a public
/// suffix itself, or has an empty label.
///
/// `domain` is canonical: lower case, ASCII, no dot at the end, not an address. A top-level name that the list
/// does not know is a suffix too (the list's default rule, `*`), and so every single label is.
pub(crate) fn registrable(domain: &str) -> Option<&str> {
    if domain.split('.').any(str::is_empty) {
        return None;
    }
    // From the shortest name to the longest: the longest rule prevails, so a later one replaces an earlier.
    let mut registrable = None;
    let mut names_below_are_suffixes = true;
    let starts = domain.rmatch_indices('.').map(|(dot, _)| dot + 1).chain([0]);
    for name in starts.filter_map(|start| domain.get(start..)) {
        let rule = rule(name.as_bytes());
        let is_suffix = match rule {
            // An exception prevails over every other rule, and nothing is listed below one.
            Some(Rule::Exception) => return Some(name),
            Some(Rule::Suffix | Rule::SuffixAndBelow) => true,
            None => names_below_are_suffixes,
        };
        names_below_are_suffixes = matches!(rule, Some(Rule::SuffixAndBelow));
        if is_suffix {
            registrable = None;
        } else if registrable.is_none() {
            registrable = Some(name);
        }
    }
    registrable
}

/// The rule of the list for a name.
#[derive(Clone, Copy)]
enum Rule {
    /// `name`: it is a public suffix.
    Suffix,
    /// `*.name`: it is a public suffix, and so is every name directly below it.
    SuffixAndBelow,
    /// `!name`: it is not a public suffix. This is an exception to the rule `*` of the name above it.
    Exception,
}

impl Rule {
    /// Splits a line into its name and its rule.
    fn parse(line: &[u8]) -> (&[u8], Rule) {
        match line {
            [name @ .., b'*'] => (name, Rule::SuffixAndBelow),
            [name @ .., b'!'] => (name, Rule::Exception),
            name => (name, Rule::Suffix),
        }
    }
}

/// A binary search by bytes instead of lines, which needs no index: `low` and `high` are always at the beginning of a
/// line, and the line around the middle is compared.
fn rule(name: &[u8]) -> Option<Rule> {
    let (mut low, mut high) = (0, LIST.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let is_end = |byte: &u8| *byte == b'\n';
        let start = LIST.get(low..middle)?.iter().rposition(is_end).map_or(low, |end| low + end + 1);
        let end = LIST.get(middle..high)?.iter().position(is_end).map_or(high, |end| middle + end);
        let (found, rule) = Rule::parse(LIST.get(start..end)?);
        match found.cmp(name) {
            Ordering::Less => low = end + 1,
            Ordering::Equal => return Some(rule),
            Ordering::Greater => high = start,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_sorted() {
        let lines: Vec<_> = LIST.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
        let names: Vec<_> =
            lines.iter().map(|line| Rule::parse(line).0).filter(|name| name[0] != b'#').collect();
        assert!(names.len() > 10_000);
        assert!(names.windows(2).all(|pair| pair[0] < pair[1]));
        for name in names {
            assert!(rule(name).is_some(), "{:?}", str::from_utf8(name));
        }
    }

    /// The facts of the vectors that the list's keepers publish for its users.
    #[test]
    fn published_vectors() {
        #[rustfmt::skip]
        let table = [
            // A top-level name that is not listed.
            ("example", None), ("example.example", Some("example.example")),
            ("b.example.example", Some("example.example")), ("a.b.example.example", Some("example.example")),
            // One rule.
            ("biz", None), ("domain.biz", Some("domain.biz")), ("a.b.domain.biz", Some("domain.biz")),
            // Rules of two labels.
            ("com", None), ("example.com", Some("example.com")), ("a.b.example.com", Some("example.com")),
            ("uk.com", None), ("example.uk.com", Some("example.uk.com")),
            ("a.b.example.uk.com", Some("example.uk.com")), ("test.ac", Some("test.ac")),
            // Only a wildcard.
            ("mm", None), ("c.mm", None), ("b.c.mm", Some("b.c.mm")), ("a.b.c.mm", Some("b.c.mm")),
            // All kinds below one name.
            ("jp", None), ("test.jp", Some("test.jp")), ("ac.jp", None), ("www.test.ac.jp", Some("test.ac.jp")),
            ("kyoto.jp", None), ("ide.kyoto.jp", None), ("a.b.ide.kyoto.jp", Some("b.ide.kyoto.jp")),
            ("kobe.jp", None), ("c.kobe.jp", None), ("b.c.kobe.jp", Some("b.c.kobe.jp")), ("a.b.c.kobe.jp", Some("b.c.kobe.jp")),
            ("city.kobe.jp", Some("city.kobe.jp")), ("www.city.kobe.jp", Some("city.kobe.jp")),
            // A wildcard and its exception.
            ("ck", None), ("test.ck", None), ("a.b.test.ck", Some("b.test.ck")),
            ("www.ck", Some("www.ck")), ("www.www.ck", Some("www.ck")),
            ("us", None), ("ak.us", None), ("k12.ak.us", None), ("www.test.k12.ak.us", Some("test.k12.ak.us")),
            // Punycode.
            ("xn--85x722f.com.cn", Some("xn--85x722f.com.cn")), ("xn--55qx5d.cn", None),
            ("www.xn--85x722f.xn--55qx5d.cn", Some("xn--85x722f.xn--55qx5d.cn")), ("xn--fiqs8s", None),
            ("shishi.xn--fiqs8s", Some("shishi.xn--fiqs8s")),
            // The private section, and no names at all.
            ("github.io", None), ("a.b.github.io", Some("b.github.io")), ("co.uk", None),
            ("", None), (".", None), (".com", None), ("a..com", None), ("example.com.", None), ("#", None),
        ];
        for (domain, expected) in table {
            assert_eq!(registrable(domain), expected, "{domain}");
        }
    }

    #[test]
    fn oracle() {
        let table = include_str!("../../tests/data/registrable_domains.txt");
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let (domain, expected) = line.split_once(' ').unwrap();
            assert_eq!(registrable(domain).unwrap_or("-"), expected, "{domain}");
        }
    }
}
