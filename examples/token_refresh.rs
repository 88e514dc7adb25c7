//! Tokens by OAuth 2 client credentials (RFC 6749 §4.4): fetched when there is none, before they expire, and when the server
//! no longer accepts one. All requests of the client share them.
//!
//!     cargo run --release --example token_refresh --features testing

#![allow(clippy::print_stdout)]

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use httpx::auth::{Token, TokenAuth, TokenSource};
use httpx::flow::OwnRequest;
use httpx::models::basic_auth;
use httpx::testing::{Reply, TestServer};
use httpx::{Bytes, Client, Form, Response, Result};

/// A client of an authorization server.
struct ClientCredentials {
    token_url: String,
    id: &'static str,
    secret: &'static str,
}

/// RFC 6749 §5.1.
#[derive(serde::Deserialize)]
struct TokenResponse {
    access_token: String,
    expires_in: Option<u64>,
}

impl TokenSource for ClientCredentials {
    fn request(&self) -> Result<OwnRequest> {
        OwnRequest::new("POST", &self.token_url)?
            .with_header("Authorization", basic_auth(self.id, self.secret))?
            .with_content(Form([("grant_type", "client_credentials"), ("scope", "items")]))
    }

    fn token(&self, response: Response<Bytes>) -> Result<Token> {
        let TokenResponse { access_token, expires_in } = response.error_for_status()?.json()?;
        let token = Token::new(access_token);
        Ok(match expires_in {
            Some(seconds) => token.expires_in(Duration::from_secs(seconds)),
            None => token,
        })
    }
}

fn main() -> Result<()> {
    // Each token is good until the next one is given out.
    let tokens = AtomicU32::new(0);
    let site = TestServer::new(move |request| {
        if request.url().path() == "/token" {
            let token = tokens.fetch_add(1, Ordering::Relaxed) + 1;
            let body = format!(r#"{{"access_token":"t{token}","token_type":"Bearer","expires_in":3600}}"#);
            return Reply::text(body);
        }
        let good = format!("Bearer t{}", tokens.load(Ordering::Relaxed));
        match request.headers().get("Authorization") {
            Some(header) if header == *good => Reply::text("welcome"),
            _ => Reply::new(401),
        }
    })?;
    let source = ClientCredentials { token_url: site.url("/token"), id: "app", secret: "s3cret" };
    let client = Client::builder().url(site.url("/")).auth(TokenAuth::new(source)).build()?;
    let response = client.get("/private").send()?;
    println!("{response:?} {}", response.text());
    assert_eq!(response.text(), "welcome");

    // Somebody else takes a token, so that ours is refused: it is replaced, and the request is sent again.
    client.post("/token").send()?;
    let response = client.get("/private").send()?;
    println!("{response:?} {}", response.text());
    assert_eq!(response.text(), "welcome");
    Ok(())
}
