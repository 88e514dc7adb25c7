//! The two flavours behind one trait.

use std::future::Future;
use std::io::{self, BufRead, Read};

use bytes::Bytes;
use httpx_core::{
    BodyPart, BodyParts, Encoded, Headers, MessageBody, Method, Options, RequestHead, Response, ResponseHead,
    Result, StatusCode, Url, ahttpx, blocking,
};
use httpx_testing::ReadyReader;
use tokio::io::{AsyncBufReadExt, AsyncReadExt};
use tokio::runtime::{Builder, Runtime};

use crate::source::Script;

pub(crate) trait Flavour {
    type Body: MessageBody + From<Encoded>;

    fn from_source(source: Script, headers: &mut Headers, options: &Options) -> Self::Body;
    fn from_reader(reader: impl Read + Send + Unpin + 'static) -> Self::Body;
    fn chunk(response: &mut Response<Self::Body>) -> Result<Option<Bytes>>;
    /// One read into a buffer of this size.
    fn read(response: &mut Response<Self::Body>, room: usize) -> io::Result<Vec<u8>>;
    /// The bytes that `fill_buf` returns.
    fn fill_buf(response: &mut Response<Self::Body>) -> io::Result<Vec<u8>>;
    fn consume(response: &mut Response<Self::Body>, n: usize);
    fn read_body(response: Response<Self::Body>) -> Result<Response<Bytes>>;
    fn into_bytes(body: Self::Body) -> Result<Bytes>;
    fn drain(body: Self::Body, max_bytes: u64);
    fn next_part(parts: &mut BodyParts<Self::Body>) -> Result<Option<BodyPart<'_, Self::Body>>>;
    fn part_chunk(part: &mut BodyPart<'_, Self::Body>) -> Result<Option<Bytes>>;
    /// One read into a buffer of this size.
    fn part_read(part: &mut BodyPart<'_, Self::Body>, room: usize) -> io::Result<Vec<u8>>;
    fn part_bytes(part: BodyPart<'_, Self::Body>) -> Result<Bytes>;
    fn part_text(part: BodyPart<'_, Self::Body>) -> Result<String>;

    /// A response in these content codings, to a request with these options.
    fn response(source: Script, codings: &str, options: &Options) -> Response<Self::Body> {
        let mut headers = Headers::new();
        if !codings.is_empty() {
            headers.append("Content-Encoding", codings).unwrap();
        }
        let body = Self::from_source(source, &mut headers, options);
        with_options(
            Response::from_parts(ResponseHead::new(StatusCode::OK).with_headers(headers), body),
            options,
        )
    }

    /// All chunks until the end or the first error.
    fn chunks(response: &mut Response<Self::Body>) -> (Vec<u8>, Result<()>) {
        let mut all = Vec::new();
        loop {
            match Self::chunk(response) {
                Ok(Some(chunk)) => all.extend_from_slice(&chunk),
                Ok(None) => return (all, Ok(())),
                Err(error) => return (all, Err(error)),
            }
        }
    }
}

/// The response to a request with these options.
pub(crate) fn with_options<B>(mut response: Response<B>, options: &Options) -> Response<B> {
    let url = Url::parse("http://example.com/").unwrap();
    let request = RequestHead::from_parts(Method::GET, url, Headers::new(), options.clone());
    response.head_mut().set_request(request);
    response
}

pub(crate) struct Blocking;
pub(crate) struct Async;

impl Flavour for Blocking {
    type Body = blocking::Body;

    fn from_source(source: Script, headers: &mut Headers, options: &Options) -> Self::Body {
        blocking::Body::from_source(Box::new(source), headers, options)
    }

    fn from_reader(reader: impl Read + Send + Unpin + 'static) -> Self::Body {
        blocking::Body::from_reader(reader)
    }

    fn chunk(response: &mut Response<Self::Body>) -> Result<Option<Bytes>> {
        response.chunk()
    }

    fn read(response: &mut Response<Self::Body>, room: usize) -> io::Result<Vec<u8>> {
        let mut buf = vec![0; room];
        let n = response.read(&mut buf)?;
        buf.truncate(n);
        Ok(buf)
    }

    fn fill_buf(response: &mut Response<Self::Body>) -> io::Result<Vec<u8>> {
        response.fill_buf().map(<[u8]>::to_vec)
    }

    fn consume(response: &mut Response<Self::Body>, n: usize) {
        BufRead::consume(response, n);
    }

    fn read_body(response: Response<Self::Body>) -> Result<Response<Bytes>> {
        response.read_body()
    }

    fn into_bytes(body: Self::Body) -> Result<Bytes> {
        body.into_bytes()
    }

    fn drain(body: Self::Body, max_bytes: u64) {
        body.drain(max_bytes);
    }

    fn next_part(parts: &mut BodyParts<Self::Body>) -> Result<Option<BodyPart<'_, Self::Body>>> {
        parts.next_part()
    }

    fn part_chunk(part: &mut BodyPart<'_, Self::Body>) -> Result<Option<Bytes>> {
        part.chunk()
    }

    fn part_read(part: &mut BodyPart<'_, Self::Body>, room: usize) -> io::Result<Vec<u8>> {
        let mut buf = vec![0; room];
        let n = part.read(&mut buf)?;
        buf.truncate(n);
        Ok(buf)
    }

    fn part_bytes(part: BodyPart<'_, Self::Body>) -> Result<Bytes> {
        part.into_bytes()
    }

    fn part_text(part: BodyPart<'_, Self::Body>) -> Result<String> {
        part.into_text()
    }
}

impl Flavour for Async {
    type Body = ahttpx::Body;

    fn from_source(source: Script, headers: &mut Headers, options: &Options) -> Self::Body {
        ahttpx::Body::from_source(Box::new(source), headers, options)
    }

    fn from_reader(reader: impl Read + Send + Unpin + 'static) -> Self::Body {
        ahttpx::Body::from_reader(ReadyReader(reader))
    }

    fn chunk(response: &mut Response<Self::Body>) -> Result<Option<Bytes>> {
        wait(response.chunk())
    }

    fn read(response: &mut Response<Self::Body>, room: usize) -> io::Result<Vec<u8>> {
        let mut buf = vec![0; room];
        let n = wait(AsyncReadExt::read(response, &mut buf))?;
        buf.truncate(n);
        Ok(buf)
    }

    fn fill_buf(response: &mut Response<Self::Body>) -> io::Result<Vec<u8>> {
        wait(response.fill_buf()).map(<[u8]>::to_vec)
    }

    fn consume(response: &mut Response<Self::Body>, n: usize) {
        AsyncBufReadExt::consume(response, n);
    }

    fn read_body(response: Response<Self::Body>) -> Result<Response<Bytes>> {
        wait(response.read_body())
    }

    fn into_bytes(body: Self::Body) -> Result<Bytes> {
        wait(body.into_bytes())
    }

    fn drain(body: Self::Body, max_bytes: u64) {
        wait(body.drain(max_bytes));
    }

    fn next_part(parts: &mut BodyParts<Self::Body>) -> Result<Option<BodyPart<'_, Self::Body>>> {
        wait(parts.next_part())
    }

    fn part_chunk(part: &mut BodyPart<'_, Self::Body>) -> Result<Option<Bytes>> {
        wait(part.chunk())
    }

    fn part_read(part: &mut BodyPart<'_, Self::Body>, room: usize) -> io::Result<Vec<u8>> {
        let mut buf = vec![0; room];
        let n = wait(AsyncReadExt::read(part, &mut buf))?;
        buf.truncate(n);
        Ok(buf)
    }

    fn part_bytes(part: BodyPart<'_, Self::Body>) -> Result<Bytes> {
        wait(part.into_bytes())
    }

    fn part_text(part: BodyPart<'_, Self::Body>) -> Result<String> {
        wait(part.into_text())
    }
}

pub(crate) fn wait<F: Future>(future: F) -> F::Output {
    thread_local! {
        static RUNTIME: Runtime = Builder::new_current_thread().build().unwrap();
    }
    RUNTIME.with(|runtime| runtime.block_on(future))
}
