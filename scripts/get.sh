#!/usr/bin/env bash
# Runs the examples get and download against the real servers, and compares them with curl.
#
#   scripts/servers.sh run scripts/get.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ -z ${HTTPX_NGINX:-} || -z ${HTTPX_HTTPBIN:-} ]]; then
    sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
    exit 2
fi
cargo build --quiet --release -p httpx --features full --example get --example download
examples=${CARGO_TARGET_DIR:-target}/release/examples
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# expect NAME EXPECTED GOT
expect() {
    if [[ $3 == "$2" ]]; then return; fi
    printf 'get: %s: expected %q, got %q\n' "$1" "$2" "$3" >&2
    failed=1
}

get() { timeout 60 "$examples/get" "$@"; }
download() { timeout 60 "$examples/download" "$@"; }
curl() { command curl --silent --show-error --max-time 60 --noproxy '*' "$@"; }
same() { cmp --silent "$1" "$2" && echo same; }

# ---- get

expect 'to standard output' "$(curl "$HTTPX_NGINX/text.txt" | sha256sum)" "$(get "$HTTPX_NGINX/text.txt" | sha256sum)"
expect 'two, and redirects' "$(printf 'Hello, world!\nmethod: GET')" \
    "$(get "$HTTPX_NGINX/small.txt" "$HTTPX_NGINX/redirect/301" | head -n 2)"
expect httpbin "$(curl "$HTTPX_HTTPBIN/base64/aHR0cHg=")" "$(get "$HTTPX_HTTPBIN/base64/aHR0cHg=")"
expect https 'Hello, world!' "$(SSL_CERT_FILE=$HTTPX_CA get "$HTTPX_NGINX_TLS/small.txt")"
get -v "$HTTPX_NGINX/small.txt" >/dev/null 2>"$work/heads"
expect '-v, the request' 1 "$(grep -c '^> GET .*/small.txt' "$work/heads" || true)"
expect '-v, the response' 1 "$(grep -c '^< .*200 OK' "$work/heads" || true)"

# Bodies of known length, of unknown length, and a large one.
for path in 1m.bin chunked/text.txt; do
    get -o "$work/file" "$HTTPX_NGINX/$path" 2>"$work/bar"
    curl -o "$work/expected" "$HTTPX_NGINX/$path"
    expect "-o, $path" same "$(same "$work/expected" "$work/file")"
done
get -o "$work/file" "$HTTPX_NGINX/1g.bin" 2>"$work/bar"
expect '-o, 1 GiB' $((1 << 30)) "$(stat -c %s "$work/file")"
rm "$work/file"

# A failure prints an error and sets the exit status.
code=0
get "$HTTPX_NGINX_TLS/small.txt" 2>"$work/error" || code=$?
expect 'an unknown CA' '1 certificate' "$code $(grep -o -m 1 certificate "$work/error" | head -n 1)"
code=0
get 2>/dev/null || code=$?
expect 'no URL' 2 "$code"

# ---- download

curl -o "$work/expected" "$HTTPX_NGINX/1m.bin"
download "$HTTPX_NGINX/1m.bin" "$work/whole" 2>"$work/said"
expect 'download' same "$(same "$work/expected" "$work/whole")"
expect 'what it says' "$work/whole: 1048576 bytes" "$(<"$work/said")"

# The download stopped after the first half; the next run fetches only the second half.
head -c 524288 "$work/expected" >"$work/half.part"
etag=$(curl -o /dev/null -w '%header{etag}' "$HTTPX_NGINX/1m.bin")
url=$HTTPX_NGINX/1m.bin hash=$((0xcbf29ce484222325)) # FNV-1a
for ((i = 0; i < ${#url}; i++)); do hash=$(((hash ^ $(printf %d "'${url:i:1}")) * 0x100000001b3)); done
printf 'httpx resume 1\nurl %016x\nlength 1048576\nvalidator %s\n' "$hash" "$etag" >"$work/half.part.meta"
printf X | dd of="$work/half.part" conv=notrunc status=none
download "$HTTPX_NGINX/1m.bin" "$work/half" 2>/dev/null
expect 'the second half' 'X same' \
    "$(head -c 1 "$work/half") $(same <(tail -c +2 "$work/expected") <(tail -c +2 "$work/half"))"
expect 'nothing is left over' "$work/half" "$(echo "$work"/half*)"
code=0
download "$HTTPX_NGINX/missing" "$work/missing" 2>"$work/error" || code=$?
expect 'a missing file' '1 404' "$code $(grep -o -m 1 404 "$work/error" | head -n 1)"

if ((failed)); then exit 1; fi
echo "get and download: all that they fetched is as it should be"
