//! Conversions from and to the types of the crate `http`, which hyper, axum and tower use.

mod headers;
mod method;
#[cfg(feature = "url")]
mod request;
#[cfg(feature = "url")]
mod response;
mod status;
#[cfg(feature = "url")]
mod uri;
mod version;

#[cfg(all(test, feature = "url"))]
mod tests;
