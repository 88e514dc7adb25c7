//! Builds and sends a request of either flavour.

#[cfg(feature = "cache")]
mod cache;
mod compress;
mod connect;
mod curl;
pub(crate) mod event_source;
mod expect;
mod headers;
mod options;
mod progress;
mod proxy;
mod trailers;
mod upgrade;

use std::borrow::Cow;
use std::fmt;

use httpx_core::{
    Content, Error, Form, HeaderValue, IntoBody, IntoUrl, MessageBody, Method, Multipart, OnProgress,
    QueryParams, Request, RequestHead, Result, copy_for_another_call, multipart_type,
};

use crate::request_sender::RequestSender;

/// A request that is being built. The `get`, `post`, … of a client start one, and its `send` or `stream` sends it.
///
/// The first invalid setting (a URL that does not parse, a header with a line break) is remembered and returned by
/// `send` or `stream`.
///
/// ```
/// # use httpx::{Body, Client, Request, Response, Result, Text, Transport};
/// # struct Echo;
/// # impl Transport for Echo {
/// #     fn send(&self, request: Request) -> Result<Response<Body>> {
/// #         Ok(Response::new(200, Text(request.url().target().to_owned()))?.into())
/// #     }
/// # }
/// use std::time::Duration;
///
/// # let client = Client::builder().transport(Echo).build()?; // it answers with the target of the request
/// let response = client
///     .get("https://www.example.com/search")
///     .params([("q", "rust"), ("page", "2")])
///     .header("Accept-Language", "en")
///     .timeout(Duration::from_secs(5))
///     .send()?;
/// # assert_eq!(response.text(), "/search?q=rust&page=2");
/// # Ok::<(), httpx::Error>(())
/// ```
#[must_use = "a request does nothing until send() or stream() is called"]
pub struct RequestBuilder<
    #[cfg(feature = "blocking")] C: RequestSender = crate::Client,
    #[cfg(not(feature = "blocking"))] C: RequestSender,
> {
    client: C,
    /// The settings so far, or the first error.
    draft: Result<Draft<C::Body>>,
}

/// The request as far as it has been built.
struct Draft<B> {
    /// The request's own headers and options, without those of the client.
    head: RequestHead,
    /// The client's headers that this request leaves out.
    left_out: Vec<String>,
    /// The media type of the content, for a request without a `Content-Type` header.
    content_type: Option<Cow<'static, str>>,
    body: B,
}

impl<C: RequestSender> RequestBuilder<C> {
    pub(crate) fn new<M>(client: C, method: M, url: impl IntoUrl) -> Self
    where
        M: TryInto<Method>,
        Error: From<M::Error>,
    {
        let draft = match (method.try_into(), client.settings().url(url)) {
            (Ok(method), Ok(url)) => Ok(Draft::new(RequestHead::new(method, url))),
            (Ok(method), Err(error)) => Err(error.with_method(method.as_str())),
            (Err(error), Ok(url)) => Err(Error::from(error).with_url(&url.redacted())),
            (Err(error), Err(_)) => Err(error.into()),
        };
        RequestBuilder { client, draft }
    }

    /// Appends query parameters to those that the URL has. The query that is there stays as it is, byte for byte.
    ///
    /// ```
    /// let request = httpx::get("https://www.example.com/search?lang=en").params([("q", "a b"), ("page", "2")]).build()?;
    /// assert_eq!(request.url(), "https://www.example.com/search?lang=en&q=a+b&page=2");
    /// # Ok::<(), httpx::Error>(())
    /// ```
    ///
    /// They are given as one of:
    ///
    /// | form | example |
    /// | --- | --- |
    /// | pairs in an array, a slice or a `Vec` | `[("page", 2), ("limit", 10)]` |
    /// | a tuple of pairs, with values of different types | `(("q", "rust"), ("page", 2))` |
    /// | a `HashMap` or a `BTreeMap`, or a reference to one | `&filter` |
    /// | optional values: `None` leaves the parameter out | `[("after", after)]` |
    /// | a query as text, without `?` | `"q=rust&page=2"` |
    /// | a [`QueryParams`] | `QueryParams::new()` |
    ///
    /// Those of a struct are given by `params_from`.
    #[doc(alias = "query")]
    pub fn params(self, params: impl Into<QueryParams>) -> Self {
        self.with(|draft| {
            let params = params.into();
            if !params.is_empty() {
                let url = draft.head.url().append_params(params);
                draft.head.set_url(url);
            }
            Ok(())
        })
    }

    /// Appends query parameters to those of the URL, from the fields of a struct or from a map, by the rules of
    /// [`QueryParams::from_serialize`]. A value that is nested is an error of `send`, with the name of its field.
    ///
    /// Needs the feature `json`.
    ///
    /// ```
    /// #[derive(serde::Serialize)]
    /// struct Filter {
    ///     tag: Vec<String>,
    ///     after: Option<u32>,
    /// }
    ///
    /// let filter = Filter { tag: vec!["red".into(), "blue".into()], after: None };
    /// let request = httpx::get("https://www.example.com").params_from(&filter).build()?;
    /// assert_eq!(request.url(), "https://www.example.com/?tag=red&tag=blue");
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[cfg(feature = "json")]
    #[doc(alias = "query")]
    pub fn params_from(self, value: impl serde::Serialize) -> Self {
        match QueryParams::from_serialize(value) {
            Ok(params) => self.params(params),
            Err(error) => self.with(|_| Err(error)),
        }
    }

