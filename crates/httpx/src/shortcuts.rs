//! What makes a client's requests, written once for both flavours.

/// Defines them in the `impl` block of a client of this flavour, which is `Clone` and a `RequestSender`.
macro_rules! shortcuts {
    ($flavour:ident) => {
        /// A `GET` request.
        ///
        #[doc = example!($flavour, r#"client.get("/items").params([("page", 2)])"#, "GET /items?page=2")]
        pub fn get(&self, url: impl IntoUrl) -> RequestBuilder<Self> {
            self.request(Method::GET, url)
        }

        /// A `POST` request.
        ///
        #[doc = example!($flavour, r#"client.post("/items").form([("name", "pen")])"#, "POST /items")]
        pub fn post(&self, url: impl IntoUrl) -> RequestBuilder<Self> {
            self.request(Method::POST, url)
        }

        /// A `PUT` request.
        ///
        #[doc = example!($flavour, r#"client.put("/items/1").body("a pen")"#, "PUT /items/1")]
        pub fn put(&self, url: impl IntoUrl) -> RequestBuilder<Self> {
            self.request(Method::PUT, url)
        }

        /// A `PATCH` request.
        ///
        #[doc = example!($flavour, r#"client.patch("/items/1").form([("name", "pencil")])"#, "PATCH /items/1")]
        pub fn patch(&self, url: impl IntoUrl) -> RequestBuilder<Self> {
            self.request(Method::PATCH, url)
        }

        /// A `DELETE` request.
        ///
        #[doc = example!($flavour, r#"client.delete("/items/1")"#, "DELETE /items/1")]
        pub fn delete(&self, url: impl IntoUrl) -> RequestBuilder<Self> {
            self.request(Method::DELETE, url)
        }

        /// A `HEAD` request: the response has what `GET` would give, without the body.
        ///
        #[doc = example!($flavour, r#"client.head("/items")"#, "")]
        pub fn head(&self, url: impl IntoUrl) -> RequestBuilder<Self> {
            self.request(Method::HEAD, url)
        }

        /// An `OPTIONS` request.
        ///
        #[doc = example!($flavour, r#"client.options("/items")"#, "OPTIONS /items")]
        pub fn options(&self, url: impl IntoUrl) -> RequestBuilder<Self> {
            self.request(Method::OPTIONS, url)
        }

        /// A request of any method.
        ///
        #[doc = example!($flavour, r#"client.request("PROPFIND", "/files")"#, "PROPFIND /files")]
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
