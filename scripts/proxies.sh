# The proxies of scripts/servers.sh, which sources this file.

# start_proxies SQUID SQUID_AUTH TINYPROXY MICROSOCKS MICROSOCKS_AUTH DANTE: on these ports.
start_proxies() {
    local program
    if program=$(find_program squid) && [[ -x $ncsa_auth && -x $digest_auth ]]; then
        start_squid "$program" "$1" "$2"
    else
        missing+=("squid (apt-get install squid)")
    fi
    if program=$(find_program tinyproxy); then
        start_tinyproxy "$program" "$3"
    else
        missing+=("tinyproxy (apt-get install tinyproxy)")
    fi
    if program=$(find_program microsocks); then
        launch microsocks "$4" "$program" -i 127.0.0.1 -p "$4"
        launch microsocks_auth "$5" "$program" -i 127.0.0.1 -p "$5" -u user -P secret
        exports+=("HTTPX_MICROSOCKS=127.0.0.1:$4" "HTTPX_MICROSOCKS_AUTH=127.0.0.1:$5")
    else
        missing+=("microsocks (apt-get install microsocks)")
    fi
    if program=$(find_program danted); then
        start_dante "$program" "$6"
    else
        missing+=("dante (apt-get install dante-server)")
    fi
}

# The programs that check squid's passwords, and where Debian puts it.
ncsa_auth=/usr/lib/squid/basic_ncsa_auth
digest_auth=/usr/lib/squid/digest_file_auth

# As root, squid runs as another user, who needs its files.
start_squid() {
    local program=$1 port=$2 auth_port=$3
    mkdir "$dir/squid"
    chmod a+x "$dir"
    chmod a+rwx "$dir/squid"
    printf 'user:%s\n' "$(openssl passwd -apr1 secret)" >"$dir/squid/passwords"
    printf 'user:secret\n' >"$dir/squid/digests"
    cat >"$dir/squid/squid.conf" <<SQUID
http_port 127.0.0.1:$port
http_port 127.0.0.1:$auth_port
auth_param basic program $ncsa_auth $dir/squid/passwords
auth_param basic realm squid
auth_param basic children 1
auth_param digest program $digest_auth $dir/squid/digests
auth_param digest realm squid
auth_param digest children 1
acl for_all localport $port
acl known proxy_auth REQUIRED
http_access allow for_all
http_access allow known
http_access deny all
cache deny all
access_log none
cache_log $dir/squid/cache.log
coredump_dir $dir/squid
pid_filename none
netdb_filename none
pinger_enable off
visible_hostname localhost
max_filedescriptors 1024
shutdown_lifetime 0 seconds
SQUID
    launch squid "$port" "$program" -N -f "$dir/squid/squid.conf"
    exports+=("HTTPX_SQUID=http://127.0.0.1:$port" "HTTPX_SQUID_AUTH=http://127.0.0.1:$auth_port")
}

start_tinyproxy() {
    local program=$1 port=$2
    cat >"$dir/tinyproxy.conf" <<TINYPROXY
Port $port
Listen 127.0.0.1
BasicAuth user secret
Timeout 60
MaxClients 100
LogLevel Warning
TINYPROXY
    launch tinyproxy "$port" "$program" -d -c "$dir/tinyproxy.conf"
    exports+=("HTTPX_TINYPROXY=http://127.0.0.1:$port")
}

start_dante() {
    local program=$1 port=$2
    cat >"$dir/dante.conf" <<DANTE
errorlog: stderr
internal: 127.0.0.1 port = $port
external: 127.0.0.1
clientmethod: none
socksmethod: none
client pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }
socks pass { from: 127.0.0.0/8 to: 0.0.0.0/0 proxyprotocol: socks_v4 socks_v5 }
DANTE
    launch dante "$port" "$program" -f "$dir/dante.conf" -p "$dir/dante.pid"
    exports+=("HTTPX_DANTE=127.0.0.1:$port")
}

# One port with TLS in front of squid, by a module of nginx.
tls_proxy_conf() {
    local port=$1 squid_port=$2
    cat <<NGINX
stream {
    server {
        $(listen "$port" ssl)
        ssl_certificate certs/good.pem;
        ssl_certificate_key certs/good.key;
        proxy_pass 127.0.0.1:$squid_port;
    }
}
NGINX
}
