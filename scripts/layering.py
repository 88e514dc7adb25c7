#!/usr/bin/env python3
"""Fails when a crate of the workspace depends on a crate above it.

    scripts/layering.py              check this workspace
    scripts/layering.py --self-test  show that the check can fail

Only normal dependencies count: tests and examples may reach up. Optional ones and those of one target count too.
"""

import json
import subprocess
import sys

# The crates that each crate may depend on. A new crate needs a row here, or the check fails.
MAY_USE = {
    "httpx-core": set(),
    "httpx-proto": {"httpx-core"},
    "httpx-pool": {"httpx-core", "httpx-proto"},
    "httpx-middleware": {"httpx-core"},
    "httpx": {"httpx-core", "httpx-proto", "httpx-pool", "httpx-middleware"},
    # For tests alone: a dev-dependency of the others, which this check does not see.
    "httpx-testing": set(),
}


def workspace_edges():
    """Every crate of the workspace, with the names of its normal dependencies."""
    command = ["cargo", "metadata", "--format-version", "1", "--no-deps", "--all-features"]
    metadata = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return {
        package["name"]: {dep["name"] for dep in package["dependencies"] if dep["kind"] is None}
        for package in metadata["packages"]
    }


def violations(edges):
    """Returns a sentence for each forbidden edge."""
    for crate in sorted(set(edges) - set(MAY_USE)):
        yield f"{crate} has no row in MAY_USE (scripts/layering.py)"
    for crate in sorted(set(MAY_USE) - set(edges)):
        yield f"{crate} has a row in MAY_USE, but is not in the workspace"
    for crate, allowed in MAY_USE.items():
        for dep in sorted(edges.get(crate, set()) & set(edges) - allowed):
            yield f"{crate} -> {dep}: {crate} may use only {', '.join(sorted(allowed)) or 'no crate of ours'}"


def self_test():
    good = {crate: set(allowed) | {"bytes"} for crate, allowed in MAY_USE.items()}
    assert list(violations(good)) == [], list(violations(good))
    bad = [
        ("httpx-core", "httpx-proto"),
        ("httpx-core", "httpx"),
        ("httpx-proto", "httpx-pool"),
        ("httpx-pool", "httpx-middleware"),
        ("httpx-middleware", "httpx-proto"),
        ("httpx-middleware", "httpx-pool"),
    ]
    for crate, dep in bad:
        found = list(violations({**good, crate: good[crate] | {dep}}))
        assert len(found) == 1 and found[0].startswith(f"{crate} -> {dep}:"), (crate, dep, found)
    assert len(list(violations({**good, "httpx-new": set()}))) == 1
    assert len(list(violations({crate: good[crate] for crate in good if crate != "httpx"}))) == 1
    print(f"layering: the check finds each of {len(bad)} bad edges, a crate too many and one too few")


def main():
    match sys.argv[1:]:
        case ["--self-test"]:
            self_test()
        case []:
            edges = workspace_edges()
            found = list(violations(edges))
            for line in found:
                print(f"layering: {line}", file=sys.stderr)
            if found:
                sys.exit(1)
            print(f"layering: {len(edges)} crates, each depends only on those below it")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
