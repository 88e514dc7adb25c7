//! Requests without a client of one's own.

use std::sync::LazyLock;

use httpx_core::{Error, IntoUrl, Method};

use super::Client;
use crate::RequestBuilder;

/// The one that all of them use. It keeps no cookies: nobody would expect one call to tell the server of another.
static CLIENT: LazyLock<Client> = LazyLock::new(Client::without_cookies);

macro_rules! quick {
    ($($name:ident $method:ident),*) => {$(
        #[doc = concat!("A `", stringify!($method), "` request, over connections that the whole process shares, and")]
        /// without cookies; for more than a few, make a [`Client`].
        ///
        /// ```no_run
        /// # async fn run() -> httpx::Result<()> {
        #[doc = concat!("let response = httpx::ahttpx::", stringify!($name), "(\"https://www.example.com\").send().await?;")]
        /// # Ok(())
        /// # }
        /// ```
        pub fn $name(url: impl IntoUrl) -> RequestBuilder<Client> {
            CLIENT.request(Method::$method, url)
        }
    )*};
}

quick!(get GET, post POST, put PUT, patch PATCH, delete DELETE, head HEAD, options OPTIONS);

/// A request of any method, over connections that the whole process shares, and without cookies.
pub fn request<M>(method: M, url: impl IntoUrl) -> RequestBuilder<Client>
where
    M: TryInto<Method>,
    Error: From<M::Error>,
{
    CLIENT.request(method, url)
}
