#!/usr/bin/env python3
"""Compares NoProxy with curl: which URLs go past the proxy with which list.

    scripts/no_proxy.py

Every list below is tried with every URL. Fails for a difference that is not listed in DIFFERENCES, and for a listed one
that it does not find.
"""

import itertools
import os
import pathlib
import re
import socketserver
import subprocess
import sys
import threading
import urllib.parse

# Every list with every URL. Lists hold no control characters, except for tabs, which are white space.
LISTS = [
    "",
    ",",
    "*",
    " *",
    "*,nothing.example",
    "*.example.com",
    "example.com",
    "EXAMPLE.com",
    "example.com.",
    ".example.com",
    ".example.com.",
    "..example.com",
    "ww.example.com",
    "www.example.com",
    "com",
    "e.com",
    ".",
    "localhost",
    "nothing.example,example.com",
    "nothing.example, example.com",
    "nothing.example ,example.com",
    "nothing.example example.com",
    "nothing.example\texample.com",
    " example.com ",
    ",,example.com,,",
    "nothing.example;example.com",
    "http://example.com",
    "example.com/8",
    "bücher.example",
    "xn--bcher-kva.example",
    "192.0.2.1",
    "192.0.2",
    ".192.0.2.1",
    "192.0.2.1.",
    "192.0.2.1/32",
    "192.0.2.0/24",
    "192.0.2.77/24",
    "192.0.2.2/31",
    "192.0.2.1/33",
    "192.0.2.0/x",
    "192.0.2.0/255.255.255.0",
    "192.0.2/24",
    "0.0.0.0/0",
    "0xc0.0.2.1",
    "10.0.0.0/8,192.0.2.0/24",
    "::1",
    "[::1]",
    "::1/128",
    "::/127",
    "::/0",
    "2001:db8::/32",
    "2001:DB8:0:0:0:0:0:1",
    "[2001:db8::]/32",
    "fd00::/8, ::1",
    "::ffff:192.0.2.1",
    "example.com:80",
    "example.com:8080",
    "192.0.2.1:8080",
    "[::1]:8080",
    "example.com:",
]

URLS = [
    "http://example.com/",
    "http://example.com:8080/",
    "http://EXAMPLE.COM./",
    "http://www.example.com/",
    "http://a.www.example.com/",
    "http://wwww.example.com/",
    "http://badexample.com/",
    "http://example.com.org/",
    "http://example.org/",
    "http://com/",
    "http://localhost/",
    "http://bücher.example/",
    "http://192.0.2.1/",
    "http://192.0.2.1:8080/",
    "http://192.0.2.3/",
    "http://192.0.3.1/",
    "http://127.0.0.1/",
    "http://1.192.0.2.example/",
    "http://[::1]/",
    "http://[::1]:8080/",
    "http://[::2]/",
    "http://[2001:db8::1]/",
    "http://[2001:db9::1]/",
]

# Why curl uses the proxy for URLs that NoProxy matches; the lists, and for each its URLs.
DIFFERENCES = [
    (
        "curl knows no ports in a list; Go does",
        {
            "example.com:80": [
                "http://example.com/",
                "http://EXAMPLE.COM./",
                "http://www.example.com/",
                "http://a.www.example.com/",
                "http://wwww.example.com/",
            ],
            "example.com:8080": ["http://example.com:8080/"],
            "192.0.2.1:8080": ["http://192.0.2.1:8080/"],
            "[::1]:8080": ["http://[::1]:8080/"],
        },
    ),
    (
        "curl takes a prefix of length 0 for one address; for RFC 4632 and Go it is all of them",
        {
            "0.0.0.0/0": [
                "http://192.0.2.1/",
                "http://192.0.2.1:8080/",
                "http://192.0.2.3/",
                "http://192.0.3.1/",
                "http://127.0.0.1/",
            ],
            "::/0": [
                "http://[::1]/",
                "http://[::1]:8080/",
                "http://[::2]/",
                "http://[2001:db8::1]/",
                "http://[2001:db9::1]/",
            ],
        },
    ),
    (
        "this curl compares IPv6 addresses as text, although its manual says that it knows their prefixes",
        {
            "[::1]": ["http://[::1]/", "http://[::1]:8080/"],
            "::1/128": ["http://[::1]/", "http://[::1]:8080/"],
            "::/127": ["http://[::1]/", "http://[::1]:8080/"],
            "2001:db8::/32": ["http://[2001:db8::1]/"],
            "[2001:db8::]/32": ["http://[2001:db8::1]/"],
            "2001:DB8:0:0:0:0:0:1": ["http://[2001:db8::1]/"],
        },
    ),
    (
        "curl compares the name in the list, as it is, with the ASCII form of the host; Go converts both",
        {"bücher.example": ["http://bücher.example/"]},
    ),
    ("NoProxy ignores white space around the only entry", {" *": URLS}),
]

