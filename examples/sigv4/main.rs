//! Signs requests by AWS Signature Version 4, with the hash of the body. One flow serves both flavours.
//!
//!     cargo run --release --example sigv4

#![allow(clippy::print_stdout)]

mod signature;
#[path = "../support/mod.rs"]
mod support;

use httpx::models::File;
use httpx::{Client, Result, Url};
use signature::{Payload, SigV4};
use support::Reply;

fn main() -> Result<()> {
    // The server answers with the signature that it has received.
    let site = support::serve(|request| {
        let signature = request.header("Authorization").unwrap_or_default().to_string();
        Reply::ok(&signature)
    });
    let sigv4 = SigV4 {
        origin: Url::parse(&site.url())?.origin().into(),
        access_key: "AKIDEXAMPLE",
        secret_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        session_token: None,
        region: "us-east-1",
        service: "service",
        payload: Payload::Signed,
    };
    let client = Client::builder().url(site.url()).auth(sigv4).build()?;
    // The file is read into memory, signed, and sent from there.
    let response = client.put("/bucket/main.rs").body(File::new(file!())).send()?;
    println!("{response:?}\n{}", response.text());
    assert!(response.text().contains("SignedHeaders=host;x-amz-date, Signature="));
    Ok(())
}
