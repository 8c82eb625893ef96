"""Attacks over HTTP on a running API: a table of requests that nobody means well, and the answers that are right.

Nothing between: requests are written with ``http.client``, so that they hold what no library would send.
"""

import base64
import hashlib
import hmac
import http.client
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import uuid4

REFUSED = {400, 404, 405, 406, 411, 413, 414, 415, 422, 431}
"""A request that cannot be understood; which of these it is differs from one framework to another."""
LEAKS = ("Traceback", "sqlalchemy", "psycopg", "sqlite3", "django.db", "MySQLdb", "root:x:0:0", "SECRET", "PRIVATE KEY")
"""What no answer may hold."""


class Case(NamedTuple):
    """One request, and the statuses that are right for it."""

    name: str
    method: str
    path: str
    right: set[int]
    body: bytes | None = None
    headers: Sequence[tuple[str, str]] = ()


@dataclass
class Target:
    """An API to attack.

    Args:
        address: of the server, such as ``http://127.0.0.1:8000``.
        collection: path of a collection, as its contract has it.
        token: of the user whom the first row belongs to.
        stranger: the token of somebody else, who may not change that row.
        payload: a body that the collection accepts.
        claims: those of a good token, to forge others from.
        public: whether everybody may read.
    """

    address: str
    collection: str
    token: str
    stranger: str
    payload: dict[str, Any]
    claims: dict[str, Any]
    public: bool
    end: str = field(init=False)

    def __post_init__(self) -> None:
        self.end = "/" if self.collection.endswith("/") else ""

    def send(self, case: Case) -> tuple[int, bytes, dict[str, str]]:
        """Send a request as it is, and return status, content and headers."""
        place = urlsplit(self.address)
        connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=60)
        try:
            connection.putrequest(case.method, case.path, skip_host=any(n == "Host" for n, _ in case.headers))
            for name, value in case.headers:
                connection.putheader(name, value.encode("latin-1"))
            if case.body is not None and not {"Content-Length", "Transfer-Encoding"} & {
                name for name, _ in case.headers
            }:
                connection.putheader("Content-Length", str(len(case.body)))
            connection.endheaders()
            try:
                if case.body:
                    connection.send(case.body)
            except (BrokenPipeError, ConnectionResetError):
                # It was refused before it was read to the end, which is what an answer below says.
                pass
            response = connection.getresponse()
            return response.status, response.read(), {name.lower(): value for name, value in response.getheaders()}
        finally:
            connection.close()

    def json(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any, dict[str, str]]:
        """Send a request that is meant well."""
        sent = [("Authorization", f"Bearer {self.token}"), ("Content-Type", "application/json")]
        sent += [(name.replace("_", "-"), value) for name, value in headers.items()]
        data = None if body is None else json.dumps(body).encode()
        status, content, answered = self.send(Case("", method, path, set(), data, sent))
        return status, json.loads(content or b"null"), answered


def encode(part: Any) -> str:
    """Write a part of a token."""
    data = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(claims: Any, key: bytes = b"not the key", algorithm: str = "HS256", **header: Any) -> str:
    """Sign a token with a key of one's own."""
    text = f"{encode({'alg': algorithm, 'typ': 'JWT', **header})}.{encode(claims)}"
    return f"{text}.{encode(hmac.new(key, text.encode(), hashlib.sha256).digest())}"


