#!/usr/bin/env bash
# Compares the cost of httpx with other libraries and prints tables. The limits of our own cost are in bench/limits.txt.
#
#   scripts/peers.sh codec      exchanges in memory through httparse (the head and the chunk sizes alone), our codec,
#                               ureq-proto and a connection of hyper's: instructions and allocations of each
#   scripts/peers.sh client     our async client, hyper-util's and reqwest's: instructions and allocations of a GET, system
#                               calls and those of epoll among them, the bytes of an idle connection, and 1,000 GETs at
#                               once over 100 connections
#   scripts/peers.sh connect     a small GET over a new connection, plain, with a full TLS handshake and with a resumed one,
#                               by our clients, ureq, hyper-util and reqwest: instructions, and the CPU time in user mode
#                               and in the system (µs, the median of rounds in which the clients take turns)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

runs=1000
gets=10000
rounds=15
connections=500
servers=()
work=$(mktemp -d)
peers=bench/target/release/peers

main() {
    trap '((${#servers[@]} == 0)) || kill "${servers[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
    case ${1-} in
        codec | client | connect) ;;
        *) sed -n '/^#   /s/^# *//p' "$0" >&2; exit 2 ;;
    esac
    cargo build --release --locked --quiet --features peers --manifest-path bench/Cargo.toml
    "$1"
}

codec() {
    local case name
    local names=(httparse httpx-proto ureq-proto hyper)
    printf '%-14s' 'instructions'
    printf '%14s' "${names[@]}"
    printf '   %-14s' 'allocations'
    printf '%12s' "${names[@]}"
    echo
    for case in small browser large odd chunks-small chunks-large encode; do
        printf '%-14s' "$case"
        for name in "${names[@]}"; do printf '%14s' "$(exchange "$name" "$case")"; done
        printf '   %-14s' ''
        for name in "${names[@]}"; do printf '%12s' "$("$peers" codec "$name" "$case" allocations)"; done
        echo
    done
}

# exchange NAME CASE: the instructions of one exchange.
exchange() {
    instructions '*_measured*' codec "$1" "$2" "$runs"
}

client() {
    local name all epoll time peak port
    start port serve
    printf '%-12s %12s %11s %12s %11s %10s %9s %9s\n' \
        '' instructions allocations system-calls epoll-calls idle-bytes crowd-µs crowd-KiB
    for name in httpx hyper-util reqwest; do
        read -r all epoll < <(calls "$name" "$port")
        read -r time peak < <("$peers" crowd "$name" "$port")
        printf '%-12s %12s %11s %12s %11s %10s %9s %9s\n' "$name" \
            "$(instructions '*gets_measured*' gets "$name" "$port" "$runs")" \
            "$("$peers" allocations "$name" "$port")" "$all" "$epoll" "$("$peers" idle "$name" "$port")" "$time" "$peak"
    done
}

connect() {
    local names=(httpx ureq httpx-async hyper-util reqwest) name kind round port certificate=$work/certificate.pem
    local -A urls certificates
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
        -addext basicConstraints=critical,CA:FALSE -addext subjectAltName=IP:127.0.0.1 -keyout "$work/key.pem" \
        -out "$certificate" 2>"$work/log"
    start port serve
    urls[plain]=http://127.0.0.1:$port/small certificates[plain]=-
    start port serve-tls "$certificate" "$work/key.pem" 0
    urls[tls]=https://127.0.0.1:$port/small certificates[tls]=$certificate
    start port serve-tls "$certificate" "$work/key.pem" 2
    urls[resumed]=https://127.0.0.1:$port/small certificates[resumed]=$certificate
    printf '%-16s' ''
    printf '%14s' "${names[@]}"
    echo
    for kind in plain tls resumed; do
        printf '%-16s' "$kind"
        for name in "${names[@]}"; do
            printf '%14s' \
                "$(runs=200 instructions '*connects_measured*' connect "$name" "${urls[$kind]}" "${certificates[$kind]}" 200)"
        done
        echo
    done
    for kind in plain tls resumed; do
        for ((round = 0; round < rounds; round++)); do
            for name in "${names[@]}"; do
                "$peers" connect "$name" "${urls[$kind]}" "${certificates[$kind]}" "$connections" >>"$work/$kind.$name"
            done
        done
        printf '%-16s' "$kind µs"
        for name in "${names[@]}"; do
            printf '%14s' "$(sort -n "$work/$kind.$name" | sed -n "$((rounds / 2 + 1))p")"
        done
        echo
    done
}

# start NAME ARGUMENTS…: starts a server, and puts its port into the variable NAME.
start() {
    local -n started=$1
    bench/target/release/cost "${@:2}" >"$work/port" &
    servers+=("$!")
    until [[ -s $work/port ]]; do sleep 0.05; done
    # shellcheck disable=SC2034 # The variable of the caller.
    started=$(<"$work/port")
    rm "$work/port"
}

# instructions FUNCTION ARGUMENTS…: the instructions of one run of FUNCTION; `-` if it never runs.
instructions() {
    local function=$1
    shift
    valgrind --tool=callgrind --callgrind-out-file="$work/profile" --collect-atstart=no \
        --toggle-collect="$function" "$peers" "$@" 2>"$work/log" >"$work/out" || { cat "$work/log"; exit 1; }
    awk -v runs="$runs" '/^(summary|totals):/ { print $2 ? int($2 / runs) : "-"; exit }' "$work/profile"
}

# calls NAME PORT: all system calls of a GET, and those of epoll.
calls() {
    strace -f -c -o "$work/calls" "$peers" gets "$1" "$2" "$gets"
    awk -v gets="$gets" '
        $4 ~ /^[0-9]+$/ && $NF != "total" && $4 >= gets / 100 { sum += $4; if ($NF ~ /^epoll/) waits += $4 }
        END { printf "%.3g %.3g\n", sum / gets, waits / gets }' "$work/calls"
}

main "$@"
