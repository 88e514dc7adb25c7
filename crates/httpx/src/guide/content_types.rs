//! Content types: what a request can send.
//!
//! | to send | call on the request |
//! | --- | --- |
//! | JSON | [`.json(&value)`](crate::RequestBuilder::json) |
//! | a form | [`.form([("name", "ann")])`](crate::RequestBuilder::form), from a struct [`.form_from(&value)`](crate::RequestBuilder::form_from) |
//! | a form with files | [`.multipart(form)`](crate::RequestBuilder::multipart) with a [`Multipart`](crate::models::Multipart) |
//! | text or bytes | [`.body("text")`](crate::RequestBuilder::body), or with a `Content-Type` `.content(`[`Text`](crate::Text)`("text"))` |
//! | a file, or a range of it | `.content(`[`File::new(path)`](crate::models::File)`)` |
//! | lines of JSON | `.content(`[`JsonLines(values)`](crate::models::JsonLines)`)` |
//! | a reader, an iterator, a stream | `.body(…)` with a [`Body`](crate::Body): see [streaming](super::streaming) |
//! | your own type | `.content(…)` with an implementation of [`Content`](crate::Content) |
//! | trailers after the body | [`.trailers(…)`](crate::RequestBuilder::trailers), [`.trailers_with(…)`](crate::RequestBuilder::trailers_with) |
//!
//! `.content`, `.json` and `.form` set the `Content-Type`, unless you set this header yourself. `.multipart` always sets it.
//! `.body` never does.
//!
//! ```
//! # use httpx::testing::{Mock, Reply};
//! # let mock = Mock::new();
//! # mock.post("/login").form([("name", "ann"), ("password", "s3cret")]).reply(204);
//! # mock.post("/tags").json(&["red", "blue"]).reply(201);
//! # mock.put("/notes/1").header("Content-Type", "text/plain; charset=utf-8").body("Buy milk").reply(200);
//! # let client = httpx::Client::builder().url("https://www.example.com").transport(mock).build()?;
//! use httpx::Text;
//!
//! client.post("/login").form([("name", "ann"), ("password", "s3cret")]).send()?.error_for_status()?;
//! client.post("/tags").json(["red", "blue"]).send()?.error_for_status()?;
//! client.put("/notes/1").content(Text("Buy milk")).send()?.error_for_status()?;
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # Forms with files
//!
//! A file is read while it is sent, so it can be large:
//!
//! ```
//! # use httpx::testing::{Mock, Reply};
//! # let mock = Mock::new();
//! # mock.post("/upload").body_contains("filename=\"page.csv\"").body_contains("Slides").reply(201);
//! # let client = httpx::Client::builder().transport(mock).build()?;
//! # let path = std::env::temp_dir().join(format!("httpx-guide-{}.pdf", std::process::id()));
//! # std::fs::write(&path, "%PDF")?;
//! use httpx::models::{Multipart, Part};
//!
//! let page = Part::new("a,b\r\n").file_name("page.csv").header("Content-Type", "text/csv")?;
//! # let slides = || Part::file(path.clone());
//! # #[cfg(any())] // the file is another one here
//! let form = Multipart::new().text("title", "Slides").part("slides", Part::file("slides.pdf")).part("page", page);
//! # let form = Multipart::new().text("title", "Slides").part("slides", slides()).part("page", page);
//! let response = client.post("https://www.example.com/upload").multipart(form).send()?;
//! assert_eq!(response.status(), 201);
//! # std::fs::remove_file(path)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! With the feature `mime-guess`, a file takes its media type from its name.
//!
//! # Compressed bodies
//!
//! [`compress`](crate::RequestBuilder::compress) encodes the body with gzip or zstd. Use it for servers that accept it.
//! Responses are decoded without your help; [`accept_encodings`](crate::ClientBuilder::accept_encodings) sets which
//! codings to ask for:
//!
//! ```
//! use httpx::models::Coding;
//!
//! let client = httpx::Client::builder().accept_encodings(Coding::all()).build()?; // zstd, br, gzip, deflate
//! let request = client.put("https://www.example.com/log").body("a line\n".repeat(1000)).compress(Coding::Gzip).build()?;
//! assert_eq!(request.headers().get("Content-Encoding").unwrap(), "gzip");
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # Refused uploads
//!
//! [`expect_continue`](crate::RequestBuilder::expect_continue) asks the server first, so that it can refuse a large body
//! before the body is sent. Without it, an early response still ends the upload, and is returned.
//!
//! Bytes, text and files can be sent again after a redirect or for a retry. Readers, iterators and streams cannot.
//!
//! Async: a `Body` is made of an `AsyncRead` or a `Stream`.
