//! The whole client.

use std::hint::black_box;

use httpx::{Client, Result, Url};

use crate::allocations;

/// GET after GET over one connection, with the URL given as text or as a [`Url`].
pub(crate) fn run(url: &str, parsed: bool, n: u64) -> Result<()> {
    let client = Client::new();
    let parsed = if parsed { Some(Url::parse(url)?) } else { None };
    for turn in 0..=n {
        match (turn, &parsed) {
            (0, _) => text(&client, url)?, // opens the connection
            (_, None) => text_measured(&client, black_box(url))?,
            (_, Some(url)) => url_measured(&client, black_box(url))?,
        }
    }
    Ok(())
}

/// How many allocations a GET costs.
pub(crate) fn allocations(url: &str, parsed: bool) -> Result<u64> {
    let client = Client::new();
    let parsed_url = Url::parse(url)?;
    text(&client, url)?;
    allocations::per_run(1000, || match parsed {
        true => url_measured(&client, &parsed_url),
        false => text_measured(&client, url),
    })
}

#[inline(never)]
fn text_measured(client: &Client, url: &str) -> Result<()> {
    text(client, url)
}

#[inline(never)]
fn url_measured(client: &Client, url: &Url) -> Result<()> {
    let response = client.get(url).send()?;
    assert!(response.status() == 200 && response.bytes().len() == crate::BODY.len());
    Ok(())
}

fn text(client: &Client, url: &str) -> Result<()> {
    let response = client.get(url).send()?;
    assert!(response.status() == 200 && response.bytes().len() == crate::BODY.len());
    Ok(())
}
