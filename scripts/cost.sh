#!/usr/bin/env bash
# Measures the cost of httpx and compares it with bench/limits.txt: instructions (callgrind), allocations, system calls
# (strace), memory. Fails if a limit is exceeded, or if something is sent that can raise SIGPIPE.
#
#   scripts/cost.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

runs=1000
servers=()
gets=10000
unexpected=0
work=$(mktemp -d)
cost=bench/target/release/cost

main() {
    trap '((${#servers[@]} == 0)) || kill "${servers[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
    cargo build --release --locked --quiet --manifest-path bench/Cargo.toml
    start port serve
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
        -addext basicConstraints=critical,CA:FALSE -addext subjectAltName=IP:127.0.0.1 -keyout "$work/key.pem" -out "$work/certificate.pem" 2>"$work/log"
    start tls_port serve-tls "$work/certificate.pem" "$work/key.pem" 0
    start tickets_port serve-tls "$work/certificate.pem" "$work/key.pem" 2

    local case flavour
    for case in small browser large odd chunks-small chunks-large; do
        instructions "codec.$case" codec_measured codec "$case"
    done
    for case in small browser large; do head "$case"; done
    instructions codec.encode encode_measured encode
    more direct
    more buffered
    more chunks
    more bytes
    instructions get.text get_measured client "$port" text
    instructions get.texts get_measured client "$port" texts
    instructions get.url get_measured client "$port" url
    instructions get.progress get_with_progress_measured client "$port" progress
    instructions get.json get_json_measured client "$port" json
    instructions async gets_measured async "$port"
    "$cost" allocations "$port" >>"$work/measured"
    # Over a kept connection: one look at it, one write, one read; and async one wait between them.
    local each='1 recvfrom, 1 recvfrom(MSG_PEEK|MSG_DONTWAIT)'
    system_calls get "$each, 1 sendto(MSG_DONTWAIT|MSG_NOSIGNAL)" client "$port" text
    system_calls async "1 epoll_wait, $each, 1 sendto(MSG_NOSIGNAL)" async "$port"
    for flavour in blocking async; do
        connects "$flavour" plain "http://127.0.0.1:$port/small" -
        connects "$flavour" tls "https://127.0.0.1:$tls_port/small" "$work/certificate.pem"
        connects "$flavour" resumed "https://127.0.0.1:$tickets_port/small" "$work/certificate.pem"
    done
    "$cost" lookups "$port" >>"$work/measured"
    # Of a GET over a new connection. On the loopback interface it is open when it is looked at, by ppoll. If the response
    # is not there yet, the first epoll_wait reports only that the socket has room, and there is a second one.
    local open='1 close, 1 connect' more='1 recvfrom, 1 sendto'
    gets=1000 system_calls connect.blocking.plain \
        "$open, 1 getsockname, 1 ioctl, 1 ppoll, $more(MSG_DONTWAIT|MSG_NOSIGNAL), 2 setsockopt, 1 socket" \
        connect blocking "http://127.0.0.1:$port/small" -
    gets=1000 system_calls connect.async.plain \
        "$open, 2 epoll_ctl, [12]?(.[0-9]) epoll_wait, 1 getsockname, 1 ppoll, 1 recvfrom, 1 sendmsg(MSG_DONTWAIT|MSG_NOSIGNAL), 1 setsockopt, 1 socket" \
        connect async "http://127.0.0.1:$port/small" -
    for flavour in blocking async; do
        sends "$flavour" "http://127.0.0.1:$port/"
        sends "$flavour" "https://127.0.0.1:$tls_port/"
    done
    memory plain
    memory chunked
    memory gzip
    compare
    ((unexpected == 0))
}

# start NAME ARGUMENTS…: starts a server, and puts its port into the variable NAME.
start() {
    local -n started=$1
    "$cost" "${@:2}" >"$work/$1" &
    servers+=("$!")
    until [[ -s $work/$1 ]]; do sleep 0.05; done
    # shellcheck disable=SC2034 # The variable of the caller.
    started=$(<"$work/$1")
}

# head CASE: the instructions for the head of CASE, relative to `httparse` alone.
head() {
    instructions floor floor_measured httparse "$1"
    instructions head head_measured head "$1"
    awk -v name="codec.$1.head" '
        { measured[$1] = $2 }
        END { printf "%s.times-httparse %.2f\n", name, measured["head.instructions"] / measured["floor.instructions"] }
    ' "$work/measured" >"$work/head"
    cat "$work/head" >>"$work/measured"
}

