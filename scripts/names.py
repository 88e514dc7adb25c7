#!/usr/bin/env python3
"""Fails when one word names two types in a published crate.

    scripts/names.py              check each published crate of this workspace
    scripts/names.py --self-test  show that the check can fail

Types are structs, enums, unions, traits and aliases outside of functions, traits and impl blocks. The two flavours have
the same names by design, as do files of which `cfg` chooses one, in `sys/`. An alias that fills in the parameters of a
type of the same name is no second type. Tests do not count.
"""

import collections
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TYPE = re.compile(r"^(?:pub(?:\([a-z: ]+\))? )?(?:struct|enum|union|trait|type) (\w+)", re.MULTILINE)
ALIAS = re.compile(r"^(?:pub(?:\([a-z: ]+\))? )?type (\w+)(?:<[^;\n]*?>)? =\s+(?:\w+::)*\1\b.*$", re.MULTILINE)
TESTS = re.compile(r"^#\[cfg\((?:test|all\(test\b[^\n]*)\)\]\n(?:#[^\n]*\n)*(?:pub\(crate\) )?mod \w+ \{\n.*?^\}\n", re.MULTILINE | re.DOTALL)

# Names that stand twice, each with its reason: the crate and the name.
ALLOWED = {
    ("httpx-proto", "Client"): "the connection of a client, and its role: `Client` is `Connection<role::Client>`",
    ("httpx-proto", "Server"): "the connection of a server, and its role: `Server` is `Connection<role::Server>`",
}


def is_test(path):
    return path.stem == "tests" or path.stem.endswith("_tests") or "tests" in path.parts or path.stem in ("testing", "model") or "model" in path.parts


def twins(files):
    """The names that two files of a crate define. `files`: the text of each file by its path."""
    found = collections.defaultdict(set)
    for path, text in files.items():
        parts = [part.removesuffix(".rs") for part in path.parts]
        # `no_sockets` stands in for tokio's `TcpStream`, on systems where tokio has none.
        if is_test(path) or path.stem == "no_sockets":
            continue
        place = "/".join("*" if part in ("blocking", "ahttpx") else part for part in parts)
        if "sys" in parts:
            place = "sys"
        for name in TYPE.findall(ALIAS.sub("", TESTS.sub("", text))):
            found[name].add((place, str(path)))
    wrong = {}
    for name, places in found.items():
        flavours = all(re.search(r"\b(?:blocking|ahttpx)\b", path) for _, path in places)
        if len({place for place, _ in places}) > 1 and not flavours:
            wrong[name] = sorted(path for _, path in places)
    return wrong


def self_test():
    def check(**files):
        return twins({pathlib.Path(name.replace("__", "/") + ".rs"): text for name, text in files.items()})

    assert check(a="struct Name;", b="enum Name {}") == {"Name": ["a.rs", "b.rs"]}
    assert check(a="pub(crate) trait Name {}", c__b="type Name = u8;") == {"Name": ["a.rs", "c/b.rs"]}
    assert check(blocking__a="struct Name;", ahttpx__a="struct Name;") == {}
    assert check(blocking__a="struct Name;", b="struct Name;") == {"Name": ["b.rs", "blocking/a.rs"]}
    assert check(a="struct Name;", b="impl T for U {\n    type Name = u8;\n}\n", b__tests="struct Name;") == {}
    assert check(a="struct Name<T>(T);", ahttpx__b="pub type Name<T = u8> = crate::a::Name<T>;") == {}
    assert check(a="struct Name;", b="#[cfg(test)]\nmod tests {\nstruct Name;\n}\n") == {}
    print("names: the check finds a name that stands for two types")


def main():
    wrong = []
    for manifest in sorted(ROOT.glob("crates/*/Cargo.toml")):
        if "publish = false" in manifest.read_text():
            continue
        source = manifest.parent / "src"
        files = {path.relative_to(source): path.read_text() for path in source.glob("**/*.rs")}
        for name, paths in sorted(twins(files).items()):
            if (manifest.parent.name, name) not in ALLOWED:
                wrong.append(f"{manifest.parent.name}: {name} is a type in {' and in '.join(paths)}")
    for line in wrong:
        print(f"names: {line}", file=sys.stderr)
    if wrong:
        sys.exit(1)
    print("names: no word names two types of a crate")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--self-test"]:
            self_test()
        case []:
            main()
        case _:
            sys.exit(__doc__)
