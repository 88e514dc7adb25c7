"""Compares what the codec says of messages with what h11 says of them: see scripts/oracle.sh.

    oracle.py [--show] VERDICTS DIFFERENCES

A line of DIFFERENCES is `ROLE: OURS / H11'S: REASON`. OURS and H11'S are what they say, `…` standing for anything:
`error NAME`, or the first part of the verdicts in which they differ.
"""

import re
import sys
from collections import Counter, defaultdict

import h11

LEAST = 5000


def asked(what):
    """A client that has asked like ours."""
    conn = h11.Connection(h11.CLIENT, max_incomplete_event_size=65536)
    headers = {
        "UPGRADE": [("Host", "h"), ("Connection", "upgrade"), ("Upgrade", "websocket")],
        "CLOSE": [("Host", "h"), ("Connection", "close")],
    }.get(what, [("Host", "h")])
    method = "GET" if what in ("UPGRADE", "CLOSE") else what
    conn.send(h11.Request(method=method, target="/", headers=headers))
    conn.send(h11.EndOfMessage())
    return conn


def describe(headers):
    framing = (b"content-length", b"transfer-encoding")
    return "[" + "".join(f"{n.decode()}={v.hex()};" for n, v in headers if n not in framing) + "]"


def verdict(conn, data, eof):
    """As the codec's own: see crates/httpx-proto/examples/oracle.rs."""
    said, body = [], b""
    try:
        if data:
            conn.receive_data(data)  # nothing would be the end
        if eof:
            conn.receive_data(b"")
        while True:
            event = conn.next_event()
            match event:
                case h11.NEED_DATA:
                    end = "more"
                    break
                case h11.PAUSED:
                    end = "switched"
                    break
                case h11.ConnectionClosed():
                    end = "closed"
                    break
                case h11.Request():
                    said.append(f"head {event.method.decode()} {event.target.decode()} {describe(event.headers)}")
                case h11.InformationalResponse() if event.status_code != 101:
                    said.append(f"interim {event.status_code} {describe(event.headers)}")
                case h11.Response() | h11.InformationalResponse():
                    said.append(f"head {event.status_code} {describe(event.headers)}")
                case h11.Data():
                    body += event.data
                case h11.EndOfMessage():
                    closes = conn.their_state in (h11.MUST_CLOSE, h11.CLOSED)
                    end = f"end {describe(event.headers)} {'close' if closes else 'keep'}"
                    break
    except h11.RemoteProtocolError as error:
        return [*said, f"data {body.hex()}", f"error {error}"]
    unread = [f"unread {len(conn.trailing_data[0])}"] if re.match("end|switched", end) else []
    return [*said, f"data {body.hex()}", end, *unread]


def difference(ours, theirs):
    """What they say differently; None if they agree. Refused is refused, for whatever reason and wherever."""
    errors = [next((part for part in said if part.startswith("error")), None) for said in (ours, theirs)]
    if all(errors):
        return None
    if any(errors):
        return tuple(error or summary(said) for error, said in zip(errors, (ours, theirs)))
    pairs = zip([*ours, ""], [*theirs, ""])
    return next(((one, two) for one, two in pairs if re.sub(r" close \w+$", " close", one) != two), None)


def summary(said):
    """How it ends, without details."""
    return next(part.split(" ")[0] for part in said if re.match("more|switched|closed|end", part))


def read_differences(path):
    listed = []
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        if line.strip() and not line.startswith("#"):
            match = re.fullmatch(r"(client|server): (.+?) / (.+?): (\S.*)\n", line)
            if not match:
                sys.exit(f"{path}:{number}: not `ROLE: OURS / H11'S: REASON`")
            role, *patterns, _ = match.groups()
            patterns = [".*".join(map(re.escape, pattern.split("…"))) for pattern in patterns]
            listed.append((number, role, [re.compile(pattern, re.DOTALL) for pattern in patterns]))
    return listed


def main():
    show = "--show" in sys.argv
    verdicts, path = [arg for arg in sys.argv[1:] if arg != "--show"]
    listed, hits, unlisted = read_differences(path), Counter(), defaultdict(list)
    messages = 0
    for line in open(verdicts, encoding="ascii"):
        message, ours = line.rstrip("\n").split(" = ", 1)
        role, what, eof, *data = message.split(" ")
        conn = h11.Connection(h11.SERVER, max_incomplete_event_size=65536) if role == "server" else asked(what)
        data = bytes.fromhex("".join(data))
        messages += 1
        found = difference(ours.split(" | "), verdict(conn, data, eof == "1"))
        if not found:
            continue
        numbers = [n for n, r, patterns in listed if r == role and all(p.fullmatch(f) for p, f in zip(patterns, found))]
        if numbers:
            hits[numbers[0]] += 1
        if not numbers or show:
            unlisted[role, *map(shorten, found)].append(f"{what} {data!r}")
    for key, examples in sorted(unlisted.items(), key=lambda item: -len(item[1])):
        print("{}: {} / {}: ".format(*key), f"{len(examples)} times, as {examples[0]}", file=sys.stderr)
    gone = [number for number, *_ in listed if not hits[number]]
    for number in gone:
        print(f"{path}:{number}: this difference is gone", file=sys.stderr)
    print(f"oracle: {messages} messages, {hits.total()} differ from h11 {h11.__version__} in {len(listed)} ways that are meant")
    if messages < LEAST:
        sys.exit(f"oracle: only {messages} messages")
    if not show and (unlisted or gone):
        sys.exit(f"oracle: {len(unlisted)} differences are not listed, {len(gone)} listed ones are gone")


def shorten(text):
    return re.sub(r"\b[0-9a-f]{6,}\b|\[.*\]", "…", text)


if __name__ == "__main__":
    main()
