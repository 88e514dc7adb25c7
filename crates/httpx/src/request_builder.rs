use std::borrow::Cow;
use std::fmt;

use httpx_core::{
    Content, Error, Form, Headers, IntoUrl, MessageBody, Method, Options, QueryParams, Request, RequestHead,
    Result, Url,
};

use crate::setters::option_setters;
use crate::settings::Settings;

/// A request on its way to a client: made by `get`, `post`, …, sent by `send` or `stream`.
///
/// What cannot be (a header with a line break, a URL that does not parse) is kept, and is the error of the sending.
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
/// let client = Client::builder().transport(Echo).build()?; // it answers with what is asked for
/// let response = client
///     .get("https://www.example.com/search")
///     .params([("q", "rust"), ("page", "2")])
///     .header("Accept-Language", "en")
///     .timeout(Duration::from_secs(5))
///     .send()?;
/// assert_eq!(response.text(), "/search?q=rust&page=2");
/// # Ok::<(), httpx::Error>(())
/// ```
#[must_use = "a request does nothing until send() or stream() is called"]
pub struct RequestBuilder<C: RequestSender> {
    client: C,
    /// What was set, or the first of what could not be.
    draft: Result<Draft<C::Body>>,
    options: Options,
}

/// What a [`RequestBuilder`] sends through: the clients of both flavours. Not for implementing.
pub trait RequestSender {
    /// The body of its flavour.
    type Body: MessageBody;

    /// What it adds to each request.
    #[doc(hidden)]
    fn settings(&self) -> &Settings;
}

struct Draft<B> {
    method: Method,
    url: Url,
    headers: Headers,
    /// What the content says that it is; a header that was set goes before it.
    content_type: Option<Cow<'static, str>>,
    body: B,
}

impl<C: RequestSender> RequestBuilder<C> {
    pub(crate) fn new<M>(client: C, method: M, url: impl IntoUrl) -> Self
    where
        M: TryInto<Method>,
        Error: From<M::Error>,
    {
        let url = client.settings().url(url);
        let draft = url.and_then(|url| match method.try_into() {
            Ok(method) => Ok(Draft::new(method, url)),
            Err(error) => Err(Error::from(error).with_url(&url.redacted())),
        });
        RequestBuilder { client, draft, options: Options::default() }
    }

    /// Sets a header, in the place of the client's and of any that was set before under this name.
    pub fn header(self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.with(|draft| Ok(draft.headers.set(name, value)?))
    }

    /// Sets headers, each in the place of those of its name. A name that occurs several times among them is sent
    /// several times.
    pub fn headers<H>(self, headers: H) -> Self
    where
        H: TryInto<Headers>,
        Error: From<H::Error>,
    {
        self.with(|draft| {
            draft.headers.update(&headers.try_into()?);
            Ok(())
        })
    }

    /// Sets a header whose value is secret: it is not shown in `Debug`, and a redirect to another origin does not
    /// take it along.
    pub fn secret_header(self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.with(|draft| {
            draft.headers.set(name, value)?;
            draft.headers.mark_sensitive(name);
            Ok(())
        })
    }

    /// `Authorization: Basic` (RFC 7617).
    pub fn basic_auth(self, user: &str, password: &str) -> Self {
        self.secret_header("Authorization", httpx_core::basic_auth(user, password))
    }

    /// `Authorization: Bearer` (RFC 6750).
    pub fn bearer_auth(self, token: &str) -> Self {
        self.secret_header("Authorization", format!("Bearer {token}"))
    }

    /// Puts parameters behind those that the URL has.
    pub fn params(self, params: impl Into<QueryParams>) -> Self {
        self.with(|draft| {
            let mut all = draft.url.params();
            params.into().iter().for_each(|(name, value)| all.append(name, value));
            draft.url = draft.url.with_params(all);
            Ok(())
        })
    }

    /// Sets the body, and the `Content-Type` that goes with it unless one is set: [`Json`](crate::Json), [`Form`],
    /// [`Text`](crate::Text), [`Html`](crate::Html), bytes.
    pub fn content(self, content: impl Content) -> Self {
        self.with(|draft| {
            draft.content_type = content.content_type();
            draft.body = content.encode()?.into();
            Ok(())
        })
    }

    /// Sets a body of JSON: short for `.content(Json(value))`.
    #[cfg(feature = "json")]
    pub fn json<T: serde::Serialize>(self, value: &T) -> Self {
        self.content(httpx_core::Json(value))
    }

    /// Sets a body of form fields: short for `.content(Form(fields))`.
    pub fn form(self, fields: impl Into<QueryParams>) -> Self {
        self.content(Form(fields))
    }

    /// Sets a body without a `Content-Type` of its own, such as a reader.
    pub fn body(self, body: impl Into<C::Body>) -> Self {
        self.with(|draft| {
            draft.content_type = None;
            draft.body = body.into();
            Ok(())
        })
    }

    /// Says whether it does no harm to send the request twice: then it is sent again where a kept connection turns
    /// out to be dead. Defaults to what its method says (RFC 9110 §9.2.2): yes for all but POST, PATCH and CONNECT.
    pub fn idempotent(mut self, idempotent: bool) -> Self {
        self.options_mut().idempotent = Some(idempotent);
        self
    }

    option_setters!();

    /// The request as a value, with all that the client adds.
    ///
    /// # Errors
    ///
    /// The first of what could not be.
    pub fn build(self) -> Result<Request<C::Body>> {
        self.into_parts().map(|(_, request)| request)
    }

    /// The client, and the request with all that the client adds.
    pub(crate) fn into_parts(self) -> Result<(C, Request<C::Body>)> {
        let Draft { method, url, mut headers, content_type, body } = self.draft?;
        if let Some(content_type) = content_type {
            headers
                .set_default("Content-Type", content_type.as_bytes())
                .map_err(|error| Error::from(error).with_request(method.as_str(), &url.redacted()))?;
        }
        let settings = self.client.settings();
        let headers = settings.merged(&headers);
        let head = RequestHead::from_parts(method, url, headers, self.options.or(&settings.options));
        Ok((self.client, Request::from_parts(head, body)))
    }

    fn with(mut self, set: impl FnOnce(&mut Draft<C::Body>) -> Result<()>) -> Self {
        if let Ok(draft) = &mut self.draft
            && let Err(error) = set(draft)
        {
            let error = error.with_request(draft.method.as_str(), &draft.url.redacted());
            self.draft = Err(error);
        }
        self
    }

    fn options_mut(&mut self) -> &mut Options {
        &mut self.options
    }
}

impl<B: MessageBody> Draft<B> {
    fn new(method: Method, url: Url) -> Self {
        Draft { method, url, headers: Headers::new(), content_type: None, body: B::default() }
    }
}

/// `<RequestBuilder [GET "https://example.com/"]>`.
impl<C: RequestSender> fmt::Debug for RequestBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.draft {
            Ok(draft) => write!(f, "<RequestBuilder [{} {:?}]>", draft.method, draft.url.redacted()),
            Err(error) => write!(f, "<RequestBuilder [{error}]>"),
        }
    }
}
