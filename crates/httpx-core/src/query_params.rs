//! Query parameters: an ordered multi-map.

mod value;

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use ::url::form_urlencoded;

pub use value::ParamValue;

/// The parameters of a query or a form: an ordered multi-map, written as HTML forms are (`a=1&b=two+words`).
///
/// It is made from pairs in an array, a vector, a slice, a map, or a tuple of pairs. Values are text, numbers, `bool`,
/// `char`, or an [`Option`] of these: a parameter whose value is `None` is left out. `from_serialize` (with the feature
/// `json`) makes it from a struct.
///
/// ```
/// # mod httpx { pub use httpx_core::*; }
/// use httpx::QueryParams;
///
/// let mut params = QueryParams::from([("q", "a b"), ("lang", "de")]);
/// params.append("q", "ü&c");
/// assert_eq!(params.to_string(), "q=a+b&lang=de&q=%C3%BC%26c");
/// assert_eq!(QueryParams::parse("q=a+b&lang=de&q=%C3%BC%26c"), params);
/// assert_eq!((params.get("q"), params.len(), params.is_empty()), (Some("a b"), 3, false));
/// assert!(params.contains("lang"));
/// params.set("q", 1);
/// assert_eq!(params.to_string(), "q=1&lang=de");
///
/// let after: Option<u32> = None;
/// let mixed = QueryParams::from((("q", "rust"), ("limit", 10), ("after", after)));
/// assert_eq!(mixed.to_string(), "q=rust&limit=10");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct QueryParams(Vec<(String, String)>);

impl QueryParams {
    /// Creates an empty map; allocates nothing.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::QueryParams;
    ///
    /// let mut params = QueryParams::new();
    /// params.append("page", 2);
    /// ```
    pub const fn new() -> Self {
        QueryParams(Vec::new())
    }

    /// Parses a query (without its `?`), or a body of form fields (`application/x-www-form-urlencoded`), as text or bytes.
    /// `+` is a space, `%XX` a byte; bytes that are not UTF-8 become U+FFFD.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::{Form, QueryParams, Response};
    ///
    /// let response = Response::new(200, Form([("access_token", "a b"), ("scope", "")]))?;
    /// let fields = QueryParams::parse(response.bytes());
    /// assert_eq!(fields.get("access_token"), Some("a b"));
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn parse(query: impl AsRef<[u8]>) -> Self {
        QueryParams(form_urlencoded::parse(query.as_ref()).into_owned().collect())
    }

    /// Returns the number of parameters.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there are no parameters.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the first value of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|line| line.0 == name).map(|line| line.1)
    }

    /// Returns all values of this name, in order.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::QueryParams;
    ///
    /// let params = QueryParams::parse("tag=red&page=2&tag=blue");
    /// assert!(params.get_all("tag").eq(["red", "blue"]));
    /// ```
    pub fn get_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.iter().filter(move |line| line.0 == name).map(|line| line.1)
    }

    /// Returns whether there is a parameter of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Sets the only value of a name: it replaces the first value of that name, or is put at the end; other values of
    /// that name are removed. `None` removes all of them.
    #[doc(alias = "insert")]
    pub fn set(&mut self, name: &str, value: impl ParamValue) {
        let first = self.0.iter().position(|(other, _)| other == name);
        match (value.to_value(), first) {
            (None, _) => {
                self.remove(name);
            }
            (Some(value), None) => self.0.push((name.to_owned(), value)),
            (Some(value), Some(first)) => {
                let mut at = 0..;
                self.0.retain(|(other, _)| at.next() == Some(first) || other != name);
                if let Some((_, old)) = self.0.get_mut(first) {
                    *old = value;
                }
            }
        }
    }

    /// Puts a value at the end; `None` changes nothing.
    pub fn append(&mut self, name: &str, value: impl ParamValue) {
        self.0.extend(value.to_value().map(|value| (name.to_owned(), value)));
    }

    /// Removes all values of this name, and returns their number.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::QueryParams;
    ///
    /// let mut params = QueryParams::parse("tag=red&page=2&tag=blue");
    /// assert_eq!((params.remove("tag"), params.to_string()), (2, "page=2".to_owned()));
    /// ```
    pub fn remove(&mut self, name: &str) -> usize {
        let before = self.0.len();
        self.0.retain(|(other, _)| other != name);
        before - self.0.len()
    }

    /// Returns all names and values, in order.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::QueryParams;
    ///
    /// let params = QueryParams::parse("page=2&q=a+b");
    /// assert!(params.iter().eq([("page", "2"), ("q", "a b")]));
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Percent-encoded as HTML forms are, without a `?`.
impl fmt::Display for QueryParams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&form_urlencoded::Serializer::new(String::new()).extend_pairs(self.iter()).finish())
    }
}

impl<N: AsRef<str>, V: ParamValue> Extend<(N, V)> for QueryParams {
    fn extend<I: IntoIterator<Item = (N, V)>>(&mut self, params: I) {
        for (name, value) in params {
            self.append(name.as_ref(), value);
        }
    }
}

