"""Lists, single rows, memory and start of a stack with an API, on PostgreSQL."""

import itertools
import json
import os
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from conftest import run
from generated import Project, install
from servers import free_port, postgresql, redis, serve

from bench.apis import CREATED, FEATURE, FILL, SECRET, Api
from bench.client import Client, signed_token
from bench.growth import report_start

SIZES = (60, 1_000, 1_000_000)
ROUNDS = int(os.environ.get("ROUNDS", "100"))
REQUESTS = int(os.environ.get("REQUESTS", "100000"))
MINIMUM = "minimum"
MINIMA = Path(__file__).with_name("minimum")
# Which place of a list a page begins at is the same in every database, and its cursor is taken from the smallest: 20 rows from
# the end of all of them, and 10 from that of a third.
ENDS = {"": 2, "&state=open": 1}
Clients = dict[int | str, Client]
Queries = dict[int | str, str]


@contextmanager
def filled(api: Api, project: Project, url: str, broker: str, rows: int, log: Path) -> Iterator[tuple[Client, int]]:
    """Serve the project on a database that holds so many rows; hand out a client, and the process's number."""
    name, port = f"rows{rows}", free_port()
    run("createdb", "--maintenance-db", f"{url}/postgres", name, cwd=log.parent)
    served = {key: value.format(port=port, metrics=free_port(), redis=broker) for key, value in api.variables.items()}
    variables = project.variables | served | {"DATABASE_URL": f"{url}/{name}"}
    # Only in development a command makes tokens.
    commanding = variables | {"ENVIRONMENT": "development"}
    project.uv(*api.migrate.split(), check=True, **commanding)

    def token() -> str:
        return project.uv(*api.token.split(), check=True, **commanding).stdout.strip().splitlines()[-1]

    token()
    columns, values = api.owner
    sql = FILL.format(rows=rows, columns=columns, values=values)
    run("psql", "--quiet", "--set", "ON_ERROR_STOP=1", f"{url}/{name}", "--command", sql, cwd=log.parent)
    command = project.program(api.start.format(port=port))
    with serve(*command, cwd=project.folder / project.server, port=port, log=log, **variables) as process:
        yield Client(port, api.path, token), process.pid


@contextmanager
def least(api: Api, project: Project, url: str, rows: int, log: Path) -> Iterator[Client]:
    """Serve the hand-written minimum on the same database, in the same environment."""
    database, port = f"{url}/rows{rows}", free_port()
    query = f"SELECT row_to_json(one) FROM (SELECT {api.owner[0]} FROM thing LIMIT 1) one"
    owner = run("psql", "--tuples-only", "--no-align", database, "--command", query, cwd=log.parent).stdout.strip()
    variables = {"DATABASE_URL": database, "JWT_SIGNING_KEY": SECRET, "SECRET_KEY": SECRET, "OWNER": owner}
    variables["ADMITTED"] = api.admitted
    user = json.loads(owner)["owner_id"]
    command = project.program(api.minimum[1].format(port=port))
    with serve(*command, cwd=MINIMA, port=port, log=log, PYTHONPATH="", **variables):
        yield Client(port, "/things/", partial(signed_token, user))


def memory(process: int) -> int:
    """Tell how many MiB the greatest of a process and its children holds: of a server with one worker, that one."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,rss="], capture_output=True, text=True, check=True).stdout
    rows = [tuple(map(int, line.split())) for line in listed.splitlines()]
    family = {process}
    for _ in range(4):
        family |= {pid for pid, parent, _ in rows if parent in family}
    return max(size for pid, _, size in rows if pid in family) // 1024


def measure(clients: Clients, queries: Queries, body: dict[str, Any] | None = None) -> dict[int | str, float]:
    """Time a request to each server in turn, and return the lower quartile of each in milliseconds."""
    taken: dict[int | str, list[float]] = {name: [] for name in queries}
    for round_, name in itertools.product(range(-5, ROUNDS), queries):
        begun = time.perf_counter()
        clients[name].ask(queries[name], body)
        if round_ >= 0:
            taken[name].append(time.perf_counter() - begun)
    return {name: statistics.quantiles(times, n=4)[0] * 1000 for name, times in taken.items()}


def report(stack: str, api: Api, template: Path, folder: Path) -> None:
    """Print the table of a stack.

    A line for each kind of request: the time at each size in milliseconds, how many requests a server answers at the greatest for
    one at a thousand rows, and how long it takes for one second of the hand-written minimum, at a thousand rows too.
    """
    project = install(template, folder / "shop", api.python, api.server, **api.data, **FEATURE)
    print(f"\n{stack:<28}" + "".join(f"{size:>11,}" for size in SIZES) + f"{'rate':>8}{'minimum':>11}{'times':>8}")
    with ExitStack() as servers:
        url, broker = servers.enter_context(postgresql()), servers.enter_context(redis())
        running = {
            size: servers.enter_context(filled(api, project, url, broker, size, folder / f"{size}.log"))
            for size in SIZES
        }
        clients: Clients = {size: client for size, (client, _) in running.items()}
        clients[MINIMUM] = servers.enter_context(least(api, project, url, SIZES[1], folder / "minimum.log"))
        process = running[SIZES[-1]][1]
        before = memory(process)
        for kind, queries, body in requests(api, clients):
            times = measure(clients, queries, body)
            line = "".join(f"{times[size]:>8.2f} ms" for size in SIZES) + f"{times[SIZES[1]] / times[SIZES[-1]]:>8.2f}"
            if MINIMUM in times:
                line += f"{times[MINIMUM]:>8.2f} ms{times[SIZES[1]] / times[MINIMUM]:>8.2f}"
            print(f"{kind:<28}{line}", flush=True)
        for _ in range(REQUESTS):
            clients[SIZES[-1]].ask()
        print(f"memory: {before} MiB at the start, {memory(process)} MiB after {REQUESTS:,} more lists", flush=True)
    report_start(api, project, folder)


def requests(api: Api, clients: Clients) -> Iterator[tuple[str, Queries, dict[str, Any] | None]]:
    """Name the kinds of requests: what is asked of which server, and the body."""

    def everywhere(query: str) -> Queries:
        return dict.fromkeys(SIZES, query)

    ones: Queries = {
        name: ("{id}/" if name == MINIMUM else api.item).format(id=client.items()[0]["id"])
        for name, client in clients.items()
    }
    lists: Queries = dict.fromkeys(clients, "")
    yield "first page", lists, None
    yield "last page", everywhere(last(clients[SIZES[0]], "")), None
    yield "filter", everywhere("?state=open"), None
    yield "filter, last page", everywhere(last(clients[SIZES[0]], "&state=open")), None
    yield "sort", everywhere("?sort=title"), None
    yield "sort by what may be empty", everywhere("?sort=-due"), None
    if api.search:
        yield "search", everywhere(api.search), None
    yield "total", everywhere("?total=true"), None
    yield "read", ones, None
    yield "create", lists, CREATED


def last(client: Client, query: str) -> str:
    """Follow the pages of the smallest list to the last one, and name its address."""
    size = 10 if query else 20
    client.ask(f"?limit={size}{query}")
    at = ""
    while client.next:
        at = client.next
        client.ask(at)
    return at
