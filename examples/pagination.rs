//! A list that comes in pages, each with a link to the next one (RFC 8288, as on GitHub).
//!
//!     cargo run --release --example pagination

#![allow(clippy::print_stdout)]

mod support;

use httpx::{Client, Result, Url};
use support::{Reply, Seen};

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
    let site = support::serve(page);
    let items = all_items(&Client::new(), &format!("{}items", site.url()))?;
    println!("{items:?}");
    assert_eq!(items, ["a", "b", "c", "d", "e"]);
    Ok(())
}

/// The server: two items a page.
fn page(request: &Seen) -> Reply {
    let (body, next) = match request.target().split_once("after=").map_or("", |(_, after)| after) {
        "" => (r#"["a", "b"]"#, "Link: </items>; rel=\"first\", </items?after=b>; rel=\"next\"\r\n"),
        "b" => (r#"["c", "d"]"#, "Link: <?after=d>; rel=\"next\"\r\n"),
        _ => (r#"["e"]"#, ""),
    };
    Reply::full("200 OK", next, body)
}
