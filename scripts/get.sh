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
examples=$(realpath "${CARGO_TARGET_DIR:-target}/release/examples")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
checked=0

# expect NAME EXPECTED GOT
expect() {
    checked=$((checked + 1))
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
    "$(get -L "$HTTPX_NGINX/small.txt" "$HTTPX_NGINX/redirect/301" | head -n 2)"
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
expect 'an unknown CA' '60 certificate' "$code $(grep -o -m 1 certificate "$work/error" | head -n 1)"
code=0
get 2>/dev/null || code=$?
expect 'no URL' 2 "$code"

# ---- the same command lines for get and for curl: the output, the exit code, and the files must be the same

printf 'one\r\ntwo\n' >"$work/lines"
printf '\0\1binary' >"$work/binary"
printf 'machine 127.0.0.1 login user password secret\n' >"$work/netrc"
fine=$HTTPX_NGINX httpbin=$HTTPX_HTTPBIN tls=$HTTPX_NGINX_TLS
scripts/get_server.py >"$work/port" &
own_server=$!
trap 'kill "$own_server"; rm -rf "$work"' EXIT
while [[ ! -s $work/port ]]; do sleep 0.05; done
own=http://127.0.0.1:$(<"$work/port")
mkdir "$work/home"
cp "$work/netrc" "$work/home/.netrc"

# Each line: arguments for both. WORK is a directory of its own. The name and the version of the program, the boundary of a
# form, and the order of headers do not count.
compare() {
    local name out code line
    for name in curl get; do
        rm -rf "$work/$name" && mkdir "$work/$name"
        code=0
        case $name in
        curl) line=(curl --noproxy '*' --max-time 30) ;;
        get) line=("$examples/get" --noproxy '*' --max-time 30) ;;
        esac
        (cd "$work/$name" && timeout 60 "${line[@]}" "$@" >stdout 2>stderr) || code=$?
        echo "exit code $code" >"$work/$name/code"
        rm "$work/$name/stderr"
        # httpbin shows the request as JSON: its parts in one order.
        find "$work/$name" -type f -exec sed -i -E \
            -e 's#(curl|httpx-get)/[0-9.]+#PROGRAM#; s/boundary=[^"]*/boundary=B/' \
            -e 's/^Date: .*/Date: D/; s/("Content-Length": )"[0-9]+"/\1"N"/; /"(Connection|Expect)": "/d' \
            -e '/^# (Netscape HTTP Cookie File|https:|This file)/d; /^$/d' {} +
    done
    if ! out=$(diff -r "$work/curl" "$work/get"); then
        printf 'get %s: differs from curl:\n%s\n' "$*" "$out" >&2
        failed=1
    fi
    if grep -qx 'exit code 12[67]' "$work/get/code"; then
        echo 'get: the program cannot be run' >&2
        failed=1
    fi
    compared=$((compared + 1))
}
compared=0

while IFS= read -r line; do
    [[ $line ]] || continue
    eval "compare $line"
