use std::fmt;

use ::url::form_urlencoded;

/// The parameters of a query: an ordered multi-map, written as HTML forms are (`a=1&b=two+words`).
///
/// ```
/// use httpx_core::QueryParams;
///
/// let mut params = QueryParams::from([("q", "a b"), ("lang", "de")]);
/// params.append("q", "ü&c");
/// assert_eq!(params.to_string(), "q=a+b&lang=de&q=%C3%BC%26c");
/// assert_eq!(QueryParams::parse("q=a+b&lang=de&q=%C3%BC%26c"), params);
/// params.set("q", 1);
/// assert_eq!(params.to_string(), "q=1&lang=de");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct QueryParams(Vec<(String, String)>);

impl QueryParams {
    /// No parameters.
    pub const fn new() -> Self {
        QueryParams(Vec::new())
    }

    /// Takes a query apart (without its `?`): `+` is a space, `%XX` a byte; what is no UTF-8 becomes U+FFFD.
    pub fn parse(query: &str) -> Self {
        QueryParams(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first value of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|line| line.0 == name).map(|line| line.1)
    }

    /// All values of this name, in order.
    pub fn get_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.iter().filter(move |line| line.0 == name).map(|line| line.1)
    }

    /// Whether there is one of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Makes this the one value of its name: in the place of the first that was there, or else at the end.
    pub fn set(&mut self, name: &str, value: impl ToString) {
        match self.0.iter().position(|(other, _)| other == name) {
            None => self.append(name, value),
            Some(first) => {
                let mut at = 0..;
                self.0.retain(|(other, _)| at.next() == Some(first) || other != name);
                if let Some((_, old)) = self.0.get_mut(first) {
                    *old = value.to_string();
                }
            }
        }
    }

    /// Puts a value at the end.
    #[allow(clippy::needless_pass_by_value)] // so that a number can be given as it is
    pub fn append(&mut self, name: &str, value: impl ToString) {
        self.0.push((name.to_owned(), value.to_string()));
    }

    /// Removes all values of this name; says how many there were.
    pub fn remove(&mut self, name: &str) -> usize {
        let before = self.0.len();
        self.0.retain(|(other, _)| other != name);
        before - self.0.len()
    }

    /// All names and values, in order.
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

impl<N: AsRef<str>, V: ToString> FromIterator<(N, V)> for QueryParams {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(params: I) -> Self {
        QueryParams(
            params.into_iter().map(|(name, value)| (name.as_ref().to_owned(), value.to_string())).collect(),
        )
    }
}

impl<N: AsRef<str>, V: ToString, const K: usize> From<[(N, V); K]> for QueryParams {
    fn from(params: [(N, V); K]) -> Self {
        params.into_iter().collect()
    }
}

impl<N: AsRef<str>, V: ToString> From<&[(N, V)]> for QueryParams {
    fn from(params: &[(N, V)]) -> Self {
        params.iter().map(|(name, value)| (name, value.to_string())).collect()
    }
}

impl<N: AsRef<str>, V: ToString> From<Vec<(N, V)>> for QueryParams {
    fn from(params: Vec<(N, V)>) -> Self {
        params.into_iter().collect()
    }
}

impl<N: AsRef<str>, V: ToString, S> From<std::collections::HashMap<N, V, S>> for QueryParams {
    fn from(params: std::collections::HashMap<N, V, S>) -> Self {
        params.into_iter().collect()
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

    proptest! {
        #[test]
        fn round_trip(pairs in proptest::collection::vec((any::<String>(), any::<String>()), 0..6)) {
            let params = QueryParams::from(pairs);
            prop_assert_eq!(QueryParams::parse(&params.to_string()), params);
        }
    }
}
