#!/usr/bin/env bash
# Fuzzes each target, starting with the seeds in fuzz/corpus/TARGET. New inputs are stored there too, under names that
# git ignores. For one target, `cargo +nightly fuzz run TARGET` does the same.
#
#   scripts/fuzz.sh SECONDS             every target in turn, each for SECONDS
#   scripts/fuzz.sh SECONDS TARGET…     these targets
#
# Needs a nightly toolchain, cargo-fuzz (`cargo install --locked cargo-fuzz`) and a C++ compiler.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ! [[ ${1:-} =~ ^[1-9][0-9]*$ ]]; then
    sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
    exit 2
fi
seconds=$1
shift
targets=("$@")
if ((${#targets[@]} == 0)); then mapfile -t targets < <(cargo +nightly fuzz list); fi
if ((${#targets[@]} == 0)); then
    echo "no fuzz target found" >&2
    exit 1
fi

options=("-max_total_time=$seconds" -timeout=10 -print_final_stats=1)
# In the gate, the seed is fixed, so that the same change gives the same result. Run this script by hand, for longer, to
# find new inputs.
if [[ ${CI:-} == true ]]; then options+=(-verbosity=0 -seed=1); fi

for target in "${targets[@]}"; do
    echo "fuzz target $target"
    cargo +nightly fuzz run "$target" -- "${options[@]}"
done