# more KIND: the instructions for one more MiB of a body.
more() {
    runs=100 instructions one codec_measured body "$1" 1
    runs=100 instructions three codec_measured body "$1" 3
    awk -v name="codec.mib.$1.instructions" '
        { measured[$1] = $2 }
        END { printf "%s %d\n", name, (measured["three.instructions"] - measured["one.instructions"]) / 2 }
    ' "$work/measured" >"$work/more"
    cat "$work/more" >>"$work/measured"
}

# instructions NAME FUNCTION ARGUMENTS…: the instructions of one run of FUNCTION, without copies that stand for reads.
instructions() {
    local name=$1 function=$2
    shift 2
    valgrind --tool=callgrind --callgrind-out-file="$work/profile" --collect-atstart=no \
        --toggle-collect="*$function*" --toggle-collect='*copied_by_the_system*' "$cost" "$@" "$runs" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
    awk -v name="$name.instructions" -v runs="$runs" \
        '/^(summary|totals):/ { printf "%s %d\n", name, $2 / runs; exit }' "$work/profile" >>"$work/measured"
}

# connects FLAVOUR KIND URL CERTIFICATE: the instructions of a GET over a new connection.
connects() {
    runs=200 instructions "connect.$1.$2" connects_measured connect "$1" "$3" "$4"
}

# system_calls NAME EXPECTED ARGUMENTS…: the system calls of one GET (a run with many GETs minus a run with none): their
# names, counts and flags, which must match a pattern.
system_calls() {
    local name=$1 expected=$2 kinds
    shift 2
    calls "$@" 0 >"$work/none"
    calls "$@" "$gets" >"$work/many"
    awk -v name="$name" -v gets="$gets" '
        $1 == "connect" { connections = $2 }
        FNR == NR { none[$1] = $2; next }
        { more = $2 - none[$1]; if (more >= gets / 100) sum += more }
        $1 ~ /^epoll/ { waits += more }
        END {
            printf "%s.connections %d\n", name, connections
            printf "%s.system-calls %.3g\n", name, sum / gets
            printf "%s.epoll-calls %.3g\n", name, waits / gets
        }' "$work/none" "$work/many" >>"$work/measured"
    kinds=$(awk -v gets="$gets" '
        FNR == NR { none[$1] = $2; next }
        $2 - none[$1] >= gets / 100 { printf "%s%.2g %s", comma, ($2 - none[$1]) / gets, $1; comma = ", " }
        ' "$work/none" "$work/many")
    echo "system calls of a GET ($name): $kinds"
    # shellcheck disable=SC2053 # a pattern
    if [[ $kinds != $expected ]]; then
        echo "expected: $expected"
        unexpected=1
    fi
}

# calls ARGUMENTS…: the system calls of a run with their flags, and how often each was made.
calls() {
    strace -f -qq -s 0 -o "$work/calls" "$cost" "$@"
    awk '
        match($0, /^[0-9]+ +[a-z_0-9]+\(/) {
            name = substr($2, 1, index($2, "(") - 1)
            count[match($0, /MSG_[A-Z_|]+/) ? name "(" substr($0, RSTART, RLENGTH) ")" : name]++
        }
        END { for (call in count) print call, count[call] }' "$work/calls" | LC_ALL=C sort
}

# sends FLAVOUR URL: a whole upload and a streamed one. Each system call that sends over a socket must have MSG_NOSIGNAL:
# without it, SIGPIPE ends a program that has restored its default action.
sends() {
    strace -f -qq -s 0 -yy -o "$work/calls" \
        -e trace=write,writev,pwritev,pwritev2,sendto,sendmsg,sendmmsg,sendfile,splice \
        "$cost" upload "$1" "$2" "$work/certificate.pem"
    awk -v name="upload $*" '
        /^[0-9]+ +[a-z0-9]+\([0-9]+<(TCP|UNIX|socket)/ { sent++; if (!/MSG_NOSIGNAL/) { bad++; if (bad <= 3) print } }
        END {
            printf "%s: %d calls send over a socket, %d without MSG_NOSIGNAL\n", name, sent, bad
            exit bad > 0 || sent < 10
        }' "$work/calls" || unexpected=1
}

# memory KIND: the peak of the memory in use while a gigabyte is streamed.
memory() {
    local peak
    peak=$("$cost" stream "$port" "/$1")
    echo "stream.$1.mib $(((peak + 1023) / 1024))" >>"$work/measured"
}

compare() {
    awk '
        /^#/ { next }
        FNR == NR { measured[$1] = $2; next }
        BEGIN { printf "%-38s %9s %9s\n", "", "measured", "limit" }
        {
            bad = !($1 in measured) || measured[$1] > $2
            printf "%-38s %9s %9s%s\n", $1, measured[$1], $2, bad ? "  <-- passed" : ""
            failed += bad
        }
        END { exit failed > 0 }' "$work/measured" bench/limits.txt
}

main "$@"
