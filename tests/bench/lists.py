"""``make bench``: how long a list takes as it grows, on PostgreSQL, beside the same request to a list of a thousand.

Absolute times differ from machine to machine; the ratio of one run is what to quote. Requests of the three sizes take turns, so
that whatever else the machine does slows all of them down.
"""

import http.client
import itertools
import json
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conftest import make_template, run
from generated import Project, install
from servers import free_port, postgresql, serve

SIZES = (60, 1_000, 1_000_000)
ROUNDS = 100
FEATURE = {
    "feature_title": "Things",
    "module": "things",
    "entity": "Thing",
    "fields": "title:str(120) index\nstate:enum(new,open,done)\nprice:decimal(10,2)\ndue:date?\nnote:text",
}
# As many states as there are, a fourth without a date, titles in another order than they came.
FILL = """
INSERT INTO {table} (id, created_at, updated_at, {version}, {scope}, title, state, price, due, note)
SELECT gen_random_uuid(), timestamptz '2026-01-01' + n * interval '1 second', now(), 1, {values},
       'Title ' || n::bigint * 7919 % {rows}, (ARRAY['new', 'open', 'done'])[1 + n % 3], n % 1000,
       CASE WHEN n % 4 > 0 THEN date '2026-01-01' + n % 1000 END, repeat('Something to read. ', 5)
FROM generate_series(1, {rows}) n;
ANALYZE {table};
"""


@dataclass(frozen=True)
class Api:
    """A stack with an API: how a project of it is made and served.

    Args:
        data: answers.
        python: version of the interpreter.
        server: folder of the Python project.
        table: the feature's table.
        scope: columns that say whose a row is, and their values in SQL.
        migrate: what brings the database up to date.
        start: what serves the API at ``{port}``.
        token: what prints a user's token.
        path: of the list.
        order: parameter that sorts the list.
    """

    data: dict[str, Any]
    python: str
    server: str
    table: str
    scope: tuple[str, str]
    migrate: str
    start: str
    token: str
    path: str
    order: str = "sort"


APIS = {
    "fastapi": Api(
        {"stack": "fastapi", "access": "members"},
        "3.12",
        ".",
        "thing",
        ("owner_id", "'ada'"),
        "alembic upgrade head",
        "uvicorn --factory src.main:create_app --port {port} --no-access-log",
        "python -m src.auth ada",
        "/things",
    ),
    "web-mobile": Api(
        {"stack": "web-mobile", "clients": [], "assistant": False},
        "3.13",
        "backend",
        "thing",
        ("owner_id", "'ada'"),
        "alembic upgrade head",
        "uvicorn --factory src.main:create_app --port {port} --no-access-log",
        "python -m src.development ada",
        "/api/things",
    ),
}
CREATED = {"title": "Created", "state": "new", "price": "1.00", "note": "Something to read."}


