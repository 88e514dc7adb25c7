#!/usr/bin/env python3
"""Fails when the flavours hold too large a share of the code: decisions are made once, in code that both share.

    scripts/flavours.py              check this workspace
    scripts/flavours.py --self-test  show that the check can fail

The code of one flavour is in `blocking/`, `blocking.rs`, `ahttpx/` and `ahttpx.rs` of its crate. Both flavours together
may hold at most MOST per cent of the code of the published crates. Lines of code count: no blank lines, no comments, no
tests. Adapters to async traits of other crates count as shared code, because they have no blocking twin: the files
`tower` and `http_body`.
"""

import pathlib
import re
import sys

MOST = 16  # per cent

ROOT = pathlib.Path(__file__).resolve().parent.parent
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
TESTS = re.compile(r"^#\[cfg\((?:test|all\(test\b[^\n]*)\)\]\n(?:#[^\n]*\n)*mod \w+ \{\n.*?^\}\n", re.MULTILINE | re.DOTALL)


def is_test(path):
    return path.stem == "tests" or path.stem.endswith("_tests") or "tests" in path.parts or path.stem == "testing"


ADAPTERS = {"tower", "http_body"}


def flavour(path):
    """`blocking` or `ahttpx`; none for code that both share."""
    names = {part.removesuffix(".rs") for part in path.parts}
    return next((name for name in ("blocking", "ahttpx") if name in names and not names & ADAPTERS), None)


def lines_of_code(text):
    lines = (line.strip() for line in COMMENT.sub("", TESTS.sub("", text)).splitlines())
    return sum(1 for line in lines if line and not line.startswith("//"))


def measure(files):
    """Lines of code of each flavour, and of all files together. `files`: pairs of path and text."""
    lines = {"blocking": 0, "ahttpx": 0, "all": 0}
    for path, text in files:
        count = lines_of_code(text)
        lines["all"] += count
        if flavour(path):
            lines[flavour(path)] += count
    return lines


def share(lines, *flavours):
    return 100 * sum(lines[name] for name in flavours) / lines["all"]


def verdict(lines):
    """The line to print, and whether the limit holds."""
    figures = (f"{lines[name]} lines {name} ({share(lines, name):.1f} %)" for name in ("blocking", "ahttpx"))
    both = share(lines, "blocking", "ahttpx")
    said = f"flavours: {', '.join(figures)} of {lines['all']}: {both:.1f} % of at most {MOST} %"
    return said, both <= MOST


def sources():
    """The files of the crates that are published, with their texts."""
    for manifest in sorted(ROOT.glob("crates/*/Cargo.toml")):
        if "publish = false" in manifest.read_text():
            continue
        for path in sorted(manifest.parent.glob("src/**/*.rs")):
            path = path.relative_to(ROOT)
            if not is_test(path):
                yield path, (ROOT / path).read_text()


def self_test():
    path = pathlib.Path
    for where, expected in (
        ("crates/x/src/blocking/pool.rs", "blocking"),
        ("crates/x/src/blocking.rs", "blocking"),
        ("crates/x/src/ahttpx/tls/stream.rs", "ahttpx"),
        ("crates/x/src/ahttpx.rs", "ahttpx"),
        ("crates/x/src/run.rs", None),
        ("crates/x/src/ahttpx/tower.rs", None),
        ("crates/x/src/ahttpx/tower/source.rs", None),
        ("crates/x/src/ahttpx/towers.rs", "ahttpx"),
        ("crates/x/src/blocking_queue.rs", None),
    ):
        assert flavour(path(where)) == expected, where
    for where, expected in (
        ("crates/x/src/plan/tests.rs", True),
        ("crates/x/src/plan/tests/model.rs", True),
        ("crates/x/src/tls_tests.rs", True),
        ("crates/x/src/latest.rs", False),
    ):
        assert is_test(path(where)) == expected, where
    tests = "#[cfg(test)]\nmod tests {\n    let z = 3;\n}\n"
    for text, count in (
        ("//! Docs.\n\nlet x = 1;\n  // why\nlet y = 2;\n", 2),
        ("let x = 1; // why\n", 1),
        ("/* a\nb */\nlet x = 1;\n", 1),
        ("let x = 1;\n" + tests, 1),
        # Code after the tests counts.
        (tests + "let x = 1;\nlet y = 2;\n", 2),
    ):
        assert lines_of_code(text) == count, (text, lines_of_code(text))

    def with_flavours(blocking, ahttpx, shared):
        counts = {"crates/x/src/blocking/a.rs": blocking, "crates/x/src/ahttpx.rs": ahttpx, "crates/x/src/a.rs": shared}
        return measure((path(name), "let x = 1;\n" * count) for name, count in counts.items())

    assert with_flavours(3, 4, 5) == {"blocking": 3, "ahttpx": 4, "all": 12}
    assert verdict(with_flavours(MOST, 0, 100 - MOST))[1]
    assert not verdict(with_flavours(MOST, 1, 99 - MOST))[1]
    assert not verdict(with_flavours(1, MOST, 99 - MOST))[1]
    found = list(sources())
    assert any(flavour(where) == "blocking" for where, _ in found) and any(flavour(where) == "ahttpx" for where, _ in found)
    print("flavours: the check counts lines of code, finds each flavour, and fails beyond its limit")


def main():
    said, holds = verdict(measure(sources()))
    print(said)
    if not holds:
        sys.exit("flavours: move decisions down, into code that both flavours share")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--self-test"]:
            self_test()
        case []:
            main()
        case _:
            sys.exit(__doc__)