    /// Appends segments to the path of the URL, as [`Url::with_segments`](httpx_core::Url::with_segments) does. Each one is
    /// percent-encoded as a whole: use it for parts of a path that come from outside.
    ///
    /// ```
    /// let client = httpx::Client::builder().url("https://api.example.com/v1/").build()?;
    /// let request = client.get("items").segments(["a/b", "tags"]).build()?;
    /// assert_eq!(request.url(), "https://api.example.com/v1/items/a%2Fb/tags");
    ///
    /// let request = client.get("items").segments([7]).segments(["tags"]).build()?; // segments of two types
    /// assert_eq!(request.url(), "https://api.example.com/v1/items/7/tags");
    /// # Ok::<(), httpx::Error>(())
    /// ```
    ///
    /// A segment `.` or `..`, or one with a tab or a line break, is an error.
    pub fn segments<S: ToString>(self, segments: impl IntoIterator<Item = S>) -> Self {
        self.with(|draft| {
            let url = draft.head.url().with_segments(segments)?;
            draft.head.set_url(url);
            Ok(())
        })
    }

    /// Sets the body, and its `Content-Type` unless the request has one: [`Json`](crate::Json), [`Form`],
    /// [`Text`](crate::Text), [`Html`](crate::Html), [`File`](crate::models::File), `models::JsonLines`, bytes, or a custom
    /// [`Content`].
    ///
    /// ```
    /// use httpx::Text;
    ///
    /// let request = httpx::put("https://www.example.com/notes/1").content(Text("Buy milk")).build()?;
    /// assert_eq!(request.headers().get("Content-Type").unwrap(), "text/plain; charset=utf-8");
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn content(self, content: impl Content) -> Self {
        self.with(|draft| {
            draft.content_type = content.content_type();
            draft.body = content.encode()?.into();
            Ok(())
        })
    }

    /// Sets a JSON body, by value or by reference: short for `.content(Json(value))`.
    ///
    /// ```
    /// let tags = vec!["red", "blue"];
    /// let request = httpx::post("https://www.example.com/tags").json(&tags);
    /// let request = httpx::post("https://www.example.com/tags").json(["red", "blue"]);
    /// ```
    #[cfg(feature = "json")]
    pub fn json(self, value: impl serde::Serialize) -> Self {
        self.content(httpx_core::Json(value))
    }

    /// Sets a body of form fields: short for `.content(Form(fields))`. They are given as [`params`](RequestBuilder::params)
    /// are, a struct by `form_from`.
    ///
    /// ```
    /// let request = httpx::post("https://www.example.com/login").form([("name", "ann"), ("password", "secret")]);
    /// ```
    pub fn form(self, fields: impl Into<QueryParams>) -> Self {
        self.content(Form(fields))
    }

    /// Sets a body of form fields, from the fields of a struct or from a map, by the rules of
    /// [`QueryParams::from_serialize`]. A value that is nested is an error of `send`, with the name of its field.
    ///
    /// Needs the feature `json`.
    ///
    /// ```
    /// #[derive(serde::Serialize)]
    /// struct Login<'a> {
    ///     name: &'a str,
    ///     remember: bool,
    /// }
    ///
    /// let request = httpx::post("https://www.example.com/login").form_from(&Login { name: "ann", remember: true }).build()?;
    /// assert_eq!(request.into_body().into_bytes()?, "name=ann&remember=true");
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[cfg(feature = "json")]
    pub fn form_from(self, value: impl serde::Serialize) -> Self {
        match QueryParams::from_serialize(value) {
            Ok(fields) => self.form(fields),
            Err(error) => self.with(|_| Err(error)),
        }
    }