impl<N: AsRef<str>, V: ParamValue> FromIterator<(N, V)> for QueryParams {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(params: I) -> Self {
        let mut all = QueryParams::new();
        all.extend(params);
        all
    }
}

impl<N: AsRef<str>, V: ParamValue, const K: usize> From<[(N, V); K]> for QueryParams {
    fn from(params: [(N, V); K]) -> Self {
        params.into_iter().collect()
    }
}

impl<N: AsRef<str>, V: ParamValue, const K: usize> From<&[(N, V); K]> for QueryParams {
    fn from(params: &[(N, V); K]) -> Self {
        QueryParams::from(&params[..])
    }
}

impl<N: AsRef<str>, V: ParamValue> From<&[(N, V)]> for QueryParams {
    fn from(params: &[(N, V)]) -> Self {
        params.iter().map(|(name, value)| (name, value)).collect()
    }
}

impl<N: AsRef<str>, V: ParamValue> From<Vec<(N, V)>> for QueryParams {
    fn from(params: Vec<(N, V)>) -> Self {
        params.into_iter().collect()
    }
}

impl<N: AsRef<str>, V: ParamValue> From<&Vec<(N, V)>> for QueryParams {
    fn from(params: &Vec<(N, V)>) -> Self {
        QueryParams::from(&params[..])
    }
}

impl<N: AsRef<str>, V: ParamValue> From<BTreeMap<N, V>> for QueryParams {
    fn from(params: BTreeMap<N, V>) -> Self {
        params.into_iter().collect()
    }
}

impl<N: AsRef<str>, V: ParamValue> From<&BTreeMap<N, V>> for QueryParams {
    fn from(params: &BTreeMap<N, V>) -> Self {
        params.iter().collect()
    }
}

/// The order is that of the map: arbitrary.
impl<N: AsRef<str>, V: ParamValue, S> From<HashMap<N, V, S>> for QueryParams {
    fn from(params: HashMap<N, V, S>) -> Self {
        params.into_iter().collect()
    }
}

/// The order is that of the map: arbitrary.
impl<N: AsRef<str>, V: ParamValue, S> From<&HashMap<N, V, S>> for QueryParams {
    fn from(params: &HashMap<N, V, S>) -> Self {
        params.iter().collect()
    }
}

impl From<&QueryParams> for QueryParams {
    fn from(params: &QueryParams) -> Self {
        params.clone()
    }
}

/// Parses it: see [`QueryParams::parse`].
impl From<&str> for QueryParams {
    fn from(query: &str) -> Self {
        QueryParams::parse(query)
    }
}

/// Parses it: see [`QueryParams::parse`]. It cannot fail.
impl FromStr for QueryParams {
    type Err = Infallible;

    fn from_str(query: &str) -> Result<Self, Infallible> {
        Ok(QueryParams::parse(query))
    }
}

/// Tuples of pairs, whose values may be of different types.
macro_rules! tuples {
    ($(($($name:ident $value:ident $pair:ident)*))*) => {$(
        impl<$($name: AsRef<str>, $value: ParamValue),*> From<($(($name, $value),)*)> for QueryParams {
            fn from(($($pair,)*): ($(($name, $value),)*)) -> Self {
                let mut params = QueryParams::new();
                $(params.append($pair.0.as_ref(), $pair.1);)*
                params
            }
        }
    )*};
}

