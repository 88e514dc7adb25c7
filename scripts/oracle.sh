#!/usr/bin/env bash
# Gives thousands of messages to h11 and to the codec, and compares the results. Intended differences are listed with
# reasons in crates/httpx-proto/tests/oracle/differences.txt. Fails for an unlisted difference, and for a listed one that
# it does not find.
#
#   scripts/oracle.sh            compare
#   scripts/oracle.sh --show     print an example of each difference, listed or not
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=${CARGO_TARGET_DIR:-target}
venv=$target/oracle-venv
requirements=scripts/oracle-requirements.txt
if [[ $("$venv/bin/pip" freeze 2>/dev/null) != "$(grep == "$requirements")" ]]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$requirements"
fi
cargo run --quiet -p httpx-proto --example oracle >"$target/oracle.txt"
"$venv/bin/python" scripts/oracle.py "$@" "$target/oracle.txt" crates/httpx-proto/tests/oracle/differences.txt