    /// Sets a form with files as the body (`multipart/form-data`), and its `Content-Type` in place of any other. Another
    /// `multipart` type that the request has, such as `multipart/related`, stays, and gets the boundary of the form.
    ///
    /// ```no_run
    /// use httpx::models::{Multipart, Part};
    ///
    /// let form = Multipart::new().text("title", "Slides").part("file", Part::file("slides.pdf"));
    /// let response = httpx::post("https://www.example.com/upload").multipart(form).send()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn multipart(self, form: Multipart<C::Body>) -> Self {
        self.with(|draft| {
            let (content_type, body) = form.into_content()?;
            draft.content_type = Some(content_type.into());
            draft.body = body;
            Ok(())
        })
    }

    /// Sets a body without a `Content-Type`: text, bytes, a [`File`](crate::models::File), or a `Body`, which can be made from a
    /// reader, an iterator of `Bytes`, or in the async flavour a stream. [`content`](RequestBuilder::content) adds the media type.
    ///
    /// ```no_run
    /// use httpx::models::File;
    ///
    /// let request = httpx::put("https://www.example.com/notes/1").body("Buy milk");
    /// let request = httpx::put("https://www.example.com/large.bin").body(File::new("large.bin"));
    /// let request = httpx::put("https://www.example.com/input").body(httpx::Body::from_reader(std::io::stdin()));
    /// ```
    pub fn body(self, body: impl IntoBody<C::Body>) -> Self {
        self.with(|draft| {
            draft.content_type = None;
            draft.body = body.into_body();
            Ok(())
        })
    }

    /// Sets the media type of the body that was set last, for a request without a `Content-Type`.
    #[cfg(all(feature = "async", feature = "json"))]
    pub(crate) fn media_type(self, media_type: &'static str) -> Self {
        self.with(|draft| {
            draft.content_type = Some(media_type.into());
            Ok(())
        })
    }

    /// Sets a value of any type that the request carries in its [`extensions`](RequestHead::extensions), for layers and
    /// network backends. It is never sent.
    ///
    /// ```
    /// #[derive(Clone)]
    /// struct Tenant(u32);
    ///
    /// let request = httpx::get("https://www.example.com").extension(Tenant(7)).build()?;
    /// assert_eq!(request.head().extensions().get::<Tenant>().unwrap().0, 7);
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn extension<T: Clone + Send + Sync + 'static>(self, value: T) -> Self {
        self.with(|draft| {
            draft.head.extensions_mut().insert(value);
            Ok(())
        })
    }

    /// Returns a copy of the builder, or `None` if its body can be sent only once or a setting was invalid. A
    /// [`File`](crate::models::File) may have another size when the copy is sent.
    ///
    /// ```
    /// let first = httpx::get("https://www.example.com/items").bearer_auth("token");
    /// let second = first.try_clone().unwrap().params([("page", 2)]);
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn try_clone(&self) -> Option<Self> {
        let draft = self.draft.as_ref().ok()?.try_clone()?;
        Some(RequestBuilder { client: self.client.clone(), draft: Ok(draft) })
    }

    /// Returns the request as a value, with everything that the client adds.
    ///
    /// ```
    /// let request = httpx::get("https://www.example.com").header("X-Id", "1").build()?;
    /// assert_eq!(format!("{request:?}"), r#"<Request [GET "https://www.example.com/"]>"#);
    /// # Ok::<(), httpx::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The first invalid setting.
    pub fn build(self) -> Result<Request<C::Body>> {
        self.into_parts().map(|(_, request)| request)
    }

    /// The client, and the request with everything that the client adds.
    pub(crate) fn into_parts(self) -> Result<(C, Request<C::Body>)> {
        let Draft { mut head, left_out, content_type, mut body } = self.draft?;
        if !head.extensions().is_empty() {
            body = compress::compress_body(&mut head, body).map_err(|error| head.error(error))?;
        }
        let content_type =
            content_type.filter(|_| !left_out.iter().any(|name| name.eq_ignore_ascii_case("content-type")));
        if let Some(content_type) = content_type {
            // Without its boundary a form cannot be read.
            let set = if content_type.starts_with("multipart/") {
                let of_request = head.headers().get("Content-Type").map(HeaderValue::as_bytes);
                let content_type = multipart_type(of_request, &content_type);
                head.headers_mut().set("Content-Type", content_type.as_bytes())
            } else {
                head.headers_mut().set_default("Content-Type", content_type.as_bytes())
            };
            set.map_err(|error| head.error(error.into()))?;
        }
        self.client.settings().add_to(&mut head, &left_out);
        if !head.extensions().is_empty() {
            body = with_progress(&head, body);
        }
        Ok((self.client, Request::from_parts(head, body)))
    }

    fn with(mut self, set: impl FnOnce(&mut Draft<C::Body>) -> Result<()>) -> Self {
        if let Ok(draft) = &mut self.draft
            && let Err(error) = set(draft)
        {
            let error = draft.head.error(error);
            self.draft = Err(error);
        }
        self
    }
}

/// Makes the body report its progress, if the request has a progress function.
#[cold]
fn with_progress<B: MessageBody>(head: &RequestHead, body: B) -> B {
    match head.extensions().get::<OnProgress>() {
        Some(function) => function.count_upload(body),
        None => body,
    }
}

impl<B: MessageBody> Draft<B> {
    fn new(head: RequestHead) -> Self {
        Draft { head, left_out: Vec::new(), content_type: None, body: B::default() }
    }

    fn try_clone(&self) -> Option<Self> {
        Some(Draft {
            head: self.head.clone(),
            left_out: self.left_out.clone(),
            content_type: self.content_type.clone(),
            body: copy_for_another_call(&self.body)?,
        })
    }
}

/// `<RequestBuilder [GET "https://example.com/"]>`.
impl<C: RequestSender> fmt::Debug for RequestBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.draft {
            Ok(Draft { head, .. }) => {
                write!(f, "<RequestBuilder [{} {:?}]>", head.method(), head.url().redacted())
            }
            Err(error) => write!(f, "<RequestBuilder [{error}]>"),
        }
    }
}
