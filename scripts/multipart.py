#!/usr/bin/env python3
"""Compares the forms that `Multipart` writes, and the bodies that `Response::multipart` reads, with other parsers.

    target/oracle-venv/bin/python scripts/multipart.py

The forms are parsed by Python's `email`, Werkzeug, python-multipart and busboy (Node.js), and by this library. The bodies are
parsed by this library and by `email`. Fails for each difference that DIFFERENCES does not allow. Needs the packages of
oracle-requirements.txt, which scripts/oracle.sh installs, and Debian's `nodejs` and `node-busboy`.
"""

import email.message
import email.parser
import email.utils
import io
import json
import os
import pathlib
import random
import re
import subprocess
import sys

import python_multipart
import werkzeug.formparser

NAMES = [
    "plain",
    "",
    " ",
    'a"b',
    '"',
    '""',
    "a\r\nb",
    "\n",
    "\r",
    'x"\r\nContent-Type: text/html\r\n\r\n',
    'x"; filename="y',
    "a;b",
    "a=b",
    "a'b",
    "a,b",
    "a:b",
    "a/b",
    "../a",
    "a%22b",
    "%",
    "[a]",
    "{a}",
    "\u00fc",
    "\u3042\u2603",
    "\U0001f600",
    "a\tb",
    "a\\b",
    "a\\",
    "\\\\server\\a.txt",
    'a\\"b',
    "x" * 3000,
]

# The bodies that are read, all with the boundary `b`.
BODIES = [
    "--b\r\n\r\none\r\n--b--\r\n",
    "--b\r\n\r\none\r\n--b--",
    "preamble\r\n--b\r\nA: 1\r\n\r\none\r\n--b--\r\nepilogue\r\n",
    "\r\n--b \t\r\n\r\none\r\n--b-- \r\n",
    "--b\r\n\r\n\r\n--b\r\n\r\n\r\n\r\n--b--\r\n",
    "--b\r\n\r\n--bb\r\n--B\r\n-b\r\n--b-\r\n--b--x\r\n--b--\r\n",
    "--b\r\n\r\nno line end --b\r\n--b--\r\n",
    "--b\n\none\ntwo\n--b\nA: 1\n\nthree\n--b--\n",
    "--b\r\nContent-Disposition: attachment; filename=\"a\\\"b\"\r\n\r\none\r\n--b--\r\n",
    "--b\r\nContent-Disposition: attachment; filename*=UTF-8''%e2%82%ac\r\n\r\none\r\n--b--\r\n",
    "--b\r\nContent-Disposition: form-data;\r\n name=\"a\"\r\n\r\none\r\n--b--\r\n",
    "--b\r\nContent-Disposition: form-data; name=a; filename=b\r\n\r\none\r\n--b--\r\n",
]

# A line that ends a part of these bodies.
DELIMITER = re.compile(r"(^|\r\n)--b(--)?[ \t]*(\r\n|$)")

BUSBOY = """
const busboy = require('busboy');
const answers = [];
require('readline').createInterface({ input: process.stdin }).on('line', line => {
    const asked = JSON.parse(line), parts = [];
    answers.push({ parts });
    const form = busboy({ headers: { 'content-type': asked.type }, defParamCharset: 'utf8', preservePath: true });
    form.on('field', (name, value) => parts.push([name, null, Buffer.from(value).toString('latin1')]));
    form.on('file', (name, stream, info) => {
        const part = [name, info.filename, ''];
        parts.push(part);
        stream.on('data', data => { part[2] += data.toString('latin1'); });
    });
    form.on('error', error => { throw error; });
    form.end(Buffer.from(asked.body, 'latin1'));
});
process.on('exit', () => answers.forEach(answer => console.log(JSON.stringify(answer))));
"""


def written(name):
    """A name as browsers write it (WHATWG HTML §4.10.21.8)."""
    return name and name.replace("\n", "%0A").replace("\r", "%0D").replace('"', "%22")


def unquoted(name):
    """A name as `email` removes its quotes."""
    return name and name.replace("\\\\", "\\").replace('\\"', '"')


def without_backslashes(name):
    """A name as Werkzeug removes its quotes: a backslash escapes any character, and `%22` is a quote."""
    return name and re.sub(r"\\(.)", r"\1", name).replace("%22", '"')


def without_empty(name):
    """A name as busboy removes its quotes; an empty one is none."""
    return unquoted(name) or None


# How a parser reads names in another way than browsers write them. For browsers a backslash stands for itself, for these it
# escapes, as in mails; so they cannot read a name that ends with one.
DIFFERENCES = {
    "email": unquoted,
    "python-multipart": unquoted,
    "Werkzeug": without_backslashes,
    "busboy": without_empty,
}


def random_forms(count):
    draw = random.Random(1)
    text = lambda letters, most: "".join(draw.choice(letters) for _ in range(draw.randrange(most)))
    for _ in range(count):
        yield [
            [text('ab"\r\n;= \u00fc%', 8), draw.choice([None, text('ab"\r\n;=. \u00fc', 8) + "x"]), text("-a\r\n\u00fc", 30)]
            for _ in range(draw.randrange(5))
        ]


