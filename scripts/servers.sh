#!/usr/bin/env bash
# Starts real servers on loopback, for the tests that need them.
#
#   scripts/servers.sh run CMD…    start them, run CMD with their addresses in its environment, stop them
#   scripts/servers.sh start       start them and print `export NAME=VALUE` lines: eval "$(scripts/servers.sh start)"
#   scripts/servers.sh stop        stop the servers that `start` started
#   scripts/servers.sh install     install missing programs (Debian, as root: nginx, openssl, proxies; pip into
#                                  target/venv)
#
# A server whose program is missing is left out, and its variables stay unset; with CI=true that is an error.
#
# variable                      server
# ----------------------------  ------------------------------------------------------------------------------------
# HTTPX_NGINX                   nginx, http://127.0.0.1:PORT
# HTTPX_NGINX_TLS               the same over TLS 1.2 and 1.3, https://localhost:PORT (certificate: localhost,
#                               127.0.0.1, ::1; tickets and session cache on)
# HTTPX_NGINX_TLS12             TLS 1.2 alone
# HTTPX_NGINX_TLS13             TLS 1.3 alone
# HTTPX_NGINX_EXPIRED           its certificate expired in 2020
# HTTPX_NGINX_WRONG_HOST        its certificate is for wrong.invalid
# HTTPX_NGINX_UNKNOWN_CA        its certificate is signed by a CA that is not in HTTPX_CA
# HTTPX_NGINX_CLIENT_AUTH       requires a certificate by our CA: HTTPX_CLIENT_CERT with HTTPX_CLIENT_KEY (400 without)
# HTTPX_CA                      file: our CA's certificate, PEM
# HTTPX_CLIENT_CERT, _KEY       files: a client's certificate and key, PEM
# HTTPX_HTTPBIN                 httpbin under gunicorn with 8 threads, http://127.0.0.1:PORT
# HTTPX_PYTHON                  python's http.server, http://127.0.0.1:PORT: HTTP/1.0, no keep-alive, nginx's files
# HTTPX_WEBSOCKETS              python's websockets, http://127.0.0.1:PORT: sends each message back
# HTTPX_SQUID                   squid, http://127.0.0.1:PORT
# HTTPX_SQUID_AUTH              the same with Basic and Digest authentication, user "user", password "secret"
# HTTPX_TINYPROXY               tinyproxy with the same authentication, http://127.0.0.1:PORT
# HTTPX_TLS_PROXY               TLS by nginx in front of HTTPX_SQUID, https://localhost:PORT
# HTTPX_MICROSOCKS              microsocks, SOCKS 5 without a password, 127.0.0.1:PORT
# HTTPX_MICROSOCKS_AUTH         the same with user "user", password "secret"
# HTTPX_DANTE                   dante, SOCKS 4 and 5 without a password (4a for addresses only), 127.0.0.1:PORT
#
# path on nginx                 response
# ----------------------------  ------------------------------------------------------------------------------------
# /small.txt                    "Hello, world!\n"; like every file with ETag, Last-Modified and Accept-Ranges
# /empty.txt                    nothing, Content-Length: 0
# /1m.bin                       1 MiB; byte number i is i % 251
# /1g.bin                       1 GiB of zeros
# /text.txt                     4,000 lines "line N of a text that compresses well\n"; to `Accept-Encoding: gzip` it
#                               goes gzipped as it is read, so chunked
# /chunked/FILE                 the same files, text/plain ones chunked and never gzipped
# /three/FILE                   the same files; the third request on a connection is its last (Connection: close)
# /close/FILE                   the same files; every request is the last one (Connection: close)
# /idle/FILE                    the same files; the connection is closed after 100 ms without a request
# /slow/FILE                    the same files, 64 KiB a second (/slow/1m.bin: 16 s)
# /redirect/CODE                301, 302, 303, 307 or 308 to /request
# /redirect/relative            302 to "../small.txt"
# /redirect/fragment            302 to "/small.txt#part"
# /redirect/absolute            302 to scheme, host and port of the request, /request
# /redirect/loop                302 to itself
# /redirect/elsewhere           302 to http://localhost:PORT/request (from HTTPX_NGINX: another host; from TLS: a
#                               downgrade)
# /request                      200 with lines "NAME: VALUE": method, uri, version, host, length, type, authorization,
#                               cookie, accept-encoding, user-agent
# /connection                   200 with lines "connection: N", "requests: N" (on this connection so far), "tls: VERSION
#                               or nothing", "resumed: r" (TLS session taken up again) or "."
# /upload/NAME                  PUT stores a body of any size (201, 204), GET reads it back, DELETE removes it;
#                               answers `Expect: 100-continue`
# /limit/                       413 to a body above 1 KiB as soon as the head is received
# /private/FILE                 Basic authentication, user "user", password "secret"
# anything else                 404
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
venv=$target/venv
started=$target/servers # where `start` keeps its temporary directory for `stop`
dir=                    # of this run: configuration, certificates, logs, served files
pids=()
missing=()
exports=()
stream_module=/usr/lib/nginx/modules/ngx_stream_module.so # where Debian puts it
# shellcheck source=scripts/proxies.sh
source "$root/scripts/proxies.sh"