def forged(target: Target) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Forge what says who sends a request."""
    head, claims, signature = target.token.split(".")
    now = int(time.time())
    known = target.claims
    tokens = {
        "empty": "",
        "a word": "x",
        "two dots": "..",
        "not base64": "!!.!!.!!",
        "a NUL": "a%00.b.c",
        "alg none": f"{encode({'alg': 'none'})}.{claims}.",
        "alg None with a signature": f"{encode({'alg': 'None'})}.{claims}.{signature}",
        "alg null": f"{encode({'alg': None})}.{claims}.{signature}",
        "alg a list": f"{encode({'alg': ['HS256']})}.{claims}.{signature}",
        "no alg": f"{encode({'typ': 'JWT'})}.{claims}.{signature}",
        "header is a list": f"{encode([])}.{claims}.{signature}",
        "another key": signed(known),
        "an empty key": signed(known, b""),
        "key secret": signed(known, b"secret"),
        "the address of a key": signed(known, jku=f"{target.address}/keys", kid="one"),
        "a key of its own": signed(known, jwk={"kty": "oct", "k": encode(b"not the key")}),
        "kid is a path": signed(known, b"", kid="../../../../dev/null"),
        "kid is SQL": signed(known, kid="' UNION SELECT 'x' --"),
        "kid is a list": signed(known, kid=[1]),
        "HS512 by name": signed(known, algorithm="HS512"),
        "RS256 by name": signed(known, algorithm="RS256"),
        "other claims under its signature": f"{head}.{encode(known | {'sub': 'root', 'user_id': str(uuid4())})}.{signature}",
        "claims are a list": signed([known]),
        "claims are nothing": signed(None),
        "never ends": signed(known | {"exp": now + 10**12}),
        "signature cut": f"{head}.{claims}.{signature[:-4]}",
        "signature of another": f"{head}.{claims}.{target.stranger.split('.')[2]}",
        "header cut": f"{head[2:]}.{claims}.{signature}",
        "a fourth part": f"{target.token}.{signature}",
        "5000 characters": "a" * 5000,
    }
    for name, token in tokens.items():
        yield f"token: {name}", [("Authorization", f"Bearer {token}")]
    yield "no token", []
    yield "another scheme", [("Authorization", f"Token {target.token}")]
    yield "basic", [("Authorization", f"Basic {encode(b'admin:admin')}")]
    yield "no scheme", [("Authorization", target.token)]
    yield "token in a cookie", [("Cookie", f"access_token={target.token}; token={target.token}")]
    yield "token in a header of one's own", [("X-Access-Token", target.token), ("X-User", "root")]


def cases(target: Target, item: str) -> Iterator[Case]:
    """List the attacks, on a collection and on one row of it."""
    own = [("Authorization", f"Bearer {target.token}"), ("Content-Type", "application/json")]
    theirs = [("Authorization", f"Bearer {target.stranger}"), ("Content-Type", "application/json")]
    match = [("If-Match", target.json("GET", item)[2]["etag"])]
    body = json.dumps(target.payload).encode()
    typed = [("Content-Type", "application/json")]

    for name, headers in forged(target):
        yield Case(f"POST, {name}", "POST", target.collection, {401, 403}, body, [*headers, *typed])
        yield Case(f"PUT, {name}", "PUT", item, {401, 403}, body, [*headers, *typed, *match])
        yield Case(f"DELETE, {name}", "DELETE", item, {401, 403}, None, [*headers, *match])
    for name in ("token", "access_token", "jwt", "authorization"):
        path = f"{target.collection}?{name}={target.token}"
        yield Case(f"token as parameter {name}", "POST", path, {401, 403, *REFUSED}, body, typed)

    yield Case("another's row, PUT", "PUT", item, {403, 404}, body, [*theirs, *match])
    yield Case("another's row, DELETE", "DELETE", item, {403, 404}, None, [*theirs, *match])
    yield Case("another's row, any version", "DELETE", item, {403, 404}, None, [*theirs, ("If-Match", "*")])
    yield Case("another's row, read", "GET", item, {200} if target.public else {404}, None, theirs)
    for wrong in (
        str(uuid4()), "1", "0", "-1", "null", "%00", "..", "%2e%2e", "..%2f..%2fetc%2fpasswd", "'%20OR%20'1'='1", "%7B%7D", "a" * 4000,
        "%F0%9F%98%80", "%FF%FE", "1;DROP%20TABLE", "*", "%0d%0aSet-Cookie:%20a=b",
    ):  # fmt: skip
        place = f"{target.collection.rstrip('/')}/{wrong}{target.end}"
        yield Case(f"GET of {wrong[:20]}", "GET", place, REFUSED | {401}, None, own)
        yield Case(f"PUT of {wrong[:20]}", "PUT", place, REFUSED, body, [*own, *match])
        yield Case(f"DELETE of {wrong[:20]}", "DELETE", place, REFUSED, None, [*own, *match])

    for name, value in {
        "id": str(uuid4()), "owner_id": "root", "owner": "root", "team_id": str(uuid4()), "created_at": "2000-01-01T00:00:00Z", "updated_at": None,
        "version": 9, "is_staff": True, "is_superuser": True, "role": "owner", "__proto__": {"a": 1}, "__class__": "x", "constructor": {}, "$where": "1", "": 1, "pk": 1,
    }.items():  # fmt: skip
        given = json.dumps(target.payload | {name: value}).encode()
        yield Case(f"POST of {name}", "POST", target.collection, {400, 422}, given, own)
        yield Case(f"PUT of {name}", "PUT", item, {400, 422}, given, [*own, *match])

    for query in (
        "sort=password", "sort=-owner__password", "sort=id;--", "sort=", "limit=0", "limit=-1", "limit=101", "limit=1e3", "limit=99999999999999999999", "limit=%00",
        "offset=-1", "offset=99999999999999999999", "offset=NaN", "owner_id=root", "owner__password__startswith=a", "id__gt=0", "no_such_name=1", "%00=1",
        "limit=1&limit[]=2", "__proto__[a]=1", "filter[$ne]=1", "page=2", "format=xml", "_method=DELETE", "fields=*", "include=owner", "cursor=%FF",
    ):  # fmt: skip
        yield Case(f"list, {query}", "GET", f"{target.collection}?{query}", {400, 404, 406, 422}, None, own)

    for name, sent in {
        "nothing": b"", "null": b"null", "a list": b"[]", "a text": b'"x"', "a number": b"5", "cut": body[:-5], "more behind": body + b"}", "a word": b"hello",
        "not UTF-8": b'{"a": "\xff\xfe"}', "a NUL byte": b"\0", "Infinity": b'{"a": Infinity}', "a huge number": b"9" * 5000,
        "deep": b"[" * 100_000, "deep objects": b'{"a":' * 20_000 + b"1" + b"}" * 20_000, "half of a letter": b'{"a": "\\ud800"}',
    }.items():  # fmt: skip
        yield Case(f"body: {name}", "POST", target.collection, {400, 413, 422}, sent, own)
        yield Case(f"body of a change: {name}", "PUT", item, {400, 413, 422}, sent, [*own, *match])
    first = next(name for name, value in target.payload.items() if isinstance(value, str))
    odd: dict[str, Any] = {
        "a NUL": "a\0b",
        "a list": ["x"],
        "an object": {"$gt": ""},
        "a number": 5,
        "true": True,
        "null": None,
    }
    for name, value in odd.items():
        given = json.dumps(target.payload | {first: value}).encode()
        yield Case(f"{first} is {name}", "POST", target.collection, {400, 422}, given, own)
    yield Case(
        f"{first} is half of a letter", "POST", target.collection, {400, 422},
        json.dumps(target.payload | {first: "MARK"}).replace("MARK", "\\ud800").encode(), own,
    )  # fmt: skip
    for kind in (
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/x-python-pickle",
        "image/svg+xml",
        "x",
    ):
        yield Case(
            f"body as {kind}", "POST", target.collection, {400, 413, 415, 422}, body, [own[0], ("Content-Type", kind)]
        )
    for coding in ("gzip", "deflate", "br", "identity, gzip"):
        yield Case(
            f"body as {coding}",
            "POST",
            target.collection,
            {400, 413, 415, 422},
            b"\x1f\x8b" + body,
            [*own, ("Content-Encoding", coding)],
        )

    large = json.dumps(target.payload | {first: "x" * 3_000_000}).encode()
    yield Case("3 MB", "POST", target.collection, {400, 413}, large, own)
    yield Case("3 MB in a change", "PUT", item, {400, 413}, large, [*own, *match])
    chunked = b"".join(b"10000\r\n" + b"x" * 65536 + b"\r\n" for _ in range(46)) + b"0\r\n\r\n"
    yield Case(
        "3 MB in chunks",
        "POST",
        target.collection,
        {400, 413},
        chunked,
        [*own, ("Transfer-Encoding", "chunked")],
    )
    yield Case("a long address", "GET", f"{target.collection}?search={'x' * 60_000}", REFUSED, None, own)
    yield Case("a long header", "GET", target.collection, {200, 400, 431}, None, [*own, ("X-Long", "x" * 60_000)])
    yield Case(
        "2000 parameters", "GET", f"{target.collection}?{'&'.join(f'a{n}=1' for n in range(2000))}", REFUSED, None, own
    )

    for method in ("TRACE", "CONNECT", "PROPFIND", "FOO", "get", "DELETE", "PUT", "PATCH", "LINK"):
        yield Case(f"{method} of the collection", method, target.collection, {400, 404, 405, 501}, None, own)
    for method in ("POST", "TRACE", "COPY", "LOCK"):
        yield Case(f"{method} of a row", method, item, {400, 404, 405, 501}, None, own)
    for name in ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"):
        yield Case(f"{name}: DELETE", "GET", item, {200}, None, [*own, (name, "DELETE"), *match])

    for value in ("", "1", '"1', '"7"', 'W/"1"', '"x"', '"1" OR 1', "'1'", '"1\\"', ","):
        yield Case(f"If-Match: {value}", "DELETE", item, {400, 412, 422, 428}, None, [*own, ("If-Match", value)])

    for name, value in {
        "X-Forwarded-Host": "evil.example", "X-Forwarded-For": "127.0.0.1, ' OR 1=1", "X-Forwarded-Proto": "javascript", "X-Original-URL": "/admin/", "X-Rewrite-URL": "/admin/",
        "Forwarded": "for=127.0.0.1;host=evil.example;proto=https", "X-Real-IP": "\x01", "Origin": "https://evil.example", "Referer": "javascript:alert(1)", "Accept-Language": "../../etc/passwd",
        "Range": "bytes=0-18446744073709551615", "Cookie": "sessionid=../../x; csrftoken=", "X-Request-ID": "a\" onload=\"alert(1)",
    }.items():  # fmt: skip
        yield Case(f"{name}: {value}", "GET", target.collection, {200, 400}, None, [*own, (name, value)])
    yield Case("Host: evil.example", "GET", target.collection, {200, 400, 421}, None, [*own, ("Host", "evil.example")])
    yield Case("no Accept that is served", "GET", target.collection, {200, 406}, None, [*own, ("Accept", "image/png")])

    for path in (
        "/.env", "/.git/config", "/..%2f..%2fetc/passwd", "/static/..%2f..%2f.env", "/%2e%2e/%2e%2e/etc/passwd", "//evil.example/%2f..", "/\\evil.example", "/;/admin/", "/api/../.env",
        "/manage.py", "/pyproject.toml", "/debug", "/metrics/../.env", "/__debug__/", "/phpinfo.php", "/wp-login.php", "/actuator/env", "/server-status", "/%00",
    ):  # fmt: skip
        yield Case(f"path {path}", "GET", path, REFUSED | {301, 302, 307, 308, 401}, None, own)


def claims_of(token: str) -> dict[str, Any]:
    """Read what a token says."""
    part = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims


def withstands(address: str, collection: str, payload: dict[str, Any], *tokens: str, public: bool = False) -> None:
    """Attack an API, which has to give every one of at least 200 requests a right answer.

    Args:
        address: of the server.
        collection: path of a collection.
        payload: a body that it accepts.
        tokens: that of a user, and of another one, who may not change what the first one has.
        public: whether everybody may read.
    """
    token, stranger = tokens
    number, failures = attack(Target(address, collection, token, stranger, payload, claims_of(token), public))
    assert number > 200
    assert not failures, "\n".join(failures)


def attack(target: Target) -> tuple[int, list[str]]:
    """Attack an API, and return how many requests that were and what went wrong.

    The row that the attacks are made on has to be afterwards what it was, and no other may have come.
    """
    status, made, _ = target.json("POST", target.collection, target.payload)
    assert status == 201, made
    item = f"{target.collection.rstrip('/')}/{made['id']}{target.end}"
    before = target.json("GET", item)[1], _total(target)
    attacks = list(cases(target, item))
    failures = wrong_answers(target, attacks)
    after = target.json("GET", item)[1], _total(target)
    if after != before:
        failures.append(f"the row or the list changed: {before} {after}")
    else:
        etag = target.json("GET", item)[2]["etag"]
        assert target.json("DELETE", item, If_Match=etag)[0] == 204
    return len(attacks), failures


def wrong_answers(target: Target, attacks: Sequence[Case]) -> list[str]:
    """Send requests, and say what is wrong with their answers: the status, what they give away, where they lead."""
    failures = []
    for case in attacks:
        try:
            status, content, headers = target.send(case)
        except (http.client.HTTPException, OSError) as error:
            failures.append(f"{case.name}: no answer, {error!r}")
            continue
        text = content.decode("utf-8", "replace")
        if status not in case.right:
            failures.append(f"{case.name}: {status}, not one of {sorted(case.right)}: {text[:200]}")
        failures += [f"{case.name}: the answer holds {leak}" for leak in LEAKS if leak in text]
        if "evil.example" in headers.get("location", "") + headers.get("access-control-allow-origin", "") + headers.get(
            "set-cookie", ""
        ):
            failures.append(f"{case.name}: the answer leads to another site: {headers}")
    return failures


def _total(target: Target) -> int:
    content = target.json("GET", f"{target.collection}?total=true")[1]
    total: int = content.get("total", content.get("count"))
    return total
