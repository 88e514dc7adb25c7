//! Query parameters from values of types that implement `Serialize`.

use serde::Serialize;
use url::form_urlencoded;

use crate::sanitize::{ParserError, quoted};
use crate::{Error, ErrorKind, QueryParams, Result};

impl QueryParams {
    /// Creates the parameters from the fields of a struct, or from a map. Each value is text, a number, a `bool`, a variant
    /// without fields, an [`Option`] (`None` leaves the parameter out), or a list of these, which repeats the name.
    ///
    /// Needs the feature `json`.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::QueryParams;
    ///
    /// #[derive(serde::Serialize)]
    /// struct Filter<'a> {
    ///     q: &'a str,
    ///     tag: Vec<&'a str>,
    ///     after: Option<u32>,
    /// }
    ///
    /// let params = QueryParams::from_serialize(Filter { q: "a b", tag: vec!["red", "blue"], after: None })?;
    /// assert_eq!(params.to_string(), "q=a+b&tag=red&tag=blue");
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Kind [`InvalidRequest`](ErrorKind::InvalidRequest), with the name of the field, if a value is itself a struct, a map,
    /// or a list of lists: query parameters cannot be nested.
    pub fn from_serialize(value: impl Serialize) -> Result<Self> {
        let mut encoder = form_urlencoded::Serializer::new(String::new());
        let mut track = serde_path_to_error::Track::new();
        let serializer = serde_html_form::ser::Serializer::new(&mut encoder);
        match value.serialize(serde_path_to_error::Serializer::new(serializer, &mut track)) {
            Ok(_) => Ok(QueryParams::parse(encoder.finish())),
            Err(error) => Err(refused(&track.path().to_string(), &error)),
        }
    }
}

fn refused(path: &str, error: &serde_html_form::ser::Error) -> Error {
    const ADVICE: &str =
        "give a struct or a map whose values are text, numbers, booleans, options or lists of these";
    let message = if path == "." {
        format!("the value cannot be written as parameters; {ADVICE}")
    } else {
        format!("the value cannot be written as parameters, at {}; {ADVICE}", quoted(path))
    };
    Error::new(ErrorKind::InvalidRequest, message).with_source(ParserError::new(error))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Serialize)]
    #[serde(rename_all = "kebab-case")]
    enum Order {
        NewestFirst,
    }

    #[derive(Serialize)]
    struct Page {
        number: u32,
    }

    #[derive(Serialize)]
    struct Filter {
        #[serde(rename = "q")]
        text: &'static str,
        order: Order,
        exact: bool,
        ratio: f64,
        tags: Vec<&'static str>,
        none: Option<u32>,
        some: Option<char>,
        #[serde(flatten)]
        page: Page,
    }

    #[test]
    fn structs_and_maps() {
        let filter = Filter {
            text: "ü &=+%",
            order: Order::NewestFirst,
            exact: true,
            ratio: 0.5,
            tags: vec!["a", ""],
            none: None,
            some: Some('x'),
            page: Page { number: 2 },
        };
        let params = QueryParams::from_serialize(&filter).unwrap();
        assert_eq!(
            params.to_string(),
            "q=%C3%BC+%26%3D%2B%25&order=newest-first&exact=true&ratio=0.5&tags=a&tags=&some=x&number=2"
        );
        for (params, expected) in [
            (QueryParams::from_serialize(BTreeMap::from([("a", 1), ("", 2)])), "=2&a=1"),
            (QueryParams::from_serialize([("a", "1"), ("a", "2")]), "a=1&a=2"),
            (QueryParams::from_serialize((("q", "rust"), ("limit", 10))), "q=rust&limit=10"),
            (QueryParams::from_serialize(BTreeMap::<String, String>::new()), ""),
        ] {
            assert_eq!(params.unwrap().to_string(), expected);
        }
    }

    #[test]
    fn nested_values_are_refused_by_name() {
        #[derive(Serialize)]
        struct Outer<T> {
            name: &'static str,
            inner: T,
        }
        let nested = |inner| QueryParams::from_serialize(&Outer { name: "x", inner }).unwrap_err();
        let of_list = QueryParams::from_serialize(Outer { name: "x", inner: [["a"]] }).unwrap_err();
        for (error, place) in [
            (nested(BTreeMap::from([("a", "b")])), "parameters, at inner; give"),
            (of_list, "parameters, at inner; give"),
            (QueryParams::from_serialize("q=1").unwrap_err(), "parameters; give a struct"),
            (QueryParams::from_serialize([1, 2]).unwrap_err(), "parameters, at [0]; give"),
        ] {
            assert_eq!(error.kind(), ErrorKind::InvalidRequest);
            assert!(error.to_string().contains(place), "{error}");
        }
    }
}
