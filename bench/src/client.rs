//! The whole client.

use std::collections::BTreeMap;
use std::error::Error;
use std::hint::black_box;
use std::str::FromStr;

use httpx::models::IntoUrl;
use httpx::{Client, Result, Url};
use httpx_bench::cases;

use crate::{allocations, server};

/// How the URL is given.
#[derive(Clone, Copy)]
pub(crate) enum Given {
    /// As text, always the same.
    Text,
    /// As text, with a path that changes.
    Texts,
    /// Parsed.
    Url,
    /// As the first, with a callback for the progress.
    Progress,
    /// As the first; its response is 2 KiB of JSON, which is parsed.
    Json,
}

impl FromStr for Given {
    type Err = Box<dyn Error + Send + Sync>;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "text" => Ok(Given::Text),
            "texts" => Ok(Given::Texts),
            "url" => Ok(Given::Url),
            "progress" => Ok(Given::Progress),
            "json" => Ok(Given::Json),
            _ => Err(format!("no way to give a URL: {name}").into()),
        }
    }
}

/// GET after GET over one connection.
pub(crate) fn run(url: &str, given: Given, n: u64) -> Result<()> {
    let getter = Getter::new(url, given)?;
    (1..=n).try_for_each(|turn| getter.get(turn))
}

/// The number of allocations of a GET.
pub(crate) fn allocations(url: &str, given: Given) -> Result<u64> {
    let getter = Getter::new(url, given)?;
    allocations::per_run(1000, || (1..=1000).try_for_each(|turn| getter.get(turn)))
}

struct Getter {
    client: Client,
    given: Given,
    texts: [String; 2],
    parsed: Url,
}

impl Getter {
    /// With the connection open.
    fn new(url: &str, given: Given) -> Result<Self> {
        let url = if matches!(given, Given::Json) { &url.replace("/small", "/json") } else { url };
        let texts = [url.to_owned(), format!("{url}/items?page=2")];
        let getter = Getter { client: Client::new(), given, texts, parsed: Url::parse(url)? };
        getter.get(1)?;
        Ok(getter)
    }

    fn get(&self, turn: u64) -> Result<()> {
        let [one, two] = &self.texts;
        match self.given {
            Given::Text => get_measured(&self.client, one.as_str()),
            Given::Texts => {
                get_measured(&self.client, if turn.is_multiple_of(2) { one.as_str() } else { two })
            }
            Given::Url => get_measured(&self.client, &self.parsed),
            Given::Progress => get_with_progress_measured(&self.client, one),
            Given::Json => get_json_measured(&self.client, one),
        }
    }
}

#[inline(never)]
fn get_measured(client: &Client, url: impl IntoUrl) -> Result<()> {
    get(client, url)
}

#[inline(never)]
fn get_with_progress_measured(client: &Client, url: &str) -> Result<()> {
    let response = client
        .get(black_box(url))
        .on_progress(|progress| {
            black_box(progress);
        })
        .send()?;
    assert!(response.status() == 200 && response.bytes().len() == cases::SHORT);
    Ok(())
}

#[inline(never)]
fn get_json_measured(client: &Client, url: &str) -> Result<()> {
    let items: Vec<BTreeMap<String, String>> = client.get(black_box(url)).send()?.json()?;
    assert_eq!(items.len(), server::JSON_ITEMS);
    Ok(())
}

fn get(client: &Client, url: impl IntoUrl) -> Result<()> {
    let response = client.get(black_box(url)).send()?;
    assert!(response.status() == 200 && response.bytes().len() == cases::SHORT);
    Ok(())
}