main() {
    case ${1:-} in
        run)
            shift
            (($#)) || usage
            trap stop_children EXIT
            trap 'exit 130' INT
            trap 'exit 143' TERM
            start_servers
            env "${exports[@]}" "$@"
            ;;
        start)
            if [[ -e $started/pids ]]; then
                say "already started; stop them first: scripts/servers.sh stop"
                exit 1
            fi
            trap stop_children EXIT
            start_servers
            mkdir -p "$started"
            printf '%s\n' "$dir" >"$started/dir"
            printf '%s\n' "${pids[@]}" >"$started/pids"
            trap - EXIT
            printf 'export %q\n' "${exports[@]}"
            ;;
        stop)
            if [[ ! -e $started/pids ]]; then
                say "nothing to stop"
                exit 0
            fi
            dir=$(<"$started/dir")
            mapfile -t pids <"$started/pids"
            rm -r "$started"
            stop_children
            ;;
        install) install_missing ;;
        *) usage ;;
    esac
}

usage() {
    sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
    exit 2
}

say() { echo "servers: $*" >&2; }

# ---- starting and stopping

start_servers() {
    dir=$(mktemp -d "${TMPDIR:-/tmp}/httpx-servers.XXXXXX")
    mkdir -p "$dir"/{files,upload,tmp}
    choose_ports
    write_files
    if nginx=$(find_program nginx) && find_program openssl >/dev/null; then
        write_certificates
        start_nginx
    else
        missing+=("nginx, openssl (apt-get install nginx-light openssl)")
    fi
    if python=$(find_python_with 'import httpbin, gunicorn'); then
        start_httpbin
    else
        missing+=("httpbin, gunicorn (python3 -m venv $venv && $venv/bin/pip install -r scripts/requirements.txt)")
    fi
    start_python
    if python=$(find_python_with 'import websockets'); then
        start_websockets
    else
        missing+=("websockets (as httpbin)")
    fi
    start_proxies "$squid" "$squid_auth" "$tinyproxy" "$microsocks" "$microsocks_auth" "$dante"
    for name in "${missing[@]}"; do
        say "missing: $name; or all at once: scripts/servers.sh install"
    done
    if ((${#missing[@]})) && [[ ${CI:-} == true ]]; then
        say "CI wants them all"
        exit 1
    fi
}

# Stops the servers, waits until their processes have ended, and removes their files.
stop_children() {
    local pid
    for pid in "${pids[@]}"; do
        kill "$pid" 2>/dev/null || true # it may be gone already
    done
    for pid in "${pids[@]}"; do
        for _ in {1..50}; do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.1
        done
        kill -9 "$pid" 2>/dev/null || true
    done
    if [[ -n $dir ]]; then rm -rf "$dir"; fi
}

# Starts "$@" in the background, its output to $dir/NAME.log, and waits until PORT answers.
launch() {
    local name=$1 port=$2 pid
    shift 2
    "$@" >"$dir/$name.log" 2>&1 </dev/null &
    pid=$!
    pids+=("$pid")
    for _ in {1..150}; do
        if (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then return; fi
        if ! kill -0 "$pid" 2>/dev/null; then break; fi
        sleep 0.1
    done
    say "$name does not answer on port $port; it said:"
    cat "$dir/$name.log" >&2
    exit 1
}

find_program() {
    PATH=$PATH:/usr/sbin:/usr/local/sbin command -v "$1"
}

find_python_with() {
    local python
    for python in "$venv/bin/python" python3; do
        if "$python" -c "$1" 2>/dev/null; then
            echo "$python"
            return
        fi
    done
    return 1
}

# Free ports, from below the range that the system gives to clients, so that no connection of a test takes one between
# this look and the server's start.
choose_ports() {
    local names=(http tls tls12 tls13 expired wrong_host unknown_ca client_auth httpbin_port python_port websockets_port
        tls_proxy squid squid_auth tinyproxy microsocks microsocks_auth dante)
    # shellcheck disable=SC2229 # these are the names
    read -r "${names[@]}" < <(
        python3 - ${#names[@]} <<'PYTHON'
import random, socket, sys
held = []
for port in random.sample(range(20000, 32000), 1000):
    try:
        held.append(socket.create_server(("127.0.0.1", port)))
    except OSError:
        continue
    if len(held) == int(sys.argv[1]):
        break
print(*(s.getsockname()[1] for s in held))
PYTHON
    )
}

# ---- files and certificates

write_files() {
    local files=$dir/files
    printf 'Hello, world!\n' >"$files/small.txt"
    : >"$files/empty.txt"
    python3 -c 'import sys; sys.stdout.buffer.write(bytes(i % 251 for i in range(1 << 20)))' >"$files/1m.bin"
    truncate -s 1G "$files/1g.bin"
    seq -f 'line %g of a text that compresses well' 4000 >"$files/text.txt"
    printf 'user:{PLAIN}secret\n' >"$dir/passwords"
    chmod -R a+rX "$dir"
    chmod a+rwx "$dir/upload" "$dir/tmp"
}

# Our CA, an unknown CA, and the certificates that they sign. All are made at each start, so that the repository holds
# no secret and no certificate that expires.
write_certificates() {
    mkdir "$dir/certs"
    cd "$dir/certs"
    authority ca 'httpx test CA'
    authority stranger 'a CA that nobody knows'
    local here='DNS:localhost,IP:127.0.0.1,IP:::1'
    certificate good ca serverAuth "$here" 20200101000000Z 20491231000000Z
    certificate expired ca serverAuth "$here" 20200101000000Z 20200201000000Z
    certificate wrong_host ca serverAuth DNS:wrong.invalid 20200101000000Z 20491231000000Z
    certificate unknown_ca stranger serverAuth "$here" 20200101000000Z 20491231000000Z
    certificate client ca clientAuth DNS:client.invalid 20200101000000Z 20491231000000Z
    chmod -R a+rX .
    cd "$root"
    exports+=("HTTPX_CA=$dir/certs/ca.pem")
    exports+=("HTTPX_CLIENT_CERT=$dir/certs/client.pem" "HTTPX_CLIENT_KEY=$dir/certs/client.key")
}

# authority NAME SUBJECT: makes NAME.pem and NAME.key, and the files that `openssl ca` needs.
authority() {
    openssl_quiet req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 3650 -subj "/CN=$2" \
        -keyout "$1.key" -out "$1.pem" -addext keyUsage=critical,keyCertSign,cRLSign
    : >"$1.index"
    printf '[ca]\ndefault_ca = it\n[it]\ndatabase = %s.index\nnew_certs_dir = .\nrand_serial = yes\n' "$1" >"$1.conf"
    printf 'default_md = sha256\npolicy = any\nunique_subject = no\n[any]\ncommonName = supplied\n' >>"$1.conf"
}

# certificate NAME AUTHORITY USAGE ALTNAMES FROM TO: uses `openssl ca`, because only that can set dates in the past.
certificate() {
    openssl_quiet req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -subj "/CN=$1" \
        -keyout "$1.key" -out "$1.csr"
    printf 'basicConstraints = CA:FALSE\nsubjectAltName = %s\nextendedKeyUsage = %s\n' "$4" "$3" >"$1.ext"
    openssl_quiet ca -batch -notext -config "$2.conf" -cert "$2.pem" -keyfile "$2.key" -extfile "$1.ext" \
        -startdate "$5" -enddate "$6" -in "$1.csr" -out "$1.pem"
}

openssl_quiet() {
    local log
    if ! log=$(openssl "$@" 2>&1); then
        say "openssl $*: $log"
        exit 1
    fi
}

# ---- the servers

start_nginx() {
    write_nginx_conf >"$dir/nginx.conf"
    launch nginx "$http" "$nginx" -p "$dir" -c "$dir/nginx.conf" -e stderr
    exports+=(
        "HTTPX_NGINX=http://127.0.0.1:$http"
        "HTTPX_NGINX_TLS=https://localhost:$tls"
        "HTTPX_NGINX_TLS12=https://localhost:$tls12"
        "HTTPX_NGINX_TLS13=https://localhost:$tls13"
        "HTTPX_NGINX_EXPIRED=https://localhost:$expired"
        "HTTPX_NGINX_WRONG_HOST=https://localhost:$wrong_host"
        "HTTPX_NGINX_UNKNOWN_CA=https://localhost:$unknown_ca"
        "HTTPX_NGINX_CLIENT_AUTH=https://localhost:$client_auth"
    )
    if [[ -e $stream_module ]]; then
        exports+=("HTTPX_TLS_PROXY=https://localhost:$tls_proxy")
    else
        missing+=("nginx' stream module (apt-get install libnginx-mod-stream)")
    fi
}

start_httpbin() {
    # By default, the control socket is in the user's home.
    launch httpbin "$httpbin_port" "$python" -m gunicorn --bind "127.0.0.1:$httpbin_port" --worker-class gthread \
        --threads 8 --keep-alive 5 --graceful-timeout 1 --worker-tmp-dir "$dir/tmp" --no-control-socket httpbin:app
    exports+=("HTTPX_HTTPBIN=http://127.0.0.1:$httpbin_port")
}

start_python() {
    launch python "$python_port" python3 -m http.server --bind 127.0.0.1 --directory "$dir/files" "$python_port"
    exports+=("HTTPX_PYTHON=http://127.0.0.1:$python_port")
}

start_websockets() {
    launch websockets "$websockets_port" "$python" -c '
import sys
from websockets.sync.server import serve

def echo(socket):
    for message in socket:
        socket.send(message)

serve(echo, "127.0.0.1", int(sys.argv[1])).serve_forever()
' "$websockets_port"
    exports+=("HTTPX_WEBSOCKETS=http://127.0.0.1:$websockets_port")
}

# One server block for each port; they share their locations. "localhost" may be ::1 first, so nginx listens there too
# where there is such an address.
write_nginx_conf() {
    local user=
    if ((EUID == 0)); then user='user root;'; fi
    cat <<NGINX
$(if [[ -e $stream_module ]]; then echo "load_module $stream_module;"; fi)
$user
daemon off;
worker_processes 1;
pid $dir/nginx.pid;
events { worker_connections 1024; }
http {
    access_log off;
    default_type application/octet-stream;
    types { text/plain txt; }
    charset utf-8;
    client_body_temp_path $dir/tmp;
    proxy_temp_path $dir/tmp;
    fastcgi_temp_path $dir/tmp;
    uwsgi_temp_path $dir/tmp;
    scgi_temp_path $dir/tmp;
    root $dir/files;
    sendfile on;
    tcp_nodelay on;
    # Absolute redirects are written out in full.
    absolute_redirect off;
    keepalive_requests 100000;
    gzip on;
    gzip_types text/plain;
    gzip_min_length 100;
    ssl_certificate certs/good.pem;
    ssl_certificate_key certs/good.key;
    ssl_session_cache shared:all:1m;
    ssl_protocols TLSv1.2 TLSv1.3;

    server { $(listen "$http") include locations.conf; }
    server { $(listen "$tls" ssl) include locations.conf; }
    server { $(listen "$tls12" ssl) ssl_protocols TLSv1.2; include locations.conf; }
    server { $(listen "$tls13" ssl) ssl_protocols TLSv1.3; include locations.conf; }
    $(with_certificate "$expired" expired)
    $(with_certificate "$wrong_host" wrong_host)
    $(with_certificate "$unknown_ca" unknown_ca)
    server {
        $(listen "$client_auth" ssl)
        ssl_client_certificate certs/ca.pem;
        ssl_verify_client on;
        include locations.conf;
    }
}
$(if [[ -e $stream_module ]]; then tls_proxy_conf "$tls_proxy" "$squid"; fi)
NGINX
    write_nginx_locations >"$dir/locations.conf"
}

listen() {
    echo "listen 127.0.0.1:$1 ${2:-};"
    if [[ -e /proc/net/if_inet6 && $(</proc/net/if_inet6) == *' lo'* ]]; then
        echo "listen [::1]:$1 ${2:-};"
    fi
}

with_certificate() {
    echo "server { $(listen "$1" ssl) ssl_certificate certs/$2.pem; ssl_certificate_key certs/$2.key;"
    echo "include locations.conf; }"
}

write_nginx_locations() {
    local code
    cat <<NGINX
location / { }
# The files hold no server-side includes, but nginx sends no Content-Length for a page that could hold one.
location /chunked/ { alias $dir/files/; gzip off; ssi on; ssi_types text/plain; }
location /three/ { alias $dir/files/; keepalive_requests 3; }
location /close/ { alias $dir/files/; keepalive_timeout 0; }
location /idle/ { alias $dir/files/; keepalive_timeout 100ms; }
location /slow/ { alias $dir/files/; limit_rate 64k; }
location /private/ { alias $dir/files/; auth_basic "private"; auth_basic_user_file $dir/passwords; }
location /upload/ { alias $dir/upload/; dav_methods PUT DELETE; client_max_body_size 0; gzip off; }
location /limit/ { alias $dir/upload/; dav_methods PUT; client_max_body_size 1k; }
location = /redirect/relative { return 302 "../small.txt"; }
location = /redirect/fragment { return 302 "/small.txt#part"; }
location = /redirect/absolute { return 302 \$scheme://\$http_host/request; }
location = /redirect/loop { return 302 /redirect/loop; }
location = /redirect/elsewhere { return 302 http://localhost:$http/request; }
location = /request {
    gzip off;
    default_type text/plain;
    return 200 "method: \$request_method
uri: \$request_uri
version: \$server_protocol
host: \$http_host
length: \$content_length
type: \$content_type
authorization: \$http_authorization
cookie: \$http_cookie
accept-encoding: \$http_accept_encoding
user-agent: \$http_user_agent
";
}
location = /connection {
    gzip off;
    default_type text/plain;
    return 200 "connection: \$connection
requests: \$connection_requests
tls: \$ssl_protocol
resumed: \$ssl_session_reused
";
}
NGINX
    for code in 301 302 303 307 308; do
        echo "location = /redirect/$code { return $code /request; }"
    done
}

# ---- installing

install_missing() {
    local packages=() pair
    for pair in nginx:nginx-light openssl:openssl squid:squid tinyproxy:tinyproxy microsocks:microsocks \
        danted:dante-server; do
        find_program "${pair%:*}" >/dev/null || packages+=("${pair#*:}")
    done
    [[ -e $stream_module ]] || packages+=(libnginx-mod-stream)
    python3 -c 'import venv, ensurepip' 2>/dev/null || packages+=(python3-venv)
    if ((${#packages[@]})); then
        apt_install "${packages[@]}"
    fi
    if ! find_python_with 'import httpbin, gunicorn, websockets' >/dev/null; then
        python3 -m venv "$venv"
        "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$root/scripts/requirements.txt"
    fi
}

# Debian starts a server when it installs it, nginx on 0.0.0.0:80. Our servers listen on loopback only, so a policy
# forbids the start during the installation. Afterwards the services are disabled if systemd would start them at the next
# boot.
apt_install() {
    local policy=/usr/sbin/policy-rc.d package
    if [[ ! -e $policy ]]; then
        # shellcheck disable=SC2064 # $policy is a local, gone when the trap runs
        trap "rm -f $policy" EXIT
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
    fi
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
    for package in "$@"; do
        case $package in
            nginx-light) disable nginx ;;
            dante-server) disable danted ;;
            squid | tinyproxy | microsocks) disable "$package" ;;
        esac
    done
}

disable() {
    if [[ -d /run/systemd/system ]]; then systemctl disable --now "$1"; fi
}

main "$@"
