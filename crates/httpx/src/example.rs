//! Examples for the docs of what both flavours have.

/// The doc test of a flavour that sends what `$asks` makes and is answered `$text`: in it, `client` is a client over a
/// transport that answers with the request line, and with nothing where there can be no body.
macro_rules! example {
    (blocking, $asks:literal, $text:literal) => {
        concat!(
            "```
# use httpx::{Body, Client, Request, Response, Result, Text, Transport};
# struct Echo;
# impl Transport for Echo {
#     fn send(&self, request: Request) -> Result<Response<Body>> {
#         let line = format!(\"{} {}\", request.method(), request.url().target());
#         Ok(Response::new(200, Text(line.replace(\"HEAD /items\", \"\")))?.into())
#     }
# }
# let builder = Client::builder().url(\"https://www.example.com\");
let client = builder.transport(Echo).build()?; // it answers with the request line
let r = ",
            $asks,
            ".send()?;
assert_eq!(r.text(), \"",
            $text,
            "\");
# Ok::<(), httpx::Error>(())
```"
        )
    };
    (ahttpx, $asks:literal, $text:literal) => {
        concat!(
            "```
# use httpx::ahttpx::{Body, Client, Request, Response, Result, Text, Transport};
# struct Echo;
# impl Transport for Echo {
#     async fn send(&self, request: Request) -> Result<Response<Body>> {
#         let line = format!(\"{} {}\", request.method(), request.url().target());
#         Ok(Response::new(200, Text(line.replace(\"HEAD /items\", \"\")))?.into())
#     }
# }
# #[tokio::main(flavor = \"current_thread\")]
# async fn main() -> Result<()> {
# let builder = Client::builder().url(\"https://www.example.com\");
let client = builder.transport(Echo).build()?; // it answers with the request line
let r = ",
            $asks,
            ".send().await?;
assert_eq!(r.text(), \"",
            $text,
            "\");
# Ok(())
# }
```"
        )
    };
}

pub(crate) use example;
