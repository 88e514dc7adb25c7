"""Compares the codec's verdicts on messages with those of h11: see scripts/oracle.sh.

    oracle.py [--show] VERDICTS DIFFERENCES

A line of DIFFERENCES is `ROLE: OURS / H11'S: REASON`, where OURS and H11'S are parts of the verdicts that differ, `…`
standing for anything. Every part that differs must be listed.
"""

import re
import sys
from collections import Counter, defaultdict

import h11

# Messages for each role.
LEAST = 5000

# The fields of these messages that RFC 9110 §6.5.1 forbids in trailers. h11 delivers them.
NO_TRAILERS = set(
    b"authorization connection content-encoding content-length content-range content-type cookie expect host set-cookie"
    b" trailer transfer-encoding upgrade".split()
)

# Simple patterns for valid syntax, and for faults of a chunk-size line.
TOKEN = rb"!#$%&'*+.^_`|~0-9a-z-"
HOST = rb"(?:[a-z0-9._~%!$&'()*+,;=-]*|\[[0-9a-f:.]+\])(?::\d*)?"
PATH = rb'[!"$-~]*'
TARGETS = [
    rb"(?!(?-i:CONNECT) )\S+ /" + PATH,
    rb"(?!(?-i:CONNECT) )\S+ https?://" + HOST + rb"(?:[/?]" + PATH + rb")?",
    rb"(?-i:OPTIONS) \*",
    rb"(?-i:CONNECT) (?!:)" + HOST + rb"(?<=\d)",
]
CHUNK_SIZES = [
    rb"^[0-9a-f]+[ \t]",
    rb"^[0-9a-f]{17}",
    rb"^[0-9a-f]+\r[^\n]",
    rb"^[0-9a-f]+;.*?(?:(?!\r\n)[\0-\x08\x0b-\x1f\x7f]|[^\r]\n)",
    rb"\n\r?\n(?:[0-9a-f]*[^0-9a-f;\r]|\r)",
]
# Both lengths, in either order.
BOTH = rb"^content-length:[\s\S]*^transfer-encoding:|^transfer-encoding:[\s\S]*^content-length:"

# If only the codec gives this verdict, the message must match this pattern, so that a line of DIFFERENCES does not hide
# new differences. If it does not match, the part is `unexplained`, which is never listed.
EXPLANATIONS = {
    "error BareLf": rb"(?<!\r)\n",
    "error BothLengths": BOTH,
    "error ChunkSize": b"|".join(CHUNK_SIZES),
    "error ContentLength": rb"^content-length:.*(?:9[2-9]\d{17}|[1-9]\d{19})",
    "error ContentLengths": rb"^content-length:[\s\S]*^content-length:|^content-length:.*,",
    "error Expect": rb"^expect:[ \t]*(?!100-continue[ \t]*\r?$)",
    "error HeaderName": rb"^[ \t]",
    "error HeaderValue": rb"^[^:\n]+:.*[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]",
    "error Host": rb"^host:[ \t]*(?!" + HOST + rb"[ \t]*\r?$)|\A(?![\s\S]*^host:)",
    "error Method": rb"\A\S{33}",
    "error NoBody": rb"\A(?-i:CONNECT) [\s\S]*^(?:content-length:[ \t]*[1-9]|transfer-encoding:)",
    "client: error NotHttp": rb"\A(?!(?-i:HTTP/1|(?:H|HT|HTT|HTTP|HTTP/)?\Z))",
    "server: error NotHttp": rb"\A[" + TOKEN + rb"]*[^ " + TOKEN + rb"]",
    "error StartLine": rb"\A.*\x7f|\A(?!\S+ \S+ (?-i:HTTP)/\d\.\d\r?$)",
    "error Status": rb"^HTTP/1\.\d [6-9]\d\d",
    "error Target": rb"\A(?!(?:" + b"|".join(TARGETS) + rb") HTTP/)",
    "error TransferEncodingIn10": rb"HTTP/1\.0\b[\s\S]*^transfer-encoding:",
    "error UnaskedSwitch": rb"^HTTP/1\.1 101\b(?![\s\S]*^upgrade:[ \t]*websocket\r?$)|^HTTP/1\.0 101\b",
    "error Version": rb"\A.*HTTP/(?!1\.[01]\b|1?\.?\Z)",
    "reuse HTTP/1.0 keep": rb"^connection:.*\bkeep-alive\b",
    "reuse HTTP/1.1 close Ambiguous": BOTH,
    "reuse HTTP/1.1 close BodyEndsIt": rb"\A(?![\s\S]*^(?:content-length|transfer-encoding):)",
    "reuse HTTP/1.1 close PeerSaidClose": rb"^connection:.*\bclose\b",
}


def asked(what):
    """A client that has sent the same request as ours."""
    conn = h11.Connection(h11.CLIENT, max_incomplete_event_size=65536)
    headers = {
        "UPGRADE": [("Host", "h"), ("Connection", "upgrade"), ("Upgrade", "websocket")],
        "CLOSE": [("Host", "h"), ("Connection", "close")],
    }.get(what, [("Host", "h")])
    method = "GET" if what in ("UPGRADE", "CLOSE") else what
    conn.send(h11.Request(method=method, target="/", headers=headers))
    conn.send(h11.EndOfMessage())
    return conn


def describe(headers, without=(b"content-length", b"transfer-encoding")):
    return "[" + "".join(f"{name.decode()}={value.hex()};" for name, value in headers if name not in without) + "]"


