#!/usr/bin/env python3
"""A server on loopback for scripts/get.sh. It prints its port, answers each request, and closes the connection.

path            answer
--------------  -----------------------------------------------------------------------------------------------------
/empty          nothing
/partial        a part of a response
/weird          no HTTP
/json           {"name": "a pen", "text": "\\u001b[31m"}
/hostile        a reason with U+202E, and a header with U+009B, which begins a command of a terminal
/escape         a reason with ESC
/retry/CODE     CODE to the first request, 200 to the second, then CODE again
/down/CODE      CODE
/count          the number of requests since the last /count
http://…        (as a proxy) the request line, and what it was told by Proxy-Authorization
"""
import re
import socket

ANSWERS = {
    "/empty": b"",
    "/partial": b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart",
    "/weird": b"\1\2\3\r\n\r\n",
    "/escape": b"HTTP/1.1 200 \x1b[31mOK\r\nContent-Length: 0\r\n\r\n",
}
HOSTILE = "HTTP/1.1 200 \u202eKO\r\nX-Hostile: \u009b32m\r\n"
requests = []


def received(connection):
    """Returns the method, the target, the lines of the head, and the body."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536) or b"\r\n\r\n"
    head, body = data.split(b"\r\n\r\n", 1)
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    while length and len(body) < int(length[1]):
        body += connection.recv(65536) or bytes(int(length[1]))
    lines = head.decode("latin-1").split("\r\n")
    method, target, *_ = lines[0].split(" ") + ["", ""]
    return method, target, lines, body


def response(status, body, head="", media_type="text/plain"):
    body = body.encode()
    lines = head or f"HTTP/1.1 {status} Status\r\n"
    return f"{lines}Content-Type: {media_type}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body


def answer(method, target, lines, body):
    kind, _, code = target.removeprefix("/").partition("/")
    if target in ANSWERS:
        return ANSWERS[target]
    if target.startswith("http://"):
        shown = [line for line in lines[1:] if line.lower().startswith("proxy-authorization:")]
        return response(200, "".join(f"{line}\n" for line in [lines[0], *shown]))
    if target == "/json":
        return response(200, '{"name": "a pen", "text": "\\u001b[31m"}', media_type="application/json")
    if target == "/hostile":
        return response(200, "", head=HOSTILE)
    if target == "/count":
        count = len(requests)
        requests.clear()
        return response(200, f"{count} requests\n")
    requests.append(target)
    if kind == "down" or (kind == "retry" and len(requests) % 2 == 1):
        return response(code, "not now\n")
    return response(200, f"request {len(requests)}: {method} {body.decode()}\n")


def main():
    server = socket.create_server(("127.0.0.1", 0))
    print(server.getsockname()[1], flush=True)
    while True:
        connection, _ = server.accept()
        with connection:
            # A client that goes away does no harm to the next one.
            try:
                connection.sendall(answer(*received(connection)))
            except OSError:
                continue


main()
