#!/usr/bin/env bash
# Our async client beside hyper-util's and reqwest's: instructions and allocations of a GET, system calls and those of
# epoll among them, the bytes of an idle connection, and 1,000 GETs at once over 100 connections. A table to read;
# what must not grow stands in bench/limits.txt.
#
#   scripts/peers.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

runs=1000
gets=10000
server=
work=$(mktemp -d)
trap '[[ -z $server ]] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

cargo build --release --locked --quiet --features peers --manifest-path bench/Cargo.toml
bench/target/release/cost serve >"$work/port" &
server=$!
until [[ -s $work/port ]]; do sleep 0.05; done
port=$(<"$work/port")
peers=bench/target/release/peers

# instructions NAME
instructions() {
    valgrind --tool=callgrind --callgrind-out-file="$work/profile" --collect-atstart=no \
        --toggle-collect='*gets_measured*' "$peers" gets "$1" "$port" "$runs" 2>"$work/log" || { cat "$work/log"; exit 1; }
    awk -v runs="$runs" '/^(summary|totals):/ { printf "%d\n", $2 / runs; exit }' "$work/profile"
}

# calls NAME: all system calls of a GET, and those of epoll.
calls() {
    strace -f -c -o "$work/calls" "$peers" gets "$1" "$port" "$gets"
    awk -v gets="$gets" '
        $4 ~ /^[0-9]+$/ && $NF != "total" && $4 >= gets / 100 { sum += $4; if ($NF ~ /^epoll/) waits += $4 }
        END { printf "%.3g %.3g\n", sum / gets, waits / gets }' "$work/calls"
}

printf '%-12s %12s %11s %12s %11s %10s %9s %9s\n' \
    '' instructions allocations system-calls epoll-calls idle-bytes crowd-µs crowd-KiB
for name in httpx hyper-util reqwest; do
    read -r all epoll < <(calls "$name")
    read -r time peak < <("$peers" crowd "$name" "$port")
    printf '%-12s %12s %11s %12s %11s %10s %9s %9s\n' "$name" "$(instructions "$name")" \
        "$("$peers" allocations "$name" "$port")" "$all" "$epoll" "$("$peers" idle "$name" "$port")" "$time" "$peak"
done
