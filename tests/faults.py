"""A steady load on a running API, and what came of each request while something else was away."""

import http.client
import itertools
import json
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from servers import PATIENCE

PEOPLE = 6
PAUSE = 0.05


class Answer(NamedTuple):
    """What came of a request: 0 stands for no answer at all."""

    kind: str
    begun: float
    ended: float
    status: int
    text: str


class Load:
    """People who create, list and read all the time, each request on a connection of its own.

    Args:
        port: of the API.
        path: of the list.
        token: of the user.
    """

    def __init__(self, port: int, path: str, token: str) -> None:
        self.port = port
        self.path = path
        self.token = token
        self.answers: list[Answer] = []
        self.acknowledged: list[str] = []
        self.numbers = itertools.count()
        self.stopped = threading.Event()

    def ask(self, kind: str, path: str, body: Any = None, token: str | None = None) -> tuple[int, str]:
        """Send a request, note what came of it, and return status and text."""
        begun = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Authorization": f"Bearer {self.token if token is None else token}"}
        method, content = ("GET", None) if body is None else ("POST", json.dumps(body))
        if content:
            headers["Content-Type"] = "application/json"
        try:
            connection.request(method, path, content, headers)
            response = connection.getresponse()
            status, text = response.status, response.read().decode()
        except (OSError, http.client.HTTPException) as error:
            status, text = 0, repr(error)
        finally:
            connection.close()
        self.answers.append(Answer(kind, begun, time.monotonic(), status, text))
        return status, text

    def probe(self, path: str) -> int:
        """Ask one of the probes."""
        return self.ask("probe", path, token="")[0]

    def work(self) -> None:
        """Create, list and read until the load ends."""
        while not self.stopped.wait(PAUSE):
            title = f"Thing {next(self.numbers)}"
            status, text = self.ask("create", self.path, {"title": title})
            if status == 201:
                self.acknowledged.append(title)
                ending = "/" if self.path.endswith("/") else ""
                self.ask("read", f"{self.path.removesuffix('/')}/{json.loads(text)['id']}{ending}")
            self.ask("list", self.path)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Let the people work while the block runs."""
        people = [threading.Thread(target=self.work) for _ in range(PEOPLE)]
        for person in people:
            person.start()
        try:
            yield
        finally:
            self.stopped.set()
            for person in people:
                person.join()

    def since(self, moment: float, kinds: tuple[str, ...] = ("create", "list", "read")) -> list[Answer]:
        """List what came of the requests that were begun since then."""
        return [answer for answer in list(self.answers) if answer.begun >= moment and answer.kind in kinds]


def wait_until(met: Callable[[], bool], what: str) -> None:
    """Wait for something to come true.

    Raises:
        AssertionError: when it does not.
    """
    end = time.monotonic() + PATIENCE
    while not met():
        assert time.monotonic() < end, what
        time.sleep(0.1)


def stored(url: str, table: str) -> Counter[str]:
    """Count the rows of each title in a database."""
    command = ["psql", "--no-align", "--tuples-only", url, "--command", f"SELECT title FROM {table}"]
    return Counter(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines())