# The version for which DIFFERENCES is complete. With another one, they may be gone.
VERSION = "curl 7.88.1"

# The status of the proxy, which no other server sends.
STATUS = 299


class Proxy(socketserver.StreamRequestHandler):
    """Answers each request."""

    def handle(self):
        while line := self.rfile.readline():
            if line == b"\r\n":
                self.wfile.write(b"HTTP/1.1 %d Proxied\r\nContent-Length: 0\r\n\r\n" % STATUS)


def ask_ours(pairs):
    command = ["cargo", "run", "--quiet", "-p", "httpx-pool", "--example", "no_proxy"]
    lines = "".join(f"{no_proxy}\t{url}\n" for no_proxy, url in pairs)
    done = subprocess.run(command, input=lines, stdout=subprocess.PIPE, check=True, encoding="utf-8")
    return done.stdout.splitlines()


def ask_curl(pairs):
    """The verdicts of one curl, which fetches each URL through a proxy on loopback, or without it in vain: names lead to
    an address of loopback without listeners, and a socket that is bound to loopback reaches no other network."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Proxy) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        proxy = f"http://127.0.0.1:{server.server_address[1]}"
        transfers = "next\n".join(transfer(proxy, *pair) for pair in pairs)
        done = subprocess.run(
            ["curl", "--disable", "--config", "-"],
            input=transfers,
            stdout=subprocess.PIPE,
            check=False,
            encoding="utf-8",
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        )
        server.shutdown()
    return [verdict(*line.split()) for line in done.stdout.splitlines()]


def transfer(proxy, no_proxy, url):
    options = {
        "url": url,
        "proxy": proxy,
        "noproxy": no_proxy,
        "interface": "127.0.0.1",
        "output": "/dev/null",
        "write-out": "%{exitcode} %{http_code}\\n",
        "max-time": "60",
    }
    lines = [f'{name} = "{value}"' for name, value in options.items()]
    name = urllib.parse.urlsplit(url).hostname.encode("idna").decode()
    if not re.search(r"\d$|:", name):
        lines += [f'resolve = "{name}:{port}:127.255.255.254"' for port in (80, 8080)]
    return "\n".join(["silent", "globoff", *lines, ""])


def verdict(exit_code, status):
    if (exit_code, status) == ("0", str(STATUS)):
        return "proxy"
    # Another server that listens on this port of loopback, no connection, no such interface.
    if exit_code in ("0", "7", "45"):
        return "direct"
    sys.exit(f"no_proxy: curl ended with {exit_code}")


def version():
    return " ".join(subprocess.check_output(["curl", "--version"], encoding="utf-8").split()[:2])


def main():
    os.chdir(pathlib.Path(__file__).resolve().parent.parent)
    pairs = list(itertools.product(LISTS, URLS))
    ours, curls = ask_ours(pairs), ask_curl(pairs)
    if not len(pairs) == len(ours) == len(curls):
        sys.exit(f"no_proxy: {len(pairs)} pairs, {len(ours)} and {len(curls)} answers")
    found = {(*pair, our) for pair, our, curl in zip(pairs, ours, curls) if our != curl}
    listed = {(key, url, "direct") for _, lists in DIFFERENCES for key, urls in lists.items() for url in urls}
    gone = listed - found if version() == VERSION else set()
    for no_proxy, url, our in sorted(found - listed):
        print(f"{no_proxy!r} {url}: {our} for NoProxy, not for curl", file=sys.stderr)
    for no_proxy, url, _ in sorted(gone):
        print(f"{no_proxy!r} {url}: this difference is gone", file=sys.stderr)
    counts = f"{len(pairs)} pairs, {curls.count('direct')} of them direct for {version()}"
    print(f"no_proxy: {counts}; {len(found & listed)} differ, as listed")
    if found - listed or gone:
        sys.exit(1)


if __name__ == "__main__":
    main()