def verdict(conn, data, eof):
    """The verdict, in the format of crates/httpx-proto/examples/oracle.rs."""
    said, body, version = [], b"", ""
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
                    version = f"HTTP/{event.http_version.decode()}"
                    said.append(f"head {version} {event.method.decode()} {event.target.decode()} {describe(event.headers)}")
                case h11.InformationalResponse() if event.status_code != 101:
                    said.append(f"interim {event.status_code} {describe(event.headers)}")
                case h11.Response() | h11.InformationalResponse():
                    version = f"HTTP/{event.http_version.decode()}"
                    said.append(f"head {version} {event.status_code} {describe(event.headers)}")
                case h11.Data():
                    body += event.data
                case h11.EndOfMessage():
                    closes = conn.their_state in (h11.MUST_CLOSE, h11.CLOSED)
                    said.append(f"trailers {describe(event.headers, NO_TRAILERS)}")
                    said.append(f"reuse {version} {'close' if closes else 'keep'}")
                    end = "end"
                    break
    except h11.RemoteProtocolError as error:
        return [*said, f"data {body.hex()}", f"error {error}"]
    unread = [f"unread {len(conn.trailing_data[0])}"] if end in ("end", "switched") else []
    return [*said, f"data {body.hex()}", end, *unread]


def differences(role, ours, theirs, head):
    """The parts that differ. The reasons of two refusals may differ, but the events before them must be the same."""
    ours, theirs = by_kind(ours), by_kind(theirs)
    refused = [side["end"].startswith("error") for side in (ours, theirs)]
    kinds = [kind for kind in ours | theirs if not any(refused) or kind in ours and kind in theirs]
    if all(refused):
        kinds.remove("end")
    found = []
    for kind in kinds:
        one, two = (side.get(kind, f"no {kind}") for side in (ours, theirs))
        if one == two or re.sub(r"(?<= close) \w+$", "", one) == two:
            continue
        if kind == "data" and any(refused) and said_less(role, ours, theirs, head):
            continue
        found.append((one if is_explained(role, one, head) else f"{one}, unexplained", two))
    return found


def said_less(role, ours, theirs, head):
    """Returns whether one verdict has less data because it refused a head or a chunk size earlier."""
    if "head" not in ours or "head" not in theirs:
        return True
    if ours["end"] == "error ChunkSize" and is_explained(role, ours["end"], head):
        return theirs["data"].startswith(ours["data"])
    return theirs["end"].startswith("error illegal chunk header") and ours["data"].startswith(theirs["data"])


def is_explained(role, part, head):
    explanation = EXPLANATIONS.get(part) or EXPLANATIONS.get(f"{role}: {part}")
    return explanation is None or re.search(explanation, head, re.MULTILINE | re.IGNORECASE) is not None


def by_kind(said):
    """The parts of a verdict: `head`, `data`, `trailers` …, with interim heads numbered; `end` is the last event."""
    kinds = {}
    for part in said:
        kind = part.split(" ")[0]
        kind = {"more": "end", "switched": "end", "closed": "end", "error": "end"}.get(kind, kind)
        kinds[f"{kind} {len(kinds)}" if kind == "interim" else kind] = part
    return kinds


def head_of(data):
    """The text that is searched for a pattern: the head after interim ones, and the body if it is chunked."""
    data = re.sub(rb"\A(?:\r?\n|HTTP/1\.\d 1(?!01)\d\d\b[\s\S]*?\n\r?\n)+", b"", data)
    head = re.match(rb"[\s\S]*?\n\r?\n", data)
    return data if head is None or b"transfer-encoding" in head[0].lower() else head[0]


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
    messages = Counter()
    for line in open(verdicts, encoding="ascii"):
        message, ours = line.rstrip("\n").split(" = ", 1)
        role, what, eof, *data = message.split(" ")
        conn = h11.Connection(h11.SERVER, max_incomplete_event_size=65536) if role == "server" else asked(what)
        data = bytes.fromhex("".join(data))
        messages[role] += 1
        for found in differences(role, ours.split(" | "), verdict(conn, data, eof == "1"), head_of(data)):
            number = next((n for n, r, pair in listed if r == role and all(map(re.Pattern.fullmatch, pair, found))), None)
            hits[number] += 1
            if number is None or show:
                unlisted[role, *map(shorten, found)].append(f"{what} {data!r}")
    for key, examples in sorted(unlisted.items(), key=lambda item: -len(item[1])):
        print("{}: {} / {}: ".format(*key), f"{len(examples)} times, as {examples[0]}", file=sys.stderr)
    gone = [number for number, *_ in listed if not hits[number]]
    for number in gone:
        print(f"{path}:{number}: this difference is gone", file=sys.stderr)
    counts = ", ".join(f"{count} for a {role}" for role, count in sorted(messages.items()))
    print(f"oracle: {counts}; {hits.total()} times other than h11 {h11.__version__}, in {len(listed)} ways that are meant")
    if any(messages[role] < LEAST for role in ("client", "server")):
        sys.exit(f"oracle: fewer than {LEAST} messages for a role")
    if not show and (unlisted or gone):
        sys.exit(f"oracle: {len(unlisted)} differences are not listed, {len(gone)} listed ones are gone")


def shorten(text):
    return re.sub(r"\b[0-9a-f]{6,}\b|\[.*\]", "…", text)


if __name__ == "__main__":
    main()
