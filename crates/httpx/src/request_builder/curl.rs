//! A request that is being built, as a command line of curl.

use std::io;

use httpx_core::{Encoded, Error, Length, MessageBody, OnProgress, Redaction, Result, curl_command};

use super::{Draft, RequestBuilder, compress};
use crate::request_sender::RequestSender;

/// Commands.
impl<C: RequestSender> RequestBuilder<C> {
    /// Returns a command line of curl that sends this request, with everything that the client adds: see
    /// [`Request::to_curl`](httpx_core::Request::to_curl). Secrets are shown as `[secret]`;
    /// [`to_curl_with`](RequestBuilder::to_curl_with) shows them.
    ///
    /// The builder is left as it is, so that it can be sent afterwards. Cookies of a jar and headers of layers are not in
    /// the command: they are added when the request is sent.
    ///
    /// ```
    /// let client = httpx::Client::builder().headers([("User-Agent", "dev"), ("Accept", "*/*")]).build()?;
    /// let request = client.post("https://www.example.com/login").form([("name", "ann"), ("password", "s3cret")]);
    /// assert_eq!(
    ///     request.to_curl()?,
    ///     r"curl https://www.example.com/login \
    ///   -H 'User-Agent: dev' \
    ///   -H 'Accept: */*' \
    ///   -H 'Content-Type: application/x-www-form-urlencoded' \
    ///   --data-raw 'name=ann&password=[secret]'"
    /// );
    /// # Ok::<(), httpx::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The first invalid setting.
    pub fn to_curl(&self) -> Result<String> {
        self.to_curl_with(&Redaction::new())
    }

    /// Returns a command line of curl as [`to_curl`](RequestBuilder::to_curl), and hides the secrets that `redaction` names.
    ///
    /// ```
    /// use httpx::logging::Redaction;
    ///
    /// let request = httpx::get("https://www.example.com").bearer_auth("5f1c");
    /// let command = request.to_curl_with(&Redaction::show_all())?;
    /// assert!(command.contains("-H 'Authorization: Bearer 5f1c'"));
    /// # Ok::<(), httpx::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The first invalid setting.
    pub fn to_curl_with(&self, redaction: &Redaction) -> Result<String> {
        let draft = match &self.draft {
            Ok(draft) => draft,
            Err(error) => return Err(Error::new(error.kind(), error.to_string())),
        };
        let shown = RequestBuilder { client: self.client.clone(), draft: Ok(draft.shown()) };
        let request = shown.build()?;
        let is_compressed = compress::has_coding(&draft.head);
        let body = if is_compressed { request.body() } else { &draft.body };
        Ok(curl_command(request.head(), body, redaction))
    }
}

impl<B: MessageBody> Draft<B> {
    /// Returns a copy for a command. An empty reader stands for a body that cannot be copied.
    fn shown(&self) -> Self {
        let body = self.body.try_clone().unwrap_or_else(|| {
            let length = match self.body.length() {
                Length::Known(length) => Some(length),
                Length::None | Length::Unknown => None,
            };
            Encoded::from_reader(io::empty(), length).into()
        });
        let mut head = self.head.clone();
        // Nothing is sent, so there is no progress.
        head.extensions_mut().remove::<OnProgress>();
        Draft { head, left_out: self.left_out.clone(), content_type: self.content_type.clone(), body }
    }
}
