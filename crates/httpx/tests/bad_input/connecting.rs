//! Connections that cannot be opened, or are closed.

use httpx::ErrorKind;
use httpx::models::RequestSent;
use httpx_testing::sockets::closed_port;

use crate::support::{Flavour, Server, both_flavours};
use crate::{check_fails, check_usable};

both_flavours!(no_listener, closed);

fn no_listener<F: Flavour>() {
    let server = Server::routes([]);
    let client = F::new();
    let words = ["GET http://nonexistent.invalid/", "resolve", "nonexistent.invalid", "spelled right"];
    let url = "http://nonexistent.invalid/";
    let error = check_fails::<F>(client.get(url), url, ErrorKind::Resolve, &words);
    assert!(error.is_connect() && error.request_sent() == Some(RequestSent::Nothing));

    let port = closed_port();
    let (url, tried) = (format!("http://127.0.0.1:{port}/"), format!("127.0.0.1:{port}"));
    let words = ["cannot connect to 127.0.0.1", &tried, "does a server listen there?", "refused"];
    let error = check_fails::<F>(client.get(&url), &url, ErrorKind::Connect, &words);
    assert!(error.is_connect() && error.request_sent() == Some(RequestSent::Nothing));
    check_usable(&client, &server);
    assert_eq!(client.shown(), "<Client [0 active, 1 idle]>");
}

fn closed<F: Flavour>() {
    let client = F::new();
    client.close();
    let url = "http://nonexistent.invalid/";
    let error = check_fails::<F>(client.get(url), url, ErrorKind::Closed, &["closed", "make a new one"]);
    assert_eq!(error.request_sent(), Some(RequestSent::Nothing));
    let error = F::stream(client.get(url)).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Closed);
}
