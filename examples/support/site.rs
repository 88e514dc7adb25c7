use std::io::Write;
use std::thread;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{Asked, Reply};

/// What the site answers.
pub fn answer(asked: &Asked) -> Reply {
    let (path, query) = asked.target.split_once('?').unwrap_or((&asked.target, ""));
    match (asked.method.as_str(), path) {
        ("GET", "/") => html("<h1>Hello, world</h1>"),
        ("GET", "/json") => json(r#"{"title": "Slides", "pages": 3}"#),
        ("GET", "/old") => html("").status("302 Found").header("Location", "/moved"),
        ("GET", "/moved") => html("").status("301 Moved Permanently").header("Location", "/"),
        ("GET", "/login") => text("welcome").header("Set-Cookie", "sid=31d4d96e; HttpOnly"),
        ("GET", "/me") => text(asked.header("Cookie").unwrap_or("a stranger")),
        ("GET", "/agent") => text(asked.header("User-Agent").unwrap_or("nobody")),
        ("GET", "/id") => text(asked.header("X-Request-Id").unwrap_or("none")),
        ("GET", "/query") => text(query),
        ("GET", "/gzip") => text(&"la ".repeat(1000)).gzip(),
        ("GET", "/large") => Reply::new("200 OK", "application/octet-stream", vec![b'x'; 10_000_000]),
        ("GET", "/v1/notes") => json(r#"[{"id": 1, "title": "Buy milk"}, {"id": 2, "title": "Call Ann"}]"#),
        ("GET", "/v1/notes/latest") => html("").status("302 Found").header("Location", "/v1/notes/2"),
        ("GET", "/v1/notes/2") => json(r#"{"id": 2, "title": "Call Ann"}"#),
        // Not what was agreed on.
        ("GET", "/v1/notes/3") => json(r#"{"id": 3, "title": ""}"#),
        ("GET", "/v1/notes/private") => json("{}").status("403 Forbidden"),
        ("GET", "/v1/notes/slow") => never(),
        ("POST", "/v1/notes") => json(&created(asked)).status("201 Created"),
        ("POST" | "PUT" | "DELETE", "/echo") => echo(asked),
        _ => text("there is no such page").status("404 Not Found"),
    }
}

/// Holds the connection until the program ends.
fn never() -> Reply {
    loop {
        thread::park();
    }
}

/// The note that was sent, with a number.
fn created(asked: &Asked) -> String {
    String::from_utf8_lossy(&asked.body).replacen('{', r#"{"id": 4, "#, 1)
}

fn echo(asked: &Asked) -> Reply {
    let reply = Reply::new("200 OK", "application/octet-stream", &asked.body[..]);
    match asked.header("Content-Type") {
        Some(content_type) => reply.header("X-Content-Type", content_type),
        None => reply,
    }
}

fn html(body: &str) -> Reply {
    Reply::new("200 OK", "text/html; charset=utf-8", body)
}

fn text(body: &str) -> Reply {
    Reply::new("200 OK", "text/plain; charset=utf-8", body)
}

fn json(body: &str) -> Reply {
    Reply::new("200 OK", "application/json", body)
}

impl Reply {
    fn status(self, status: &'static str) -> Self {
        Reply { status, ..self }
    }

    fn gzip(self) -> Self {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&self.body).expect("a vector takes all");
        let body = encoder.finish().expect("a vector takes all");
        Reply { body, ..self }.header("Content-Encoding", "gzip")
    }
}
