#!/usr/bin/env python3
"""Fails when the two flavours hold more than they should: decisions are taken once, and the drivers only wait.

    scripts/flavours.py              check this workspace
    scripts/flavours.py --self-test  show that the check can fail

Code of one flavour lies in `blocking/`, `blocking.rs`, `ahttpx/` and `ahttpx.rs` of its crate. Two rules:

1. It is at most 30 % of the code of the five crates, both flavours together. Lines of code count: no blanks, no
   comments, no tests.
2. No driver decides by what HTTP says. So it does not mention it: no status, header, method, URL or part of one, no
   name that a field could have, and no number that a status could have, wherever in a statement it stands. What a
   driver only hands on, or must know to connect, is in a list, with its reason.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MOST = 30  # per cent

# What HTTP says, as a part of any name: `status`, `StatusCode` and `IntoUrl` have one.
WORDS = set(
    "status informational success redirection header headers method idempotent url uri scheme host port origin "
    "authority path query fragment location cookie cookies expect upgrade encoding etag referer".split()
)
# A token of RFC 9110 section 5.6.2, in quotes: the name of a field, or a method.
TOKEN = re.compile(r"b?r?#*\"[\w!#$%&'*+.^`|~-]+\"#*")
STATUS = re.compile(r"(?<![\w.])[1-5]\d\d(?:_?[ui](?:8|16|32|64|128|size))?(?![\w.])")
NAME = re.compile(r"[A-Za-z_]\w*")
LEXEMES = re.compile(r"//[^\n]*|/\*.*?\*/|b?r?#*\"(?:\\.|[^\"\\])*\"#*|'(?:\\.[^']*|[^'\\])'", re.DOTALL)
NO_CODE = re.compile(r"^ *(?:pub(?:\([a-z]+\))? )?use [^;]*;|#!?\[(?:doc|must_use|cfg)\b.*\]$", re.MULTILINE)

# Where (the end of a path), what may stand there, and why.
ALLOWED = [
    # What is handed on as it is.
    ("/client.rs", r"\bpub fn cookies\(&self\) -> &CookieJar|\bbuilder\.no_cookies\(\)", "a setting, handed on"),
    ("/client.rs", r"\bfn without_cookies\(\)", "the client of the quick functions"),
    ("/quick.rs", r"\bClient::without_cookies\b", "the client of the quick functions"),
    ("/quick.rs", r"\burl: impl IntoUrl|\bM: TryInto<Method>|\bmethod: M\b|\$method(:ident)?", "what is asked for"),
    ("/quick.rs", r"\brequest\((Method:: |method), url\)", "what the user asks for"),
    ("/connection.rs", r"\burl: impl IntoUrl|\bhead_to\(url\)", "where the user wants to connect to"),
    ("/pool.rs", r"\b(connection\.origin = )?RecentKey::origin\(&connection\.origin\)", "what is shown of a key"),
    ("/recent_key.rs", r"\borigin\b", "the key of the pool, compared with the last one"),
    ("/body.rs", r"\bheaders: &mut Headers|, headers, |\bheaders_mut\(\)", "what `Decoding` decides by"),
    ("/streamed.rs", r"\bheaders: &mut Headers|\bDecoding::wanted\(headers, ", "what `Decoding` decides by"),
    ("/http1.rs", r", head\.headers_mut\(\), ", "what `Decoding` decides by"),
    ("", r"-> Headers\b|\btrailers: (Option<)?Headers\b|\(Bytes, Headers\)|\bHeaders::new\(\)", "trailers, as a whole"),
    ("/body.rs", r"\bResponseHead::new\(StatusCode::OK\)", "a request's body, read as a response's is"),
    ("/read_body.rs", r"\bResponseHead::new\(crate::StatusCode::OK\)", "what is asked for again after its end"),
    # Whom to connect to.
    ("/backend.rs", r"\b(lookup_)?host\b|\bport\b", "a name to look up, and where to connect to"),
    ("/resolve.rs", r"\b(host|port)\b|\"httpx-resolve\"", "a name to look up, and what the thread is called"),
    ("/tls.rs", r"\bhost: (&str|host\.into\(\))|\bSession::new\(config, host\)", "who must prove to be that"),
    ("/open.rs", r"(\bhost: )?\btarget\.host\(\)", "who must prove to be that"),
    ("/open.rs", r"\bmatch target\.scheme\(\) \{|\bScheme::Https? =>", "whether there is TLS over the stream"),
    ("/socket_timeout.rs", r"\b100 \* 365 \* 24\b", "a hundred years"),
    ("/read_body.rs", r"\.(debug_struct|field)\(\"\w+\"", "how it is shown"),
]


def is_test(path):
    return "httpx-testing" in path.parts or path.stem == "tests" or path.stem.endswith("_tests") or path.stem == "testing"


def is_flavour(path):
    return any(part in ("blocking", "ahttpx", "blocking.rs", "ahttpx.rs") for part in path.parts)


def is_driver(path):
    """Not an in-memory network, which is there for tests."""
    return is_flavour(path) and path.name != "memory.rs"


def code(text):
    """Its lines of code with their numbers: without blanks, comments, and the tests at its end."""
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if line == "mod tests {":
            return
        if line and not line.startswith("//"):
            yield number, line


def bare(text):
    """The same lines, without comments, attributes, imports, and the tests at the end."""
    def blank(match):
        found = match.group()
        return "\n" * found.count("\n") if found.startswith(("//", "/*")) else found

    text = re.split(r"^mod tests \{", LEXEMES.sub(blank, text), maxsplit=1, flags=re.MULTILINE)[0]
    return NO_CODE.sub(lambda match: "\n" * match.group().count("\n"), text)


def words(name):
    """`content_type` and `ContentType` are the same two."""
    return {part.lower() for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def decisions(path, text, used=None):
    """The lines of a driver that mention what is none of its business."""
    for number, line in enumerate(bare(text).splitlines(), 1):
        rest = line
        for entry in ALLOWED:
            where, what, _reason = entry
            if f"/{path}".endswith(where):
                rest, count = re.subn(what, " ", rest)
                if count and used is not None:
                    used.add(entry)
        named = any(words(name) & WORDS for name in NAME.findall(LEXEMES.sub('""', rest)))
        if named or TOKEN.search(rest) or STATUS.search(rest):
            yield f"{path}:{number}: mentions what is decided below: {line.strip()}"


def measure(files):
    """Lines of code: of each flavour, and of all."""
    lines = {"blocking": 0, "ahttpx": 0, "all": 0}
    for path, text in files:
        count = sum(1 for _ in code(text))
        lines["all"] += count
        if is_flavour(path):
            name = "ahttpx" if any(part.startswith("ahttpx") for part in path.parts) else "blocking"
            lines[name] += count
    return lines


def share(lines):
    return 100 * (lines["blocking"] + lines["ahttpx"]) / lines["all"]


def self_test():
    path = pathlib.Path("crates/x/src/ahttpx/http1.rs")
    for text in (
        "if response.status() == 413 {",
        "let code = response.status();\nif code == said {",
        "let code = u16::from(response.code());\nif code == 413 {",
        "if (500..=599).contains(&code) {",
        "match head\n    .headers()\n    .get(name)\n{",
        "match fields.get(\"x\") {",
        "let seconds = fields.get(\"retry-after\");",
        "let asked = name == b\"GET\";",
        "StatusCode::CONTINUE => {}",
        "let found = http::STATUS_CODE;",
        "let close = if header(\"Connection\") { 1 } else { 2 };",
        "while url.host() == other {",
        "if let Some(rest) = head.url().query() {",
        "if Target::of(head.url())? != self.target {",
        "let ours = target.port() == here;",
        "if head.method() == asked {",
        "if *head.method() == Method::HEAD {",
        "if head.method().is_idempotent() {",
        "matches!(response.is_redirection(), true)",
        "let it = head.get_header(it); // which is no comment on it",
        "let quoted = \"// no comment\"; if url.is_some() {",
        "fn take(url: &Url) -> bool {",
    ):
        assert len(list(decisions(path, text))) == 1, text
    for text in (
        "// if status() is 413",
        "/* if status()\n is 413 */",
        "/// See [`status`](Url).",
        "use httpx_core::{\n    Headers,\n    Url,\n};",
        "call.describe(response);",
        "let by = call.by(call.timeouts.total);",
        "let host = 'h'; ".replace("host", "it"),
        "Err(Error::new(kind, \"the status of the url\"))",
        "let room = [0; 1024];",
        "fn finish(self: Box<Self>) -> Headers;",
        "#[cfg(test)]\nmod tests {\n    let url = 413;\n}",
    ):
        found = list(decisions(path, text))
        assert not found, found
    # What is allowed is so in its file, and where it is looked at it is not.
    assert not list(decisions(path.with_name("open.rs"), "match target.scheme() {"))
    assert list(decisions(path, "match target.scheme() {"))
    assert list(decisions(path.with_name("open.rs"), "if target.scheme() == Scheme::Http {"))
    lines = "//! Docs.\n\nlet x = 1;\n  // why\nlet y = 2;\nmod tests {\n    let z = 3;\n}\n"
    files = [(path, lines), (pathlib.Path("crates/x/src/plan.rs"), lines * 1)]
    assert measure(files) == {"blocking": 0, "ahttpx": 2, "all": 4}
    assert share(measure(files)) == 50 > MOST
    assert is_flavour(pathlib.Path("crates/x/src/blocking.rs")) and not is_flavour(pathlib.Path("crates/x/src/run.rs"))


def main():
    sources = [path for path in sorted(ROOT.glob("crates/*/src/**/*.rs")) if not is_test(path.relative_to(ROOT))]
    files = [(path.relative_to(ROOT), path.read_text()) for path in sources]
    lines = measure(files)
    print(
        f"flavours: {lines['blocking']} lines blocking, {lines['ahttpx']} async, {lines['all']} in all: "
        f"{share(lines):.1f} %, and {MOST} % are allowed"
    )
    used = set()
    wrong = [found for path, text in files if is_driver(path) for found in decisions(path, text, used)]
    wrong += [f"{where} has no {what} any more: it needs not be allowed" for where, what, _ in set(ALLOWED) - used]
    if share(lines) > MOST:
        wrong.append(f"the flavours hold {share(lines):.1f} % of the code: move what they decide down")
    for sentence in wrong:
        print(f"flavours: {sentence}", file=sys.stderr)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        self_test()
    else:
        main()
