#!/usr/bin/env python3
"""Make the data file of the public suffix lookup from the published list.

    scripts/public-suffixes.py public_suffix_list.dat

The list is at https://publicsuffix.org/list/public_suffix_list.dat, and inside the Python package
`publicsuffixlist`. Both of its sections count, ICANN and PRIVATE. One name a line, in its ASCII form,
sorted by bytes; a mark at the end of a line tells what kind of rule it is:

    name    a public suffix (rule `name`)
    name*   the same, and each name directly below it too (rule `*.name`, with or without `name`)
    name!   an exception: no public suffix, in spite of the rule above it (rule `!name`)

That `*.name` makes a suffix of `name` itself is not written in the list's rules; libpsl, Chromium and the Python
package publicsuffixlist have it so.

The comment on top begins with a byte that sorts before every name, so that it does not disturb the search.
Say the list's new date in NOTICE, and renew the oracle's answers in tests/data/registrable_domains.txt.
"""

import pathlib
import sys

TARGET = pathlib.Path(__file__).parent.parent / "crates/httpx-middleware/src/cookies/suffix/list.txt"
MARKS = {frozenset("="): "", frozenset("*"): "*", frozenset("=*"): "*", frozenset("!"): "!"}


def ascii_form(name):
    # The list is in lower case and NFC already: only the encoding is left to do.
    return ".".join(
        label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii") for label in name.split(".")
    )


def read(path):
    version, rules = "unknown", {}
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        if line.startswith("// VERSION:"):
            version = line.removeprefix("// VERSION:").strip()
        rule = line.split()[0] if line.split() else "//"
        if rule.startswith("//"):
            continue
        mark, name = "=", rule
        if rule.startswith("!"):
            mark, name = "!", rule[1:]
        elif rule.startswith("*."):
            mark, name = "*", rule[2:]
        if not name or "*" in name or "!" in name:
            sys.exit(f"a rule of an unknown form: {rule}")
        rules.setdefault(ascii_form(name), set()).add(mark)
    return version, rules


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    version, rules = read(sys.argv[1])
    lines = [
        "# The public suffix list, version " + version + ", made by scripts/public-suffixes.py.",
        "# This Source Code Form is subject to the terms of the Mozilla Public License, v. 2.0.",
        "# If a copy of the MPL was not distributed with this file, You can obtain one at",
        "# https://mozilla.org/MPL/2.0/.",
    ]
    lines += [name + MARKS[frozenset(rules[name])] for name in sorted(rules)]
    TARGET.write_bytes(("\n".join(lines) + "\n").encode("ascii"))
    print(f"{len(rules)} names, {TARGET.stat().st_size} bytes, version {version}")


if __name__ == "__main__":
    main()
