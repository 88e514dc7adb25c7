#!/usr/bin/env bash
# Starts the example codec_server on a free port of loopback, and lets curl, raw sockets and codec_client talk to it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cargo build --quiet -p httpx-proto --example codec_server --example codec_client
examples=${CARGO_TARGET_DIR:-target}/debug/examples
exec {line}< <(exec "$examples/codec_server" 127.0.0.1:0 2>/dev/null)
server=$!
trap 'kill "$server"' EXIT
read -r url <&"$line"
failed=0

# expect NAME EXPECTED GOT
expect() {
    if [[ $3 == "$2" ]]; then return; fi
    printf 'codec_server: %s: expected %q, got %q\n' "$1" "$2" "$3" >&2
    failed=1
}

curl() { command curl --silent --show-error --max-time 10 --noproxy '*' "$@"; }

expect GET 'GET /a?b=c' "$(curl "$url/a?b=c")"
expect 'a length' hello "$(curl -d hello "$url")"
expect chunked hello "$(printf hello | curl -T - "$url")"
expect 'chunked, said so' hello "$(curl -H 'Transfer-Encoding: chunked' -d hello "$url")"
expect Expect '100 200 hello' "$(curl -sv -H 'Expect: 100-continue' -d hello "$url" 2>&1 |
    tr -d '\r' | awk '/^< HTTP/ {printf "%s ", $3} /^hello/ {printf "%s", $1}')"
expect 'another expectation' 417 "$(curl -o /dev/null -w '%{http_code}' -H 'Expect: tea' -d hello "$url")"
expect HEAD '7 0' "$(curl -I -o /dev/null -w '%header{content-length} %{size_download}' "$url")"
expect 'keep-alive' '1 0 ' "$(curl -o /dev/null -o /dev/null -w '%{num_connects} ' "$url/1" "$url/2")"
expect 'HTTP/1.0' 'GET / close' "$(curl -0 -w '%header{connection}' "$url" | tr '\n' ' ')"
expect 'HTTP/1.0, kept' '1 keep-alive 0 keep-alive ' "$(curl -0 -H 'Connection: keep-alive' -o /dev/null \
    -o /dev/null -w '%{num_connects} %header{connection} ' "$url/1" "$url/2")"
expect OPTIONS 'OPTIONS *' "$(curl -X OPTIONS --request-target '*' "$url")"
expect '1 MiB' "$(head -c 1048576 /dev/zero | sha256sum)" "$(head -c 1048576 /dev/zero | curl -T - "$url" | sha256sum)"
expect 'too much' 413 "$(head -c 9999999 /dev/zero | curl -T - -o /dev/null -w '%{http_code}' "$url" || true)"

expect codec_client '200 GET /a Ready ' "$("$examples/codec_client" "${url#*//}" /a |
    tr '\n' ' ' | sed 's/<ResponseHead \[\([0-9]*\)[^>]*>/\1/; s/and now: //')"

python3 - "${url##*:}" <<'PYTHON' || failed=1
import re
import socket
import sys


def statuses(request):
    """The status of each response, until the server closes."""
    with socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=10) as stream:
        stream.sendall(request)
        stream.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: stream.recv(65536), b""))
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


GET = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: h\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n"
ROWS = [
    ("pipelined", GET * 3, [200, 200, 200]),
    ("pipelined, bodies", (POST + b"Content-Length: 2\r\n\r\nok" + CHUNKED + b"\r\n2\r\nok\r\n0\r\n\r\n") * 2, [200] * 4),
    ("closed", GET.replace(b"\r\n\r\n", b"\r\nConnection: x, close\r\n\r\n") + GET, [200]),
    ("CL.TE", CHUNKED + b"Content-Length: 6\r\n\r\n0\r\n\r\nG" + GET, [400]),
    ("TE.CL", POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nSMUGGLED\r\n0\r\n\r\n" + GET, [400]),
    ("CL.CL", POST + b"Content-Length: 0\r\nContent-Length: 2\r\n\r\nok" + GET, [400]),
    ("CL, CL", POST + b"Content-Length: 2, 2\r\n\r\nok" + GET, [400]),
    ("CL +", POST + b"Content-Length: +2\r\n\r\nok" + GET, [400]),
    ("TE.TE", CHUNKED + b"Transfer-Encoding: identity\r\n\r\n0\r\n\r\n" + GET, [400]),
    ("TE, vertical tab", POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n" + GET, [400]),
    ("TE, space before the colon", POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + GET, [400]),
    ("TE, folded", POST + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + GET, [400]),
    ("TE, twice", CHUNKED + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + GET, [501]),
    ("TE in HTTP/1.0", CHUNKED.replace(b"1.1", b"1.0") + b"\r\n0\r\n\r\n" + GET, [400]),
    ("hidden by bare LF", POST + b"X: y\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + GET, [400]),
    ("hidden by bare CR", POST + b"X: y\rContent-Length: 9\r\n\r\n" + GET, [400]),
    ("NUL", POST + b"X: \0\r\n\r\n" + GET, [400]),
    ("chunk size, 0x", CHUNKED + b"\r\n0x2\r\nok\r\n0\r\n\r\n" + GET, [400]),
    ("chunk size, 17 digits", CHUNKED + b"\r\n10000000000000002\r\nok\r\n0\r\n\r\n" + GET, [400]),
    ("chunk size, bare LF", CHUNKED + b"\r\n2\nok\r\n0\r\n\r\n" + GET, [400]),
    ("chunk extension, bare LF", CHUNKED + b"\r\n2;\nxx\r\n4c\r\n0\r\n\r\n" + GET, [400]),
    ("chunk data, no CRLF", CHUNKED + b"\r\n2\r\nokXX0\r\n\r\n" + GET, [400]),
    ("two hosts", GET.replace(b"\r\n\r\n", b"\r\nHost: i\r\n\r\n") + GET, [400]),
    ("no host", b"GET / HTTP/1.1\r\n\r\n" + GET, [400]),
    ("space in the target", b"GET / HTTP/1.1 HTTP/1.1\r\nHost: h\r\n\r\n" + GET, [400]),
    ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [505]),
    ("HTTP/0.9", b"GET /\r\n", [400]),
    ("a long target", b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\n", [414]),
    ("a long head", GET[:-2] + b"X: " + b"a" * 70000 + b"\r\n\r\n", [431]),
]
wrong = [(name, expected, got) for name, request, expected in ROWS if (got := statuses(request)) != expected]
for name, expected, got in wrong:
    print(f"codec_server: {name}: expected {expected}, got {got}", file=sys.stderr)
print(f"codec_server: {len(ROWS) - len(wrong)} of {len(ROWS)} conversations went as they should")
sys.exit(bool(wrong))
PYTHON

exit "$failed"
