//! A list that comes in pages, each with a link to the next one (RFC 8288, as on GitHub).
//!
//!     cargo run --release --example pagination --features testing

#![allow(clippy::print_stdout)]

use httpx::testing::{Reply, TestServer};
use httpx::{Bytes, Client, Request, Result, Url};

/// The items of all pages, from this URL on.
fn all_items(client: &Client, first: &str) -> Result<Vec<String>> {
    let mut items = Vec::new();
    let mut next = Some(Url::parse(first)?);
    while let Some(url) = next {
        let response = client.get(&url).send()?.error_for_status()?;
        items.extend(response.json::<Vec<String>>()?);
        // A target is often relative to the page that it stands on.
        let link = response.links().find(|link| link.has_rel("next")).map(|link| url.join(link.target()));
        next = link.transpose()?;
    }
    Ok(items)
}

fn main() -> Result<()> {
    let site = TestServer::new(page)?;
    let items = all_items(&Client::new(), &site.url("/items"))?;
    println!("{items:?}");
    assert_eq!(items, ["a", "b", "c", "d", "e"]);
    Ok(())
}

/// The server: two items a page.
fn page(request: &Request<Bytes>) -> Reply {
    let (body, next) = match request.url().params().get("after") {
        None => (r#"["a", "b"]"#, Some("</items>; rel=\"first\", </items?after=b>; rel=\"next\"")),
        Some("b") => (r#"["c", "d"]"#, Some("<?after=d>; rel=\"next\"")),
        Some(_) => (r#"["e"]"#, None),
    };
    let reply = Reply::new(200).body(body);
    next.map_or(reply.clone(), |next| reply.header("Link", next))
}
