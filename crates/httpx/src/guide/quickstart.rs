//! Quickstart: get a page, post JSON, download a file.
//!
//! Add the crate to your project. It is not on a registry yet, so use a checkout beside your project:
//!
//! ```toml
//! [dependencies]
//! httpx = { path = "../httpx/crates/httpx" }
//! serde = { version = "1", features = ["derive"] } # for your own JSON types
//! ```
//!
//! # Get a page
//!
//! ```
//! # use httpx::testing::{Mock, Reply};
//! # let mock = Mock::new();
//! # mock.get("https://www.example.com/hello").reply(Reply::text("Hello, world"));
//! let client = httpx::Client::new();
//! # let client = httpx::Client::builder().transport(mock).build()?;
//! let response = client.get("https://www.example.com/hello").send()?;
//! assert_eq!(response.status(), 200);
//! assert_eq!(response.text(), "Hello, world");
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! Make one [`Client`](crate::Client) for the whole program: it keeps connections open and uses them again. `send` reads
//! the whole response, at most 100 MiB. The functions [`httpx::get`](crate::get()), [`post`](crate::post) and so on do the
//! same without a client.
//!
//! # Send and receive JSON
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! # use httpx::testing::{Mock, Reply};
//! # let mock = Mock::new();
//! # mock.post("/items").reply_with(|request| Reply::new(201).body(request.body().clone()));
//! # mock.get("/search").query("q", "pen").query("page", "2").reply(Reply::json(&["red", "blue"]));
//! # let client = httpx::Client::builder().transport(mock).build()?;
//!
//! #[derive(Serialize, Deserialize)]
//! struct Item {
//!     name: String,
//!     price: u32,
//! }
//!
//! let pen = Item { name: "pen".into(), price: 2 };
//! let saved: Item = client.post("https://api.example.com/items").json(&pen).send()?.error_for_status()?.json()?;
//! assert_eq!(saved.price, 2);
//!
//! let response = client.get("https://api.example.com/search").params((("q", "pen"), ("page", 2))).send()?;
//! let colours: Vec<String> = response.error_for_status()?.json()?;
//! assert_eq!(colours, ["red", "blue"]);
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! **A status such as 404 is not an error.** [`error_for_status`](crate::Response::error_for_status) makes it one. See
//! [errors](super::errors).
//!
//! # Download a file
//!
//! ```no_run
//! # let client = httpx::Client::new();
//! client.get("https://www.example.com/large.iso").stream()?.save_to("large.iso")?;
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! `stream` returns the response when its head has arrived. [`save_to`](crate::Response::save_to) writes the body to a
//! file as it arrives. It needs little memory, and leaves no half file after an error. See [streaming](super::streaming).
//!
//! # The same in async code
//!
//! Turn on the feature `async`, and use [`ahttpx`](crate::ahttpx) on tokio:
//!
//! ```toml
//! httpx = { path = "../httpx/crates/httpx", features = ["async"] }
//! tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
//! ```
//!
//! ```
//! # use httpx::testing::{Mock, Reply};
//! use httpx::ahttpx::Client;
//!
//! #[tokio::main]
//! async fn main() -> httpx::Result<()> {
//!     let client = Client::new();
//! #   let mock = Mock::new();
//! #   mock.get("/hello").reply(Reply::text("Hello, world"));
//! #   let client = Client::builder().transport(mock).build()?;
//!     let response = client.get("https://www.example.com/hello").send().await?;
//!     assert_eq!(response.text(), "Hello, world");
//!     Ok(())
//! }
//! ```
//!
//! Next: [clients](super::clients), or all pages of the [guide](super).