def random_bodies(count):
    draw = random.Random(2)
    for _ in range(count):
        contents = ["".join(draw.choice(["-", "--b", "b", "\r\n", "a", " "]) for _ in range(draw.randrange(12))) for _ in range(draw.randrange(4))]
        contents = [content for content in contents if not DELIMITER.search(content)]
        yield "".join(f"--b\r\nA: 1\r\n\r\n{content}\r\n" for content in contents) + "--b--\r\n"


def ask(command, lines, **options):
    text = "".join(json.dumps(line) + "\n" for line in lines)
    done = subprocess.run(command, input=text, stdout=subprocess.PIPE, check=True, encoding="utf-8", **options)
    return [json.loads(line) for line in done.stdout.splitlines()]


def ask_ours(lines):
    return ask(["cargo", "run", "--quiet", "-p", "httpx-core", "--example", "multipart"], lines)


def ask_busboy(sent):
    node_path = os.pathsep.join(filter(None, ["/usr/share/nodejs", os.environ.get("NODE_PATH")]))
    try:
        return [answer["parts"] for answer in ask(["node", "-e", BUSBOY], sent, env={**os.environ, "NODE_PATH": node_path})]
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"multipart: cannot run busboy ({error}): apt-get install nodejs node-busboy")


def ask_email(sent):
    return [by_email(asked["type"], asked["body"].encode("latin-1")) for asked in sent]


def by_email(content_type, body):
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = email.parser.BytesParser().parsebytes(head + body)
    parts = message.get_payload() if message.is_multipart() else []
    return [[param(part, "name"), param(part, "filename"), part.get_payload(decode=True).decode("latin-1")] for part in parts]


def param(part, name):
    """A parameter of `Content-Disposition`, in UTF-8."""
    raw = dict((key.lower(), value) for key, value in part.raw_items()).get("content-disposition", "")
    header = email.message.Message()
    header["content-disposition"] = raw.encode("ascii", "surrogateescape").decode()
    value = header.get_param(name, header="content-disposition")
    return value and email.utils.collapse_rfc2231_value(value)


def by_werkzeug(asked):
    body = asked["body"].encode("latin-1")
    parser = werkzeug.formparser.MultiPartParser(max_form_parts=None, max_form_memory_size=None)
    boundary = asked["type"].split("boundary=")[1].encode()
    fields, files = parser.parse(io.BytesIO(body), boundary, len(body))
    parts = [[name, None, value.encode().decode("latin-1")] for name, value in fields.items(multi=True)]
    return parts + [[name, file.filename, file.read().decode("latin-1")] for name, file in files.items(multi=True)]


def by_python_multipart(asked):
    parts, headers = [], {"Content-Type": asked["type"].encode()}

    def on_field(field):
        parts.append([field.field_name.decode(), None, (field.value or b"").decode("latin-1")])

    def on_file(file):
        file.file_object.seek(0)
        parts.append([file.field_name.decode(), file.file_name.decode(), file.file_object.read().decode("latin-1")])

    python_multipart.parse_form(headers, io.BytesIO(asked["body"].encode("latin-1")), on_field, on_file)
    return parts


def compare_forms():
    forms = [[[name, name, "x"], [name, None, "y"]] for name in NAMES] + list(random_forms(500))
    sent = ask_ours([{"form": form} for form in forms])
    parsed = {
        "ours": [answer["parts"] for answer in ask_ours(sent)],
        "email": ask_email(sent),
        "busboy": ask_busboy(sent),
        "Werkzeug": [by_werkzeug(asked) for asked in sent],
        "python-multipart": [by_python_multipart(asked) for asked in sent],
    }
    wrong = 0
    for parser, answers in parsed.items():
        read = DIFFERENCES.get(parser, lambda name: name)
        for form, answer in zip(forms, answers, strict=True):
            if parser in DIFFERENCES and any(name.endswith("\\") for name, *_ in form):
                continue
            expected = [[read(written(n)), read(written(f)), c.encode().decode("latin-1")] for n, f, c in form]
            if parser == "ours":
                # `%22` in a name cannot be told from an escaped quote.
                undo = lambda name: name and written(name).replace("%0A", "\n").replace("%0D", "\r").replace("%22", '"')
                expected = [[undo(n), undo(f), c.encode().decode("latin-1")] for n, f, c in form]
            if sorted(map(repr, answer)) != sorted(map(repr, expected)):
                wrong += 1
                print(f"form {form!r:.300}\n  {parser}: {answer!r:.300}\n  expected: {expected!r:.300}", file=sys.stderr)
    return len(forms), len(parsed), wrong


def compare_bodies():
    bodies = [{"type": "multipart/mixed; boundary=b", "body": body} for body in BODIES + list(random_bodies(1000))]
    wrong = 0
    for asked, ours, theirs in zip(bodies, ask_ours(bodies), ask_email(bodies), strict=True):
        if ours["error"] or ours["parts"] != theirs:
            wrong += 1
            print(f"body {asked['body']!r}\n  ours: {ours!r}\n  email: {theirs!r}", file=sys.stderr)
    return len(bodies), wrong


def main():
    os.chdir(pathlib.Path(__file__).resolve().parent.parent)
    forms, parsers, wrong_forms = compare_forms()
    bodies, wrong_bodies = compare_bodies()
    print(f"multipart: {forms} forms by {parsers} parsers, {wrong_forms} differ; {bodies} bodies, {wrong_bodies} differ")
    if wrong_forms or wrong_bodies:
        sys.exit(1)


if __name__ == "__main__":
    main()
