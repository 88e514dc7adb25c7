//! Logging and records: see what the client does.
//!
//! A client is silent by default. [`Logging`](crate::logging::Logging) writes one line for each request:
//!
//! ```
//! use std::sync::{Arc, Mutex};
//! use httpx::Client;
//! use httpx::logging::Logging;
//! # use httpx::testing::{Mock, Reply};
//! # let mock = Mock::new();
//! # mock.get("/items").reply(Reply::text("a pen"));
//!
//! let client = Client::builder().network_layer(Logging::stderr()).build()?;
//!
//! // Or to a function, which gets each line with its severity:
//! let lines = Arc::new(Mutex::new(Vec::new()));
//! let written = Arc::clone(&lines);
//! let client = Client::builder()
//!     .network_layer(Logging::new(move |record| written.lock().unwrap().push(record.to_string())))
//! #   .transport(mock)
//!     .build()?;
//!
//! client.get("https://api.example.com/items?token=5f1c").send()?;
//! assert!(lines.lock().unwrap()[0].starts_with("GET https://api.example.com/items?token=[secret] 200 OK 5 B "));
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! A line is written when the body of the response has been read or dropped. As a network layer, `Logging` sees each request
//! that is sent, also each redirect and each retry. As a [`layer`](crate::ClientBuilder::layer), it sees each call once.
//!
//! | to see | use | feature |
//! | --- | --- | --- |
//! | the heads, too | [`Logging::stderr().heads()`](crate::logging::Logging::heads) | |
//! | lines in a file | [`Logging::to_writer`](crate::logging::Logging::to_writer) | |
//! | lines in the log of your program, by the crate `log` | [`Logging::to_log`](crate::logging::Logging::to_log) | `log` |
//! | spans with the names of OpenTelemetry, by the crate `tracing` | [`TracingObserver`](crate::network::TracingObserver) | `tracing` |
//! | lookups, connects, handshakes, closed connections | an [observer](super::connections) | |
//! | everything, in the network panel of a browser | [`HarRecorder`](crate::har::HarRecorder) | `har` |
//! | one request, as a command of curl | [`to_curl`](crate::RequestBuilder::to_curl) | |
//!
//! ```
//! use httpx::Client;
//! use httpx::logging::Logging;
//! use httpx::network::TracingObserver;
//!
//! let client = Client::builder()
//!     .network_layer(Logging::to_log()) // info, for a status of 400 or above warn, for a failure error
//!     .observer(TracingObserver::new())
//!     .build()?;
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # Records
//!
//! ```
//! # use httpx::testing::{Mock, Reply};
//! # let mock = Mock::new();
//! # mock.post("/orders").reply(Reply::text("ordered"));
//! use httpx::Client;
//! use httpx::har::HarRecorder;
//!
//! let recorder = HarRecorder::new(); // the last 1,000 requests, 64 KiB of each body
//! let client = Client::builder().network_layer(recorder.clone()).transport(mock).build()?;
//!
//! let request = client.post("https://api.example.com/orders").bearer_auth("5f1c").json(["pen"]);
//! assert!(request.to_curl()?.contains("-H 'Authorization: [secret]'")); // nothing is sent
//! request.send()?;
//!
//! assert_eq!(recorder.len(), 1);
//! assert!(!recorder.to_json().contains("5f1c"));
//! # if false {
//! recorder.save("requests.har")?; // a browser can open it
//! # }
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # Secrets
//!
//! Lines, commands and archives show `[secret]` in place of credentials, cookies, and of headers and parameters whose names
//! end with `token`, `key`, `password` or similar. **A secret in the path of a URL is not detected, nor one in a body** that
//! is neither a form nor JSON. A [`Redaction`](crate::logging::Redaction) adds names, or takes some away:
//!
//! ```
//! use httpx::logging::{Logging, Redaction};
//!
//! let redaction = Redaction::new().hide_param("email").hide_header("X-User").show_param("page_token");
//! let logging = Logging::stderr().redaction(redaction);
//! ```
//!
//! Control characters of the server are escaped. Async: the same; a function of a log must not block.
