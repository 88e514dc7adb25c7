#!/usr/bin/env python3
"""Checks what the Markdown files say about this repository.

    scripts/docs.py                 relative links, headings, files, crates, examples and fuzz targets they name exist
    scripts/docs.py --test-command  print the command of README.md that runs all tests
    scripts/docs.py --run-command   print the command of README.md that runs an example
    scripts/docs.py --self-test     show that the check can fail
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FENCE = re.compile(r"^```(\w*).*?\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)
# The files that a command or a sentence can name, and the folder that must hold them.
NAMED = [
    ("a script", re.compile(r"(?<![\w/.])((?:scripts|\.ci)/[\w.-]*\w)"), ["{}"]),
    ("a crate", re.compile(r"cargo [a-z]+ [^\n`]*?-p ([\w-]+)"), ["crates/{}"]),
    ("an example", re.compile(r"--example[ =]([\w-]+)"), ["examples/{}.rs", "examples/{}/main.rs", "crates/*/examples/{}.rs"]),
    ("a fuzz target", re.compile(r"cargo \+nightly fuzz run ([a-z][\w-]*)"), ["fuzz/fuzz_targets/{}.rs"]),
]


def anchors(text):
    """The anchors of the page's headings."""
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(FENCE.sub("", text)))
    return {heading.replace(" ", "-") for heading in plain}


def mistakes(text, folder):
    """Returns a sentence for each fault of a page in `folder`."""
    for link in LINK.findall(FENCE.sub("", text)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        page = folder / path
        if path and not page.exists():
            yield f"link to {path}, which does not exist"
        elif anchor and anchor not in anchors(page.read_text() if path else text):
            yield f"link to #{anchor}, which is no heading"
    for what, pattern, places in NAMED:
        for name in sorted(set(pattern.findall(text))):
            if not any(any(ROOT.glob(place.format(name))) for place in places):
                yield f"names {what}, {name}, which does not exist"


def command(beginning):
    """README.md's only line in a fence that begins so."""
    readme = ROOT / "README.md"
    if not readme.exists():
        sys.exit("docs: there is no README.md to take a command from")
    lines = [line for _, code in FENCE.findall(readme.read_text()) for line in code.splitlines()]
    found = [line.split(" #")[0].strip() for line in lines if line.startswith(beginning)]
    if len(found) != 1:
        sys.exit(f"docs: README.md should hold one `{beginning}…`, and holds {len(found)}")
    return found[0]


def self_test():
    good = "# A b\n[x](#a-b) [y](deny.toml) [z](https://example.org/)\n```sh\nscripts/docs.py\ncargo test -p httpx\n```\n"
    assert list(mistakes(good, ROOT)) == [], list(mistakes(good, ROOT))
    bad = [
        "[x](nowhere.md)",
        "[x](#nowhere)",
        "`scripts/nowhere.sh`",
        "`cargo test -p nowhere`",
        "`cargo run --example nowhere`",
        "`cargo +nightly fuzz run nowhere`",
    ]
    for line in bad:
        assert len(list(mistakes(line, ROOT))) == 1, (line, list(mistakes(line, ROOT)))
    print(f"docs: the check finds each of {len(bad)} mistakes")


def main():
    match sys.argv[1:]:
        case ["--test-command"]:
            print(command("cargo test --workspace "))
        case ["--run-command"]:
            print(command("cargo run "))
        case ["--self-test"]:
            self_test()
        case []:
            pages = sorted([*ROOT.glob("*.md"), *ROOT.glob("crates/*/*.md"), *ROOT.glob("examples/*.md")])
            found = [f"{page.relative_to(ROOT)}: {m}" for page in pages for m in mistakes(page.read_text(), page.parent)]
            for line in found:
                print(f"docs: {line}", file=sys.stderr)
            if found:
                sys.exit(1)
            print(f"docs: what {len(pages)} pages name is there")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
