#!/usr/bin/env bash
# Fuzzes with the seeds that lie in fuzz/corpus/TARGET; what is found new goes there, too, under names that git ignores.
# For one target, `cargo +nightly fuzz run TARGET` does the same.
#
#   scripts/fuzz.sh SECONDS             every target in turn, each for so long
#   scripts/fuzz.sh SECONDS TARGET…     these targets
#
# Wants a nightly toolchain, cargo-fuzz (`cargo install --locked cargo-fuzz`) and a C++ compiler.
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
# In the gate the same change has the same result: it tries the same inputs each time, and nobody watches. Looking for
# what nobody has tried yet is for those who run this by hand, for longer.
if [[ ${CI:-} == true ]]; then options+=(-verbosity=0 -seed=1); fi

for target in "${targets[@]}"; do
    echo "fuzz target $target"
    cargo +nightly fuzz run "$target" -- "${options[@]}"
done
