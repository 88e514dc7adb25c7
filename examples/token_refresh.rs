//! A layer that fetches a token when there is none, or when the server no longer accepts it.
//!
//!     cargo run --release --example token_refresh

#![allow(clippy::print_stdout, clippy::unwrap_used)]

mod support;

use std::sync::Mutex;

use httpx::flow::{BeforeSend, BodyReuse, Clock, Flow, FlowNext, FlowOutcome, OwnRequest, RequestHead};
use httpx::{Bytes, Client, Form, Response, Result};
use support::Reply;

/// The URL of the tokens, and the token, if there is one.
struct Token(String, Mutex<Option<String>>);

#[rustfmt::skip] // one line for each signature
impl Flow for Token {
    type Call = bool; // whether this call has fetched a token

    fn start(&self, _: &mut RequestHead, _: &dyn Clock) -> Result<bool> {
        Ok(false)
    }

    fn before_send(&self, _: &mut bool, request: &mut RequestHead, _: &dyn Clock) -> Result<BeforeSend> {
        let Some(token) = &*self.1.lock().unwrap() else {
            let form = Form([("grant_type", "refresh_token")]);
            return Ok(BeforeSend::SendOwn(OwnRequest::new("POST", &self.0)?.with_content(form)?.into()));
        };
        request.headers_mut().set("Authorization", format!("Bearer {token}"))?;
        request.headers_mut().mark_sensitive("Authorization");
        Ok(BeforeSend::Send)
    }

    fn on_own_response(&self, new: &mut bool, response: Result<Response<Bytes>>, _: &dyn Clock) -> Result<()> {
        *self.1.lock().unwrap() = Some(response?.error_for_status()?.text().into_owned());
        *new = true;
        Ok(())
    }

    fn next(&self, new: &mut bool, _: &mut RequestHead, outcome: FlowOutcome<'_>, _: &dyn Clock) -> Result<FlowNext> {
        if *new || !matches!(outcome, FlowOutcome::Response(head) if head.status() == 401) {
            return Ok(FlowNext::Done);
        }
        *self.1.lock().unwrap() = None;
        Ok(FlowNext::Again { after: None, body: BodyReuse::Keep })
    }
}

fn main() -> Result<()> {
    let site =
        support::serve(|request| match (&*request.target(), request.header("Authorization").as_deref()) {
            ("/token", _) => Reply::ok("new"),
            (_, Some("Bearer new")) => Reply::ok("welcome"),
            _ => Reply::full("401 Unauthorized", "", ""),
        });
    let token = Token(format!("{}token", site.url()), Mutex::new(Some("expired".into())));
    let client = Client::builder().url(site.url()).layer(token).build()?;
    let response = client.get("/private").send()?;
    println!("{response:?} {}", response.text());
    assert_eq!(response.text(), "welcome");
    Ok(())
}