class Client:
    """A user's connection to a running API, which stays open."""

    def __init__(self, port: int, path: str, token: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.path = path
        self.next = ""
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(self, query: str = "", body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Send a request to the list, or to one of its items, and read the answer.

        Raises:
            RuntimeError: when it is an error.
        """
        method, content = ("GET", None) if body is None else ("POST", json.dumps(body))
        self.connection.request(method, self.path + query, content, self.headers)
        response = self.connection.getresponse()
        text = response.read().decode()
        linked = re.search(r'<(\?[^>]*)>; rel="next"', response.headers.get("Link", ""))
        self.next = linked[1] if linked else ""
        if response.status >= 300:
            raise RuntimeError(f"{method} {self.path}{query}: {response.status} {text[:300]}")
        answer: dict[str, Any] = json.loads(text)
        return answer

    def first(self) -> dict[str, Any]:
        """Read the first item of the list."""
        page = self.ask()
        item: dict[str, Any] = page["items" if "items" in page else "results"][0]
        return item

    def last(self, query: str) -> str:
        """Follow the pages of a list to the last one, and name it."""
        at = f"{query}&limit=100"
        self.ask(at)
        while self.next:
            at = self.next
            self.ask(at)
        return at.replace("limit=100", "limit=20")


@contextmanager
def filled(api: Api, project: Project, url: str, rows: int, log: Path) -> Iterator[tuple[Client, int]]:
    """Serve the project on a database that holds so many rows; hand out a client, and the process's number."""
    name = f"rows{rows}"
    run("createdb", "--maintenance-db", f"{url}/postgres", name, cwd=log.parent)
    variables = project.variables | {"DATABASE_URL": f"{url}/{name}"}
    project.uv(*api.migrate.split(), check=True, **variables)
    (column, value), version = api.scope, "version"
    sql = FILL.format(table=api.table, rows=rows, scope=column, values=value, version=version)
    run("psql", "--quiet", "--set", "ON_ERROR_STOP=1", f"{url}/{name}", "--command", sql, cwd=log.parent)
    port = free_port()
    command = ["uv", "run", *api.start.format(port=port).split()]
    with serve(*command, cwd=project.folder / project.server, port=port, log=log, **variables) as process:
        token = project.uv(*api.token.split(), check=True, **variables).stdout.strip()
        yield Client(port, api.path, token), process.pid


def memory(process: int) -> int:
    """Tell how many MiB a process and its children hold."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,rss="], capture_output=True, text=True, check=True).stdout
    rows = [tuple(map(int, line.split())) for line in listed.splitlines()]
    family = {process}
    for _ in range(4):
        family |= {pid for pid, parent, _ in rows if parent in family}
    return sum(size for pid, _, size in rows if pid in family) // 1024


def measure(
    clients: dict[int, Client], queries: dict[int, str], body: dict[str, Any] | None = None
) -> dict[int, float]:
    """Time a request to each size in turn, and return the median of each in milliseconds."""
    taken: dict[int, list[float]] = {size: [] for size in clients}
    for _, size in itertools.product(range(ROUNDS), clients):
        begun = time.perf_counter()
        clients[size].ask(queries[size], body)
        taken[size].append(time.perf_counter() - begun)
    return {size: statistics.median(times) * 1000 for size, times in taken.items()}


def report(stack: str, api: Api, project: Project, folder: Path) -> None:
    """Print a line for each kind of request: the time at each size, and the rate of the greatest beside that of a thousand."""
    with ExitStack() as servers:
        url = servers.enter_context(postgresql())
        running = {
            size: servers.enter_context(filled(api, project, url, size, folder / f"{stack}-{size}.log"))
            for size in SIZES
        }
        clients = {size: client for size, (client, _) in running.items()}
        begun = memory(running[SIZES[-1]][1])
        ends = {size: client.last(f"?{api.order}=-created_at") for size, client in clients.items()}
        filtered = {size: client.last(f"?{api.order}=-created_at&state=open") for size, client in clients.items()}
        one = {size: f"/{client.first()['id']}" for size, client in clients.items()}
        kinds: dict[str, tuple[dict[int, str], dict[str, Any] | None]] = {
            "first page": (dict.fromkeys(SIZES, ""), None),
            "last page": (ends, None),
            "filter": (dict.fromkeys(SIZES, "?state=open"), None),
            "filter, last page": (filtered, None),
            "sort": (dict.fromkeys(SIZES, f"?{api.order}=title"), None),
            "sort by what may be empty": (dict.fromkeys(SIZES, f"?{api.order}=-due"), None),
            "total": (dict.fromkeys(SIZES, "?total=true"), None),
            "read": (one, None),
            "create": (dict.fromkeys(SIZES, ""), CREATED),
        }
        for kind, (queries, body) in kinds.items():
            times = measure(clients, queries, body)
            ratio = times[1_000] / times[SIZES[-1]]
            print(f"{f'{stack}: {kind}':<40}" + "".join(f"{times[size]:>8.2f} ms" for size in SIZES) + f"{ratio:>8.2f}")
        ended = memory(running[SIZES[-1]][1])
        print(f"{f'{stack}: memory, before and after':<40}{begun:>8} MiB{ended:>7} MiB")


def main() -> None:
    """Measure every stack that has an API."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        template = make_template(work / "groundplan")
        print(f"{'':<40}" + "".join(f"{size:>11,}" for size in SIZES) + f"{'rate':>8}")
        for stack, api in APIS.items():
            project = install(template, work / stack / "shop", api.python, api.server, **api.data, **FEATURE)
            report(stack, api, project, work / stack)


if __name__ == "__main__":
    main()