tuples! {
    (A B a)
    (A B a C D b)
    (A B a C D b E F c)
    (A B a C D b E F c G H d)
    (A B a C D b E F c G H d I J e)
    (A B a C D b E F c G H d I J e K L f)
    (A B a C D b E F c G H d I J e K L f M N g)
    (A B a C D b E F c G H d I J e K L f M N g O P h)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn set_in_the_place_of_the_first() {
        let mut params = QueryParams::parse("a=1&b=2&a=3&c&=&%zz=%");
        params.set("a", "x");
        assert_eq!(params.to_string(), "a=x&b=2&c=&=&%25zz=%25");
        assert_eq!(params.remove("a"), 1);
        assert_eq!(params.get("a"), None);
    }

    #[test]
    fn made_from_collections() {
        let pairs = [("a", "1"), ("b", "2")];
        let expected = QueryParams::parse("a=1&b=2");
        let of = |params: QueryParams| assert_eq!(params, expected);
        of(pairs.into());
        of((&pairs).into());
        of((&pairs[..]).into());
        of(pairs.to_vec().into());
        of((&pairs.to_vec()).into());
        of(BTreeMap::from(pairs).into());
        of((&BTreeMap::from(pairs)).into());
        of([("a", Some(1)), ("x", None), ("b", Some(2))].into());
        of([(String::from("a"), &Some("1")), (String::from("b"), &Some("2"))].into());
        of((("a", 1.0), (String::from("b"), Some('2')), ("c", None::<bool>)).into());
        assert_eq!(QueryParams::from(&HashMap::from([("a", 1)])), QueryParams::parse("a=1"));
        let mut params = QueryParams::from([("x", true)]);
        params.set("x", None::<&str>);
        params.extend([("a", 1), ("b", 2)]);
        of(params);
    }

    /// The cases of the web platform tests `url/urlencoded-parser`.
    #[test]
    fn web_platform_tests_of_parsing() {
        let rows: [(&str, &[(&str, &str)]); 35] = [
            ("test", &[("test", "")]),
            ("\u{feff}test=\u{feff}", &[("\u{feff}test", "\u{feff}")]),
            ("%EF%BB%BFtest=%EF%BB%BF", &[("\u{feff}test", "\u{feff}")]),
            ("%EF%BF%BF=%EF%BF%BF", &[("\u{ffff}", "\u{ffff}")]),
            ("%FE%FF", &[("\u{fffd}\u{fffd}", "")]),
            ("%FF%FE", &[("\u{fffd}\u{fffd}", "")]),
            ("\u{2020}&\u{2020}=x", &[("\u{2020}", ""), ("\u{2020}", "x")]),
            ("%C2", &[("\u{fffd}", "")]),
            ("%C2x", &[("\u{fffd}x", "")]),
            ("_charset_=windows-1252&test=%C2x", &[("_charset_", "windows-1252"), ("test", "\u{fffd}x")]),
            ("", &[]),
            ("a", &[("a", "")]),
            ("a=b", &[("a", "b")]),
            ("a=", &[("a", "")]),
            ("=b", &[("", "b")]),
            ("&", &[]),
            ("&a", &[("a", "")]),
            ("a&", &[("a", "")]),
            ("a&a", &[("a", ""), ("a", "")]),
            ("a&b&c", &[("a", ""), ("b", ""), ("c", "")]),
            ("a=b&c=d", &[("a", "b"), ("c", "d")]),
            ("a=b&c=d&", &[("a", "b"), ("c", "d")]),
            ("&&&a=b&&&&c=d&", &[("a", "b"), ("c", "d")]),
            ("a=a&a=b&a=c", &[("a", "a"), ("a", "b"), ("a", "c")]),
            ("a==a", &[("a", "=a")]),
            ("a=a+b+c+d", &[("a", "a b c d")]),
            ("%=a", &[("%", "a")]),
            ("%a=a", &[("%a", "a")]),
            ("%a_=a", &[("%a_", "a")]),
            ("%61=a", &[("a", "a")]),
            ("%61+%4d%4D=", &[("a MM", "")]),
            ("id=0&value=%", &[("id", "0"), ("value", "%")]),
            ("b=%2sf%2a", &[("b", "%2sf*")]),
            ("b=%2%2af%2a", &[("b", "%2*f*")]),
            ("b=%%2a", &[("b", "%*")]),
        ];
        for (text, expected) in rows {
            let params = text.parse::<QueryParams>().unwrap();
            assert_eq!(params.iter().collect::<Vec<_>>(), expected, "{text}");
            assert_eq!(QueryParams::parse(text.as_bytes()), params);
        }
    }

    /// The cases of the web platform tests `url/urlsearchparams-stringifier`.
    #[test]
    fn web_platform_tests_of_writing() {
        let rows: [(&[(&str, &str)], &str); 13] = [
            (&[("a", "b c")], "a=b+c"),
            (&[("a b", "c")], "a+b=c"),
            (&[("a", ""), ("a", ""), ("", "b"), ("", ""), ("", "")], "a=&a=&=b&=&="),
            (&[("", "b"), ("", "b")], "=b&=b"),
            (&[("a", "b+c"), ("a+b", "c")], "a=b%2Bc&a%2Bb=c"),
            (&[("=", "a"), ("b", "=")], "%3D=a&b=%3D"),
            (&[("&", "a"), ("b", "&")], "%26=a&b=%26"),
            (&[("a", "*-._"), ("*-._", "c")], "a=*-._&*-._=c"),
            (&[("a", "b%c"), ("a%b", "c")], "a=b%25c&a%25b=c"),
            (&[("a", "b\0c"), ("a\0b", "c")], "a=b%00c&a%00b=c"),
            (&[("a", "b\u{1f4a9}c")], "a=b%F0%9F%92%A9c"),
            (&[("a", "b,c"), ("x", "y")], "a=b%2Cc&x=y"),
            (&[("a\nb", "c\rd"), ("e\n\rf", "g\r\nh")], "a%0Ab=c%0Dd&e%0A%0Df=g%0D%0Ah"),
        ];
        for (params, expected) in rows {
            assert_eq!(QueryParams::from(params).to_string(), expected);
        }
        for (text, expected) in [
            ("a=b&c=d&&e&&", "a=b&c=d&e="),
            ("a = b &a=b&c=d%20", "a+=+b+&a=b&c=d+"),
            ("a=&a=b", "a=&a=b"),
            ("b=%2sf%2a", "b=%252sf*"),
            ("b=%2%2af%2a", "b=%252*f*"),
            ("b=%%2a", "b=%25*"),
        ] {
            assert_eq!(QueryParams::parse(text).to_string(), expected);
        }
    }

    proptest! {
        #[test]
        fn round_trip(pairs in proptest::collection::vec((any::<String>(), any::<String>()), 0..6)) {
            let params = QueryParams::from(pairs);
            prop_assert_eq!(QueryParams::parse(params.to_string()), params);
        }
    }
}
