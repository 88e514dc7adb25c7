#!/usr/bin/env python3
"""Fails when modules inside one crate import each other in a circle.

    scripts/circles.py              check each published crate of this workspace
    scripts/circles.py --self-test  show that the check can fail

A module is a file. It depends on the files whose items it names by a path (`crate::…`, `super::…`, or a name that one of
its `use` lines brings in), and on the files below it (`mod …;`). A name that is re-exported counts for the file that
defines it. A file below another one is a part of it, so its use of an ancestor is no import. Tests do not count.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

NO_CODE = re.compile(r"//[^\n]*|/\*.*?\*/|b?r#\".*?\"#|b?\"(?:\\.|[^\"\\])*\"|'(?:\\.[^']*|[^'\\])'", re.DOTALL)
INLINE_TESTS = re.compile(r"^ *#\[cfg\(test\)\]\n *(?:pub(?:\([a-z]+\))? )?mod \w+ \{.*", re.MULTILINE | re.DOTALL)
USE = re.compile(r"^[ \t]*(?:pub(?:\([\w: ]+\))? )?use ([^;]+);", re.MULTILINE)
MOD = re.compile(
    r"((?:^[ \t]*#\[[^\n]*\]\n)*)^[ \t]*(?:pub(?:\([\w: ]+\))? )?mod (\w+);", re.MULTILINE
)
PATH = re.compile(r"(?<![\w:])(?:crate|super|self)(?:::\w+)+")


def leaves(tree):
    """The paths of a use tree as (path, local name): `a::{b, c as d}` gives (a::b, b) and (a::c, d)."""
    tree = " ".join(tree.split())
    if "{" not in tree:
        path, _, name = tree.partition(" as ")
        return [(path.strip().split("::"), name.strip() or path.strip().split("::")[-1])]
    head, rest = tree.split("{", 1)
    inner, depth, parts, part = rest.rsplit("}", 1)[0], 0, [], ""
    for char in inner:
        depth += (char == "{") - (char == "}")
        if char == "," and depth == 0:
            parts.append(part)
            part = ""
        else:
            part += char
    found = []
    for part in [*parts, part]:
        if part.strip():
            for path, name in leaves(part):
                path = [word for word in head.strip().rstrip(":").split("::") if word] + path
                if path[-1] == "self":
                    path, name = path[:-1], path[-2]
                found.append((path, name))
    return found


class Crate:
    """The modules of a crate, each by its path as a tuple; the root is ()."""

    def __init__(self, files):
        """`files`: the text of each file by its path below `src`, such as `cookies/jar.rs`."""
        self.files = {}
        self.text = {}
        self.children = {}
        self.names = {}
        self._add((), "lib.rs", files)
        for module in self.text:
            self.names[module] = {
                name: path for tree in USE.findall(self.text[module]) for path, name in leaves(tree)
            }

    def _add(self, module, file, files):
        text = NO_CODE.sub(" ", INLINE_TESTS.sub("", files[file]))
        self.files[module], self.text[module], self.children[module] = file, text, set()
        folder = file.removesuffix("lib.rs").removesuffix("mod.rs").removesuffix(".rs").rstrip("/")
        for attributes, name in MOD.findall(text):
            stem = f"{folder}/{name}" if folder else name
            found = [path for path in (f"{stem}.rs", f"{stem}/mod.rs") if path in files]
            if found and "cfg(test)" not in attributes:
                self.children[module].add((*module, name))
                self._add((*module, name), found[0], files)

    def target(self, module, path, seen=()):
        """The module that defines what this path names in this module; none if it is of another crate."""
        first, *rest = path
        if first == "crate":
            at = ()
        elif first == "self":
            at = module
        elif first == "super":
            at = module[:-1]
        elif (*module, first) in self.children[module]:
            at = (*module, first)
        elif first in self.names[module] and (module, first) not in seen:
            through = self.names[module][first]
            if through == path:
                return None
            return self.target(module, through + rest, (*seen, (module, first)))
        else:
            return None
        while rest:
            if rest[0] == "super":
                at = at[:-1]
            elif (*at, rest[0]) in self.children[at]:
                at = (*at, rest[0])
            elif rest[0] in self.names[at] and (at, rest[0]) not in seen:
                through = self.names[at][rest[0]]
                return self.target(at, through + rest[1:], (*seen, (at, rest[0]))) or at
            else:
                break
            rest = rest[1:]
        return at

    def edges(self):
        found = {module: set(self.children[module]) for module in self.text}
        for module, text in self.text.items():
            paths = [path for tree in USE.findall(text) for path, _ in leaves(tree)]
            paths += [path.split("::") for path in PATH.findall(USE.sub("", text))]
            for path in paths:
                target = self.target(module, path)
                if target is not None and module[: len(target)] != target:
                    found[module].add(target)
        return found

    def circles(self):
        """The shortest circle through each module that is on one, as lists of files; each circle once."""
        edges, found = self.edges(), {}
        for start in sorted(edges):
            before, queue = {}, [start]
            while queue and start not in before:
                at = queue.pop(0)
                for to in sorted(edges[at]):
                    if to not in before:
                        before[to] = at
                        queue.append(to)
            if start in before:
                circle, at = [start], before[start]
                while at != start:
                    circle.insert(1, at)
                    at = before[at]
                found.setdefault(frozenset(circle), [self.files[module] for module in circle])
        return sorted(found.values(), key=lambda circle: (len(circle), circle))


def published():
    return [path.parent for path in sorted(ROOT.glob("crates/*/Cargo.toml")) if "publish = false" not in path.read_text()]


def self_test():
    def circles(**files):
        return Crate({f"{name.replace('__', '/')}.rs": text for name, text in files.items()}).circles()

    root = "mod a;\nmod b;\npub use b::Late;\n"
    assert circles(lib=root, a="use crate::b::B;", b="use crate::a::A;") == [["a.rs", "b.rs"]]
    assert circles(lib=root, a="use crate::Late;", b="fn f() { super::a::g() }") == [["a.rs", "b.rs"]]
    assert circles(lib=root, a="use super::{b::{self, C}, x};", b="use crate::a;") == [["a.rs", "b.rs"]]
    three = circles(lib=root + "mod c;", a="use crate::b::B;", b="use crate::c::C;", c="use crate::a::A;")
    assert three == [["a.rs", "b.rs", "c.rs"]], three
    # Through a part: a.rs holds a/part.rs, which uses b.rs.
    assert circles(lib=root, a="mod part;", a__part="use crate::b::B;", b="use crate::a::A;") == [
        ["a.rs", "a/part.rs", "b.rs"]
    ]
    for good in (
        dict(a="use crate::b::B;", b=""),
        dict(a="use crate::b::B;", b="// use crate::a::A;\n/// See [`crate::a::A`].\nfn f() { g(\"crate::a::A\") }"),
        dict(a="use crate::b::B;", b="fn f() {}\n#[cfg(test)]\nmod tests {\n    use crate::a::A;\n}\n"),
        dict(a="use crate::b::B;", b="#[cfg(test)]\nmod tests;\n", b__tests="use crate::a::A;"),
        dict(a="mod part;\nuse part::Part;", a__part="use super::A;", b=""),
        dict(a="mod part;\nmod other;\npub use other::Other;", a__part="use super::Other;", a__other="", b=""),
    ):
        found = circles(lib=root, **good)
        assert found == [], (good, found)
    print("circles: the check finds circles of two and of three files, through re-exports and through parts")


def main():
    wrong = []
    for folder in published():
        source = folder / "src"
        crate = Crate({str(path.relative_to(source)): path.read_text() for path in source.glob("**/*.rs")})
        wrong += [f"{folder.name}: {' -> '.join([*circle, circle[0]])}" for circle in crate.circles()]
    for line in wrong:
        print(f"circles: {line}", file=sys.stderr)
    if wrong:
        sys.exit(1)
    print(f"circles: none in {len(published())} crates")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--self-test"]:
            self_test()
        case []:
            main()
        case _:
            sys.exit(__doc__)
