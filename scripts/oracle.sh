#!/usr/bin/env bash
# Asks h11 about thousands of messages what the codec has been asked, and compares. Differences that are meant stand,
# with their reasons, in crates/httpx-proto/tests/oracle/differences.txt; another one fails, and one that is gone too.
#
#   scripts/oracle.sh            compare
#   scripts/oracle.sh --show     print an example of each difference, listed or not
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=${CARGO_TARGET_DIR:-target}
venv=$target/oracle-venv
requirements=scripts/oracle-requirements.txt
if ! "$venv/bin/pip" freeze 2>/dev/null | grep -qxF "$(grep == "$requirements")"; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$requirements"
fi
cargo run --quiet -p httpx-proto --example oracle >"$target/oracle.txt"
"$venv/bin/python" scripts/oracle.py "$@" "$target/oracle.txt" crates/httpx-proto/tests/oracle/differences.txt
