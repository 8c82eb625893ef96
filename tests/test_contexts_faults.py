"""What is killed under load comes back by itself, and loses and doubles nothing: Redis, worker, scheduler, and who sends."""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pytest
from conftest import replace, run
from generated import Project, install
from servers import DJANGO_PRODUCTION, PATIENCE, free_port, wait_for

pytestmark = [pytest.mark.generated, pytest.mark.deep]

ROUNDS = 3
HANDLER = '''
def heard(message):
    """Remember a team, with no rule against twice, and then fail now and then."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO heard VALUES (%s)", [message.team_id])
    time.sleep(random.choice([0, 0, 0, 0.5]))
    if random.random() < 0.1:
        raise RuntimeError


SUBSCRIPTIONS = [
    Subscription("users.team_founded", heard, name="monitoring.heard"),
'''
STREAM = """
import os, random, signal, time
import django
django.setup()
from django.db import connections
from apps.users import bootstrap
from apps.users.infrastructure.models import User
from core.messaging.tasks import deliver

user = User.objects.create(username="streamer")
connections.close_all()
tell = deliver.delay

def tell_or_die(pk):
    # In the instant after the commit: before a worker is told, or before anybody is answered.
    chance = random.random()
    if 0.05 < chance:
        tell(pk)
    if chance < 0.1:
        os.kill(os.getpid(), signal.SIGKILL)

deliver.delay = tell_or_die
while True:
    if not os.fork():
        random.seed()
        while True:
            print("acknowledged", bootstrap.found_team(user.pk, "Told").team_id, flush=True)
            time.sleep(0.1)
    os.wait()
    print("killed", flush=True)
"""