done <<'TABLE'
-s $fine/small.txt
-s $fine/small.txt $fine/empty.txt $fine/text.txt
-s -i $fine/small.txt
-s -I $fine/small.txt
-s -o a $fine/1m.bin -o b $fine/small.txt
-s -O $fine/small.txt
-sO $fine/small.txt?query
-s -L $fine/redirect/301
-s $fine/redirect/302
-s -i -L $fine/redirect/relative
-s -L --max-redirs 3 $fine/redirect/loop
-s -L -X GET $fine/redirect/307
-s -L -d a=b $fine/redirect/303
-s -L -d a=b $fine/redirect/307
-s -f $fine/missing
-s -f -i $fine/missing
-s $fine/missing -o file
-s --compressed $fine/text.txt
-s -w '%{http_code} %{size_download} %{num_redirects} %{content_type}\n' $fine/small.txt
-s -o /dev/null -w '%{url_effective}%%\t%{response_code}' -L $fine/redirect/301
-s $httpbin/get
-s $httpbin/get?a=b -G -d c=d --data-urlencode 'e=f g&h'
-s -X DELETE $httpbin/delete
-s -X PATCH -d x $httpbin/patch
-s -d a=b -d c=d $httpbin/post
-s -d @$work/lines $httpbin/post
-s --data-binary @$work/lines $httpbin/post
-s --data-raw @lines $httpbin/post
-s --data-urlencode 'a=b c/d' --data-urlencode @$work/lines --data-urlencode n@$work/lines $httpbin/post
-s --data-binary @$work/binary -H 'Content-Type: application/octet-stream' $httpbin/post
-s --json '{"a": 1}' $httpbin/post
-s -H 'X-One: 1' -H 'X-Empty;' -H 'Accept:' $httpbin/headers
-s -H 'Host: example.com' $httpbin/headers
-s -A agent -e http://example.com/ $httpbin/headers
-s -b 'a=b; c=d' $httpbin/cookies
-s -u user:secret $httpbin/basic-auth/user/secret
-s -u user:wrong -f $httpbin/basic-auth/user/secret
-s --digest -u user:secret $httpbin/digest-auth/auth/user/secret
-s --netrc-file $work/netrc $httpbin/basic-auth/user/secret
-s -T $work/lines $httpbin/put
-s -F a=b -F c=@$work/lines -F 'd=<'$work/lines $httpbin/post
-s -F 'c=@'$work/lines';type=text/csv;filename=x.csv' --form-string e=@f $httpbin/post
-s -c jar -L $httpbin/cookies/set?k=v
-s --max-time 1 $httpbin/delay/5
-s --cacert $HTTPX_CA $tls/small.txt
-s -k $tls/small.txt
-s $tls/small.txt
-s --cacert $HTTPX_CA $HTTPX_NGINX_EXPIRED/small.txt
-s --cacert $HTTPX_CA $HTTPX_NGINX_WRONG_HOST/small.txt
-s --cacert $work/missing $tls/small.txt
-s --cacert $HTTPX_CA --resolve localhost:${tls##*:}:127.0.0.1 $tls/small.txt
-s http://nothing.invalid/
-s http://127.0.0.1:1/
-s https://${fine#http://}/
-s htp://127.0.0.1/
-s 'http://127.0.0.1:99999/'
-s $own/empty
-s $own/partial
-s $own/partial -o file
-s -F a=@$work/missing $httpbin/post
-s -T $work/missing $httpbin/put
-s -o no/such/directory $fine/small.txt
-s --no-such-option $fine/small.txt
-s
-s -d a=b -F c=d $httpbin/post
-s --connect-timeout x $fine/small.txt
-s $fine/small.txt http://127.0.0.1:1/ $fine/empty.txt
-s http://127.0.0.1:1/ $fine/small.txt
-s $fine/small.txt http://127.0.0.1:1/
-s --retry 1 $own/retry/503 -o file $own/count
-s --retry 1 -o file $own/retry/408 $own/count
-s --retry 1 -o file $own/retry/500 $own/count
-s --retry 1 -o file -d a=b $own/retry/504 $own/count
-s --retry 2 -o file $own/retry/501 $own/count
-s --retry 1 -f -o file $own/down/503 $own/count
-s --retry 1 $own/empty
-s -x $own http://nothing.invalid/path?query
-s -x ${own#http://} --noproxy example.com http://nothing.invalid/
-s -x http://user:secret@${own#http://} http://nothing.invalid/
-s -x http://127.0.0.1:1 http://nothing.invalid/
-s -x http://nothing.invalid $fine/small.txt
-s -x $own -L --noproxy 127.0.0.1 $fine/redirect/301
TABLE

# Through real proxies. Without --noproxy of `compare`, they are used for loopback, too.
while read -r proxy; do
    if [[ ! $proxy ]]; then continue; fi
    compare -s -x "$proxy" --noproxy '' "$fine/small.txt"
    compare -s -x "$proxy" --noproxy '' -k "$tls/small.txt"
done <<<"${HTTPX_SQUID:-}
${HTTPX_TINYPROXY:+http://user:secret@${HTTPX_TINYPROXY#http://}}"
if [[ ${HTTPX_SQUID_AUTH:-} ]]; then
    compare -s -x "$HTTPX_SQUID_AUTH" --noproxy '' -o file -w '%{http_code}' "$fine/small.txt"
fi
HOME=$work/home compare -s -n "$httpbin/basic-auth/user/secret"
compare -s "$httpbin/basic-auth/user/secret"

# That both do the same shows little if both do nothing.
expect '--retry' "$(printf 'request 2: POST a=b\n2 requests')" \
    "$(get -s --retry 1 -d a=b "$own/retry/503"; get -s "$own/count")"
expect '--retry, by default' "$(printf 'not now\n1 requests')" "$(get -s "$own/retry/503" "$own/count")"
expect '-x' 'GET http://nothing.invalid/ HTTP/1.1' "$(get -s -x "$own" http://nothing.invalid/)"
expect '-n' 'true' "$(HOME=$work/home get -s -n "$httpbin/basic-auth/user/secret" | grep -o true)"

# ---- on a terminal: colours, JSON with line breaks, a progress bar, and no bytes that command the terminal

# terminal ARGUMENTS…: what get writes to a terminal, with ESC as E.
terminal() {
    local line
    printf -v line '%q ' "$examples/get" "$@"
    TERM=xterm timeout 60 script --quiet --return --command "$line" /dev/null </dev/null | tr -d '\r' | tr '\033' E
}
json='{"name": "a pen", "text": "\u001b[31m"}'
pretty=$(printf '{\n  "name": "a pen",\n  "text": "\\u001b[31m"\n}')
coloured=$(printf '{\n  E[36m"name"E[0m: E[32m"a pen",E[0m\n  E[36m"text"E[0m: E[32m"\\u001b[31m"E[0m\n}')
expect 'JSON on a terminal' "$coloured" "$(unset NO_COLOR; terminal "$own/json")"
expect 'JSON, NO_COLOR' "$pretty" "$(NO_COLOR=1 terminal "$own/json")"
expect 'JSON in a pipe' "$json" "$(get "$own/json")"
# The library leaves out a reason that is not ASCII, and refuses one with control characters.
head=$(printf '%s\n' 'HTTP/1.1 200 ' 'X-Hostile: \u{9b}32m' 'Content-Type: text/plain')
for option in -i -v; do
    shown=$(NO_COLOR=1 terminal "$option" "$own/hostile" | sed -n 's/^< //; /HTTP.*200/,/Type/p')
    expect "$option on a terminal, NO_COLOR" "$head" "$shown"
    shown=$(unset NO_COLOR; terminal "$option" "$own/hostile" | sed -n 's/^< //; /HTTP.*200/,/Type/p')
    expect "$option on a terminal" "$head" "$(sed 's/E\[[0-9]*m//g' <<<"$shown")"
    expect "$option, the colours" 'E[1mHTTP/1.1 200 E[0m' "$(head -n 1 <<<"$shown")"
    expect "$option in a pipe" '' "$(get "$option" "$own/hostile" 2>&1 | grep -a $'\033' || true)"
done
expect 'a reason with ESC' '"HTTP/1.1 200 \x1b[31mOK"' "$(terminal -i "$own/escape" | grep -o '"HTTP.*' || true)"
expect 'a bar on a terminal' '1.00 MiB/1.00 MiB' \
    "$(terminal -o "$work/file" "$fine/1m.bin" | grep -o '1.00 MiB/1.00 MiB' | head -n 1)"
expect 'a bar with -s' '' "$(terminal -s -o "$work/file" "$fine/1m.bin")"
expect 'a bar in a pipe' '' "$(get -o "$work/file" "$fine/1m.bin" 2>&1)"

# get shows the command of curl, and curl sends the same request for it.
expect '--to-curl' "$(get -s -d 'it'\''s' -A agent "$httpbin/post")" \
    "$(bash -c "$(get --to-curl -s -d 'it'\''s' -A agent "$httpbin/post" | sed 's/^curl /curl -s /')")"
get -s --har "$work/har" "$fine/small.txt" >/dev/null
expect '--har' 'Hello, world!' "$(python3 -c '
import json, sys
print(json.load(open(sys.argv[1]))["log"]["entries"][0]["response"]["content"]["text"], end="")' "$work/har")"

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
echo "get and download: all that they fetched is as it should be; $checked checks; $compared command lines do what curl does"
