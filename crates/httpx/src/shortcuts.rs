//! What makes a client's requests, written once for both flavours.

/// Defines them in the `impl` block of a client, which is `Clone` and a `RequestSender`.
macro_rules! shortcuts {
    () => {
        /// A `GET` request.
        pub fn get(&self, url: impl IntoUrl) -> RequestBuilder<Self> {
            self.request(Method::GET, url)
        }

        /// A `POST` request.
        pub fn post(&self, url: impl IntoUrl) -> RequestBuilder<Self> {
            self.request(Method::POST, url)
        }

        /// A `PUT` request.
        pub fn put(&self, url: impl IntoUrl) -> RequestBuilder<Self> {
            self.request(Method::PUT, url)
        }

        /// A `PATCH` request.
        pub fn patch(&self, url: impl IntoUrl) -> RequestBuilder<Self> {
            self.request(Method::PATCH, url)
        }

        /// A `DELETE` request.
        pub fn delete(&self, url: impl IntoUrl) -> RequestBuilder<Self> {
            self.request(Method::DELETE, url)
        }

        /// A `HEAD` request.
        pub fn head(&self, url: impl IntoUrl) -> RequestBuilder<Self> {
            self.request(Method::HEAD, url)
        }

        /// An `OPTIONS` request.
        pub fn options(&self, url: impl IntoUrl) -> RequestBuilder<Self> {
            self.request(Method::OPTIONS, url)
        }

        /// A request of any method: `cli.request("PROPFIND", url)`.
        pub fn request<M>(&self, method: M, url: impl IntoUrl) -> RequestBuilder<Self>
        where
            M: TryInto<Method>,
            Error: From<M::Error>,
        {
            RequestBuilder::new(self.clone(), method, url)
        }
    };
}

pub(crate) use shortcuts;
