#!/usr/bin/env python3
"""Fails when the two flavours hold more than they should: decisions are taken once, and the drivers only wait.

    scripts/flavours.py              check this workspace
    scripts/flavours.py --self-test  show that the check can fail

Code of one flavour lies in `blocking/`, `blocking.rs`, `ahttpx/` and `ahttpx.rs` of its crate. Two rules:

1. It is at most 30 % of the code of the five crates, both flavours together. Lines of code count: no blanks, no
   comments, no tests.
2. No driver decides by what HTTP says: no `if`, `match` or arm in it looks at a status, a header or a URL.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MOST = 30  # per cent

# What a driver that decides looks at.
DECIDES = re.compile(
    r"StatusCode|\bstatus\(|\bis_(success|redirection|redirect|client_error|server_error)\("
    r"|\bheaders?\(|\bheaders_mut\(|\bget_list\(|\b(scheme|host|port|origin|path)\(|Method::"
    r"|\"(content-|transfer-|location|connection|cookie|set-cookie|expect|upgrade|host|keep-alive)",
    re.IGNORECASE,
)
BRANCHES = re.compile(r"\b(if|match|while|matches!)\b|=>")

# (file, part of a line): drivers may ask these.
ALLOWED = [
    # TLS or not: which of two streams to open, and with whom to shake hands.
    ("open.rs", "match target.scheme() {"),
    ("open.rs", "TlsStream::handshake("),
]


def is_test(path):
    return path.stem == "tests" or path.stem.endswith("_tests") or path.stem == "testing"


def is_flavour(path):
    return any(part in ("blocking", "ahttpx", "blocking.rs", "ahttpx.rs") for part in path.parts)


def is_driver(path):
    """Not an in-memory network, which is there for tests, nor the face of the client."""
    return is_flavour(path) and path.name != "memory.rs"


def code(text):
    """Its lines of code with their numbers: without blanks, comments, and the tests at its end."""
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if line == "mod tests {":
            return
        if line and not line.startswith("//"):
            yield number, line


def decisions(path, text):
    """The lines of a driver that decide what is none of its business."""
    for number, line in code(text):
        allowed = any(path.name == name and part in line for name, part in ALLOWED)
        if BRANCHES.search(line) and DECIDES.search(line) and not allowed:
            yield f"{path}:{number}: decides what belongs below: {line}"


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
    path = pathlib.Path("crates/x/src/ahttpx/link.rs")
    for line in (
        "if response.status() == 413 {",
        "match head.headers().get(\"x\") {",
        "StatusCode::CONTINUE => {}",
        "let close = if header(\"Connection\") { 1 } else { 2 };",
        "while url.host() == other {",
    ):
        assert list(decisions(path, line)), line
    for line in (
        "// if status() is 413",
        "call.describe(response);",
        "let url = head.url().origin();",
        "match target.scheme() {",
    ):
        found = list(decisions(path.with_name("open.rs"), line))
        assert not found, found
    lines = "//! Docs.\n\nlet x = 1;\n  // why\nlet y = 2;\nmod tests {\n    let z = 3;\n}\n"
    files = [(path, lines), (pathlib.Path("crates/x/src/plan.rs"), lines * 1)]
    assert measure(files) == {"blocking": 0, "ahttpx": 2, "all": 4}
    assert share(measure(files)) == 50 > MOST
    assert is_flavour(pathlib.Path("crates/x/src/blocking.rs")) and not is_flavour(pathlib.Path("crates/x/src/run.rs"))


def main():
    sources = [path for path in sorted(ROOT.glob("crates/*/src/**/*.rs")) if not is_test(path)]
    files = [(path.relative_to(ROOT), path.read_text()) for path in sources]
    lines = measure(files)
    print(
        f"flavours: {lines['blocking']} lines blocking, {lines['ahttpx']} async, {lines['all']} in all: "
        f"{share(lines):.1f} %, and {MOST} % are allowed"
    )
    wrong = [found for path, text in files if is_driver(path) for found in decisions(path, text)]
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
