use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use httpx_testing::{Reply, Seen};

const OCTETS: &str = "Content-Type: application/octet-stream\r\n";

/// The site's response to a request.
pub fn answer(request: &Seen) -> Reply {
    let (method, target) = (request.method(), request.target());
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    match (method.as_str(), path) {
        ("GET", "/") => html("<h1>Hello, world</h1>"),
        ("GET", "/json") => json(r#"{"title": "Slides", "pages": 3}"#),
        ("GET", "/old") => Reply::redirect("302 Found", "/moved"),
        ("GET", "/moved") => Reply::redirect("301 Moved Permanently", "/"),
        ("GET", "/login") => Reply::full("200 OK", "Set-Cookie: sid=31d4d96e; HttpOnly\r\n", "welcome"),
        ("GET", "/me") => text(request.header("Cookie").as_deref().unwrap_or("a stranger")),
        ("GET", "/agent") => text(request.header("User-Agent").as_deref().unwrap_or("nobody")),
        ("GET", "/id") => text(request.header("X-Request-Id").as_deref().unwrap_or("none")),
        ("GET", "/query") => text(query),
        ("GET", "/gzip") => gzip(&"la ".repeat(1000)),
        ("GET", "/large") => Reply::full("200 OK", OCTETS, vec![b'x'; 10_000_000]),
        ("GET", "/v1/notes") => json(r#"[{"id": 1, "title": "Buy milk"}, {"id": 2, "title": "Call Ann"}]"#),
        ("GET", "/v1/notes/latest") => Reply::redirect("302 Found", "/v1/notes/2"),
        ("GET", "/v1/notes/2") => json(r#"{"id": 2, "title": "Call Ann"}"#),
        // A note without a title: the client must refuse it.
        ("GET", "/v1/notes/3") => json(r#"{"id": 3, "title": ""}"#),
        ("GET", "/v1/notes/private") => typed("403 Forbidden", "application/json", "{}"),
        ("GET", "/v1/notes/slow") => Reply::Hang(Vec::new()),
        ("POST", "/v1/notes") => typed("201 Created", "application/json", &created(request)),
        ("POST" | "PUT" | "DELETE", "/echo") => echo(request),
        _ => typed("404 Not Found", "text/plain; charset=utf-8", "there is no such page"),
    }
}

/// The note that was sent, with a number.
fn created(request: &Seen) -> String {
    String::from_utf8_lossy(&request.content()).replacen('{', r#"{"id": 4, "#, 1)
}

fn echo(request: &Seen) -> Reply {
    let echoed = request.header("Content-Type").map(|value| format!("X-Content-Type: {value}\r\n"));
    Reply::full("200 OK", &format!("{OCTETS}{}", echoed.unwrap_or_default()), request.content())
}

fn html(body: &str) -> Reply {
    typed("200 OK", "text/html; charset=utf-8", body)
}

fn text(body: &str) -> Reply {
    typed("200 OK", "text/plain; charset=utf-8", body)
}

fn json(body: &str) -> Reply {
    typed("200 OK", "application/json", body)
}

fn typed(status: &str, content_type: &str, body: &str) -> Reply {
    Reply::full(status, &format!("Content-Type: {content_type}\r\n"), body)
}

fn gzip(body: &str) -> Reply {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body.as_bytes()).expect("a vector takes all");
    let coded = encoder.finish().expect("a vector takes all");
    let lines = "Content-Type: text/plain; charset=utf-8\r\nContent-Encoding: gzip\r\n";
    Reply::full("200 OK", lines, coded)
}
