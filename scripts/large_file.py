#!/usr/bin/env python3
"""Sends and saves a file of 2 GiB in both flavours, and compares with curl in the same run: CPU time and memory.

    scripts/large_file.py            build, measure 3 interleaved rounds, and check the limits
    scripts/large_file.py ROUNDS MIB

Fails if a flavour takes more CPU time than MAX_TIMES_CURL allows (median of the rounds), or more than 32 MiB of memory, or
if a byte differs.
"""

import hashlib
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 3
SIZE = (int(sys.argv[2]) if len(sys.argv) > 2 else 2048) << 20
MAX_TIMES_CURL = {
    ("up", "blocking"): 1.1,
    ("up", "async"): 1.1,
    ("down", "blocking"): 1.1,
    # The aim is 1.1 here too. The bytes are received on one thread and written to the file on another, so they move from the
    # cache of one core to that of another, which costs more than all the rest: 1.35 on a quiet machine, 1.9 on a busy one.
    ("down", "async"): 2.5,
}
MAX_MEMORY = 32 << 10  # KiB
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
COST = os.path.join(ROOT, "bench/target/release/cost")


def serve(path, expected):
    """Starts a server that sends the file, and that refuses a file with another hash. Returns its URL."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer(stream):
        head = b""
        while b"\r\n\r\n" not in head:
            part = stream.recv(65536)
            if not part:
                return
            head += part
        head, body = head.split(b"\r\n\r\n", 1)
        if head.startswith(b"GET"):
            stream.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % SIZE)
            with open(path, "rb") as file:
                stream.sendfile(file)
        else:
            lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
            assert len(lengths) == 1 and int(lengths[0].split(b":")[1]) == SIZE, head
            got, room, checked = len(body), bytearray(1 << 20), hashlib.blake2b(body)
            while got < SIZE:
                n = stream.recv_into(room)
                if not n:
                    break
                checked.update(memoryview(room)[:n])
                got += n
            status = b"200 OK" if checked.digest() == expected else b"400 Bad Request"
            stream.sendall(b"HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n" % status)
        stream.close()

    def accept():
        while True:
            threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}/file"


def measure(command):
    """Runs a command. Returns its CPU time in seconds, and its peak of memory in KiB, which our program prints."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, command
    return usage.ru_utime + usage.ru_stime, int(printed or 0)


def digest(path):
    checked, room = hashlib.blake2b(), bytearray(1 << 20)
    with open(path, "rb") as file:
        while n := file.readinto(room):
            checked.update(memoryview(room)[:n])
    return checked.digest()


def main():
    build = ["cargo", "build", "--release", "--locked", "--quiet", "--manifest-path", f"{ROOT}/bench/Cargo.toml"]
    subprocess.run(build, check=True)
    with tempfile.TemporaryDirectory() as work:
        source, saved = f"{work}/source", f"{work}/saved"
        with open(source, "wb") as file:
            piece = os.urandom(1 << 20)
            for number in range(SIZE >> 20):
                file.write(number.to_bytes(8, "big") + piece[8:])
        expected = digest(source)
        url = serve(source, expected)
        commands = {
            "up": {
                "curl": ["curl", "-sSf", "--noproxy", "*", "-H", "Expect:", "-T", source, url],
                "blocking": [COST, "file", "blocking", "up", url, source],
                "async": [COST, "file", "async", "up", url, source],
            },
            "down": {
                "curl": ["curl", "-sSf", "--noproxy", "*", "-o", saved, url],
                "blocking": [COST, "file", "blocking", "down", url, saved],
                "async": [COST, "file", "async", "down", url, saved],
            },
        }
        passed = []
        for direction, clients in commands.items():
            figures = {client: [] for client in clients}
            for number in range(ROUNDS):
                for client, command in clients.items():
                    figures[client].append(measure(command))
                    if direction == "down":
                        if number == 0:
                            assert digest(saved) == expected, f"{client} saved other bytes"
                        os.remove(saved)
            curl = statistics.median(cpu for cpu, _ in figures["curl"])
            for client, rows in figures.items():
                cpu = statistics.median(cpu for cpu, _ in rows)
                memory = max(memory for _, memory in rows)
                peak = f", {memory / 1024:.1f} MiB of memory" if memory else ""
                print(f"{direction:5} {client:9} {cpu:6.2f} s of CPU, {cpu / curl:4.2f} times curl{peak}")
                if client != "curl" and (cpu > MAX_TIMES_CURL[direction, client] * curl or memory > MAX_MEMORY):
                    passed.append(f"{direction} {client}")
        if passed:
            sys.exit(f"large_file: beyond a limit: {', '.join(passed)}")


main()
