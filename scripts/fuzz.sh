#!/usr/bin/env bash
# Fuzzes with the seeds that lie in fuzz/seeds/TARGET; what is found new goes to fuzz/corpus/TARGET.
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
    mkdir -p "fuzz/corpus/$target"
    echo "fuzz target $target"
    cargo +nightly fuzz run "$target" "fuzz/corpus/$target" "fuzz/seeds/$target" -- "${options[@]}"
done