class Process:
    """A process that is started again whenever it ends, as by `restart: unless-stopped` and by Kubernetes."""

    def __init__(self, *command: str | Path, cwd: Path, log: Path, **variables: str) -> None:
        self.command, self.cwd, self.log = command, cwd, log
        self.variables = {**os.environ, **variables}
        self.codes: list[int] = []
        self.held = threading.Lock()
        self.stopped = threading.Event()
        self._start()
        self.watch = threading.Thread(target=self._watch, daemon=True)
        self.watch.start()

    def _start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command, cwd=self.cwd, env=self.variables, stdout=output, stderr=output, start_new_session=True
            )

    def _watch(self) -> None:
        while not self.stopped.wait(0.2):
            with self.held:
                code = self.process.poll()
                if code is not None:
                    self.codes.append(code)
                    self._start()

    def kill(self, number: int = signal.SIGKILL, away: float = 0) -> None:
        """End it with its children, and keep it away for some seconds."""
        with self.held:
            os.killpg(self.process.pid, number)
            self.process.wait(PATIENCE)
            time.sleep(away)

    def hang(self, seconds: float) -> None:
        """Let it neither answer nor end for a while."""
        os.kill(self.process.pid, signal.SIGSTOP)
        time.sleep(seconds)
        os.kill(self.process.pid, signal.SIGCONT)

    def kill_child(self) -> None:
        """End one of its children, as the system does when there is no memory left."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
        if children:
            os.kill(int(children[0]), signal.SIGKILL)

    def stop(self) -> None:
        """End it for good."""
        self.stopped.set()
        self.watch.join()
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)


@contextmanager
def running(process: Process) -> Iterator[Process]:
    try:
        yield process
    finally:
        process.stop()


@pytest.fixture
def shop(template: Path, tmp_path: Path) -> Project:
    project = install(template, tmp_path / "shop", stack="contexts", package="pulsewatch", database="postgresql")
    bootstrap = project.folder / "apps/monitoring/bootstrap.py"
    replace(bootstrap, "SUBSCRIPTIONS = [\n", HANDLER)
    replace(
        bootstrap,
        "from core.kernel",
        "import random\nimport time\n\nfrom django.db import connection\n\nfrom core.kernel",
    )
    return project


def test_no_kill_loses_or_doubles_a_message(shop: Project, server: str, tmp_path: Path) -> None:
    if not shutil.which("redis-server"):
        pytest.fail("the tests need Redis: apt-get install redis-server")
    url, port = f"{server}/faults", free_port()
    run("createdb", "--maintenance-db", f"{server}/postgres", "faults", cwd=tmp_path)

    def ask(sql: str) -> str:
        return run("psql", "--tuples-only", "--no-align", url, "--command", sql, cwd=tmp_path).stdout.strip()

    def heard_more_than(count: int) -> bool:
        return int(ask("SELECT count(*) FROM heard")) > count

    def wait_until(true: Callable[[], bool], seconds: float = PATIENCE) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, (tmp_path / "worker.log").read_text("utf-8")[-5000:]
            time.sleep(0.5)

    variables = shop.variables | DJANGO_PRODUCTION
    variables |= {"DATABASE_URL": url, "REDIS_URL": f"redis://127.0.0.1:{port}/0", "WORKER_CONCURRENCY": "2"}
    variables |= {"DJANGO_SETTINGS_MODULE": "core.settings"}
    shop.uv("python", "manage.py", "migrate", "--no-input", check=True, **variables)
    ask("CREATE TABLE heard (team_id text)")
    celery: list[str | Path] = [shop.environment / "bin/celery", "--quiet", "--app", "core"]
    # As in compose.yaml: what is in a queue outlives a restart.
    options = ["--port", str(port), "--bind", "127.0.0.1", "--appendonly", "yes", "--dir", str(tmp_path)]
    with ExitStack() as stack:

        def start(name: str, *command: str | Path) -> Process:
            process = Process(*command, cwd=shop.folder, log=tmp_path / f"{name}.log", **variables)
            return stack.enter_context(running(process))

        redis = start("redis", "redis-server", *options)
        wait_for(port)
        worker = start("worker", *celery, "worker")
        beat = start("beat", *celery, "beat", "--schedule", tmp_path / "beat")
        stream = start("stream", shop.environment / "bin/python", "-c", STREAM)
        faults: dict[str, Callable[[], None]] = {
            "Redis is killed": redis.kill,
            "Redis is away": lambda: redis.kill(signal.SIGTERM, away=4),
            "Redis hangs": lambda: redis.hang(8),
            "worker is killed": worker.kill,
            "worker's child is killed": worker.kill_child,
            "scheduler is killed": beat.kill,
        }
        for fault in [entry for _ in range(ROUNDS) for entry in faults.values()]:
            heard = int(ask("SELECT count(*) FROM heard"))
            # After each fault the others have to go on.
            wait_until(partial(heard_more_than, heard + 5))
            fault()
        stream.stop()
        wait_until(lambda: ask("SELECT count(*) FROM outbox WHERE state = 'waiting'") == "0", 300)
        codes = {"worker": worker.codes, "beat": beat.codes}

    lines = (tmp_path / "stream.log").read_text("utf-8").splitlines()
    acknowledged = {line.removeprefix("acknowledged ") for line in lines if line.startswith("acknowledged ")}
    founded = ask("SELECT id FROM team WHERE name = 'Told'").split()
    heard_of = Counter(ask("SELECT team_id FROM heard").split())
    print(dict.fromkeys(faults, ROUNDS), {"sender is killed": lines.count("killed")}, codes)
    print(f"founded {len(founded)}, lost {len({*founded} - {*heard_of})}, doubled {heard_of.total() - len(heard_of)}")
    assert len(founded) > 5 * ROUNDS * len(faults)
    assert acknowledged <= {*founded}
    assert heard_of == Counter(founded)
    assert ask("SELECT count(*) FROM outbox WHERE state = 'dead'") == "0"
    # What ended by itself said so, or nobody would start it again where a process may end well.
    assert 0 not in codes["worker"] + codes["beat"]
