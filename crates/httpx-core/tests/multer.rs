//! Multipart bodies as `multer` reads them: the forms that are sent, and bodies that are received.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

use std::convert::Infallible;

use bytes::Bytes;
use futures_util::stream;
use httpx_core::blocking::Body;
use httpx_core::{Multipart, Part, Response};
use proptest::prelude::*;

type Field = (Option<String>, Option<String>, Bytes);

/// The parts, and whether the body is complete.
fn by_multer(content_type: &str, body: &[u8], piece: usize) -> (Vec<Field>, bool) {
    let boundary = multer::parse_boundary(content_type).unwrap();
    let pieces = body.chunks(piece).map(|piece| Ok::<_, Infallible>(Bytes::copy_from_slice(piece)));
    let mut parts = multer::Multipart::new(stream::iter(pieces.collect::<Vec<_>>()), boundary);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let mut all = Vec::new();
        loop {
            match parts.next_field().await {
                Ok(Some(field)) => {
                    let names = (field.name().map(String::from), field.file_name().map(String::from));
                    match field.bytes().await {
                        Ok(content) => all.push((names.0, names.1, content)),
                        Err(_) => return (all, false),
                    }
                }
                Ok(None) => return (all, true),
                Err(_) => return (all, false),
            }
        }
    })
}

fn by_us(content_type: &str, body: &[u8]) -> (Vec<Field>, bool) {
    let response =
        Response::new(200, body.to_vec()).unwrap().with_header("Content-Type", content_type).unwrap();
    let mut parts = Response::<Body>::from(response).multipart().unwrap();
    let mut all = Vec::new();
    loop {
        match parts.next_part() {
            Ok(Some(part)) => {
                let names = (part.name().map(Into::into), part.file_name().map(Into::into));
                match part.into_bytes() {
                    Ok(content) => all.push((names.0, names.1, content)),
                    Err(_) => return (all, false),
                }
            }
            Ok(None) => return (all, true),
            Err(_) => return (all, false),
        }
    }
}

/// A name as browsers write it; `multer` does not undo that.
fn written(name: &str) -> String {
    name.replace('\n', "%0A").replace('\r', "%0D").replace('"', "%22")
}

proptest! {
    #[test]
    fn forms(
        fields in proptest::collection::vec(("[^\\p{Cc}\\\\]{0,9}|[\r\n\";=%a]{0,9}", proptest::option::of("[^\\p{Cc}\\\\]{0,9}|[\r\n\";=%a]{0,9}"), "[-\r\na]{0,20}"), 0..5),
        piece in 1..50usize,
    ) {
        let mut form = Multipart::<Body>::new();
        let mut expected = Vec::new();
        for (name, file_name, content) in &fields {
            let part = Part::new(content.clone());
            form = form.part(name, file_name.iter().fold(part, Part::file_name));
            expected.push((Some(written(name)), file_name.as_deref().map(written), content.clone().into()));
        }
        let (content_type, body) = form.into_content().unwrap();
        let body = body.into_bytes().unwrap();
        prop_assert_eq!(by_multer(&content_type, &body, piece), (expected, true));
    }

    #[test]
    fn bodies(
        contents in proptest::collection::vec("(-|b|\r|\n|\r\n|\r\n-|\r\n--|\r\n--b|a| ){0,9}", 0..4),
        closed: bool,
        piece in 1..20usize,
    ) {
        let mut body = String::new();
        for content in &contents {
            body += &format!("--boundary\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n{content}\r\n");
        }
        body += if closed { "--boundary--\r\n" } else { "--boundary\r\n" };
        let content_type = "multipart/form-data; boundary=boundary";
        prop_assert_eq!(by_us(content_type, body.as_bytes()), by_multer(content_type, body.as_bytes(), piece));
    }
}
