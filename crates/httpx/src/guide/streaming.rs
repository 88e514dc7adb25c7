//! Streaming: bodies that do not fit in memory, or arrive over time.
//!
//! [`stream`](crate::RequestBuilder::stream) returns the response as soon as its head has arrived. Check its status first;
//! then read the body with one of these:
//!
//! | to read | call on the response |
//! | --- | --- |
//! | pieces | [`chunk`](crate::Response::chunk), or [`std::io::Read`] and [`std::io::BufRead`] |
//! | lines, or lines of JSON | [`lines`](crate::Response::lines), [`json_lines`](crate::Response::json_lines) |
//! | server-sent events | [`events`](crate::Response::events); [`event_source`](crate::RequestBuilder::event_source) on the request reconnects |
//! | a multipart response | [`multipart`](crate::Response::multipart) |
//! | into a file | [`save_to`](crate::Response::save_to); [`resume_to`](crate::RequestBuilder::resume_to) on the request continues after an error |
//! | into a writer | [`copy_to`](crate::Response::copy_to) |
//! | into memory, as `send` does | [`read_body`](crate::Response::read_body) |
//!
//! ```
//! # use httpx::testing::{Mock, Reply};
//! # let mock = Mock::new();
//! # mock.get("/log").reply(Reply::text("one\ntwo\n"));
//! # mock.get("/prices").reply(Reply::new(200).header("Content-Type", "text/event-stream").body("data: 7\n\ndata: 8\n\n"));
//! # let client = httpx::Client::builder().url("https://www.example.com").transport(mock).build()?;
//! let mut response = client.get("/log").stream()?.error_for_status()?;
//! let mut length = 0;
//! while let Some(chunk) = response.chunk()? {
//!     length += chunk.len();
//! }
//! assert_eq!(length, 8);
//!
//! let lines = client.get("/log").stream()?.error_for_status()?.lines();
//! assert_eq!(lines.collect::<httpx::Result<Vec<_>>>()?, ["one", "two"]);
//!
//! for event in client.get("/prices").stream()?.error_for_status()?.events() {
//!     println!("{}", event?.data);
//! }
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! A streamed body has no limit on its length: count the bytes if you do not trust the server. The read timeout of 30 s
//! limits each wait, not the whole body. Read a body to its end, so that its connection can be used again. If you drop the
//! response earlier, the connection is closed, unless the rest is short and has already arrived.
//!
//! # Downloads
//!
//! ```no_run
//! # let client = httpx::Client::new();
//! client.get("https://www.example.com/large.iso").stream()?.save_to("large.iso")?;
//! // The same, but a second call continues where the first one stopped:
//! client.get("https://www.example.com/large.iso").resume_to("large.iso")?;
//! // With the progress of the download:
//! let request = client.get("https://www.example.com/large.iso");
//! request.on_progress(|progress| eprintln!("{} of {:?} bytes", progress.bytes, progress.total)).resume_to("large.iso")?;
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! Both refuse a response with an error status, and replace the file only when the download is complete.
//! [`on_progress`](crate::RequestBuilder::on_progress) reports the bytes in both directions.
//!
//! # Uploads
//!
//! A [`Body`](crate::Body) is made from a reader ([`from_reader`](crate::Body::from_reader),
//! [`from_sized_reader`](crate::Body::from_sized_reader)) or from an iterator of [`Bytes`](crate::Bytes)
//! ([`from_chunks`](crate::Body::from_chunks), [`from_sized_chunks`](crate::Body::from_sized_chunks)). If its length is
//! known, the server gets a `Content-Length`; otherwise the body is sent in chunks:
//!
//! ```
//! # use httpx::testing::{Mock, Reply};
//! # let mock = Mock::new();
//! # mock.put("/notes").reply_with(|request| Reply::new(200).body(request.body().clone()));
//! # let client = httpx::Client::builder().url("https://www.example.com").transport(mock).build()?;
//! use std::io::Cursor;
//! use httpx::Body;
//!
//! let body = Body::from_reader(Cursor::new("any reader"));
//! assert_eq!(client.put("/notes").body(body).send()?.text(), "any reader");
//!
//! let body = Body::from_sized_reader(Cursor::new("of known length"), 15);
//! assert_eq!(client.put("/notes").body(body).send()?.text(), "of known length");
//!
//! let download = client.put("/notes").body("from one server to another").stream()?.error_for_status()?;
//! let copied = client.put("/notes").body(Body::from_reader(download)).send()?;
//! assert_eq!(copied.text(), "from one server to another");
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! Async: each read is awaited; `events().next().await`. The response is an `AsyncRead` and a `Stream`, and
//! [`Body::from_stream`](crate::ahttpx::Body::from_stream) takes a `Stream`. See [`ahttpx`](crate::ahttpx#streaming).
