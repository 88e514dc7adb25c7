//! The clients that are compared, each used as its docs recommend, with a parsed URL if that saves work.

use std::future::Future;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{CONNECTIONS, Result};

/// A client, and the URL that it requests.
pub(crate) trait Peer: Clone + Send + Sync + 'static {
    /// With a body that has not been read.
    type Response: Send;

    fn new(url: &str) -> Result<Self>;

    /// `None` for a client that limits the number of connections itself.
    fn turn(&self) -> impl Future<Output = Option<OwnedSemaphorePermit>> + Send {
        async { None }
    }

    fn ask(&self) -> impl Future<Output = Result<Self::Response>> + Send;

    /// The length of the body.
    fn read(response: Self::Response) -> impl Future<Output = Result<usize>> + Send;
}

#[derive(Clone)]
pub(crate) struct Httpx(httpx::ahttpx::Client, Arc<str>);

impl Peer for Httpx {
    type Response = httpx::ahttpx::Response<httpx::ahttpx::Body>;

    fn new(url: &str) -> Result<Self> {
        Ok(Httpx(httpx::ahttpx::Client::new(), url.into()))
    }

    async fn ask(&self) -> Result<Self::Response> {
        Ok(self.0.get(&*self.1).stream().await?)
    }

    async fn read(response: Self::Response) -> Result<usize> {
        Ok(response.read_body().await?.bytes().len())
    }
}

#[derive(Clone)]
pub(crate) struct HyperUtil(Client<HttpConnector, Empty<Bytes>>, http::Uri, Arc<Semaphore>);

impl Peer for HyperUtil {
    type Response = http::Response<hyper::body::Incoming>;

    fn new(url: &str) -> Result<Self> {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new()).build(connector);
        Ok(HyperUtil(client, url.parse()?, Arc::new(Semaphore::new(CONNECTIONS))))
    }

    async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.2).acquire_owned().await.ok()
    }

    async fn ask(&self) -> Result<Self::Response> {
        Ok(self.0.get(self.1.clone()).await?)
    }

    async fn read(response: Self::Response) -> Result<usize> {
        Ok(response.into_body().collect().await?.to_bytes().len())
    }
}

#[derive(Clone)]
pub(crate) struct Reqwest(reqwest::Client, reqwest::Url, Arc<Semaphore>);

impl Peer for Reqwest {
    type Response = reqwest::Response;

    fn new(url: &str) -> Result<Self> {
        Ok(Reqwest(reqwest::Client::new(), url.parse()?, Arc::new(Semaphore::new(CONNECTIONS))))
    }

    async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.2).acquire_owned().await.ok()
    }

    async fn ask(&self) -> Result<Self::Response> {
        Ok(self.0.get(self.1.clone()).send().await?)
    }

    async fn read(response: Self::Response) -> Result<usize> {
        Ok(response.bytes().await?.len())
    }
}
