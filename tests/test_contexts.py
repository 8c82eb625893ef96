"""The bounded contexts: projects really installed, checked, broken, and run on MariaDB and Redis."""

import json
import re
import shutil
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import copier
import pytest
from accounts import accounts_work, mails_in
from attacks import withstands
from browser import Browser
from conftest import commit_all, copy_into, first, git, make_template, replace, run, status
from generated import (
    EVERYTHING,
    LONG,
    Break,
    Fault,
    Project,
    breaks,
    change,
    check_files,
    faults,
    install,
    keep_rows,
    rows_of,
)
from names import add_random_and_everyday
from servers import DJANGO_PRODUCTION, call, fetch, free_port, make_database, mariadb, redis, serve

pytestmark = pytest.mark.generated

SEED: dict[str, Any] = {"stack": "contexts", "package": "pulsewatch", "plan_sections": ["governance"]}
NOTIFICATIONS = {"feature_title": "Notifications", "entity": "Channel", "fields": "name:str(80) unique\naddress:email"}
FURTHER = """
[Contract]
number:int
held:ref(notifications.Channel)?

[Invoice]
thing:ref(Thing) cascade
contract:ref(Contract)
old_contract:ref(Contract)?
payer:email? pii
unique(thing, contract)

[Reminder]
invoice:ref(Invoice) cascade
text:str(80)
sent_to:ref(notifications.Channel)
"""
"""Further entities of a feature: parts, and parts of those, what they need and what they can do without, in both contexts."""
BILLING = {"feature_title": "Billing", "entity": "Thing", "fields": EVERYTHING + FURTHER}
ANSWERS: dict[str, dict[str, Any]] = {
    "short names": {"package": "p", "module": "b", "entity": "B", "fields": "c:int", "database": "sqlite"},
    "long names": {
        "package": "abcdefghijklmnopqrstuvwxyz_1",
        "module": "abcdefghijklmnopqrstuvwxyz_2",
        "entity": "Abcdefghijklmnopqrstuvwxyzab",
        "fields": LONG,
    },
    "nothing to filter or sort": {"module": "news", "entity": "News", "fields": "b:text\nc:json"},
    "no code": {"slice": False, "database": "postgresql"},
}


@pytest.fixture(scope="session")
def shop(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    return install(template, tmp_path_factory.mktemp("contexts") / "shop", **SEED)


@pytest.fixture(scope="session")
def grown(shop: Project, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Make the same project with two more contexts, one of which hears of the first."""
    folder = tmp_path_factory.mktemp("grown") / "shop"
    project = shop.clone(folder)
    commit_all(folder)
    copy_into(template, folder, **NOTIFICATIONS)
    copy_into(template, folder, **BILLING)
    assert not [line for line in status(folder) if not line.startswith("?? ")]
    subscribe(folder)
    commit_all(folder)
    return project


HANDLER = '''"""What notifications do when they hear of a check: an owner finds a channel for it."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from core.kernel.actors import Actor, Role
from core.kernel.events import Message

from ...domain.entities.channel import Channel
from ...domain.value_objects.channel import ChannelAddress
from ..repositories import ChannelWork


@dataclass(frozen=True)
class WelcomeCheck:
    """Open a channel for a check that was added."""

    work: Callable[[], ChannelWork]

    def __call__(self, message: Message) -> None:
        """Open it, with the check's name."""
        actor = Actor(UUID(message.data["by"]), UUID(message.team_id), Role.MEMBER)
        channel = Channel.create(
            actor,
            {
                "name": f"For {message.data['values']['name']}"[:80],
                "address": ChannelAddress("watch@example.com"),
            },
        )
        with self.work() as work:
            work.channels.add(channel)
            work.commit()


def welcome(work: Callable[[], ChannelWork]) -> Callable[[Message], None]:
    """Make the function that is called with each message."""
    use_case = WelcomeCheck(work)

    def welcome_check(message: Message) -> None:
        use_case(message)

    return welcome_check
'''
UNIT = '''"""Channels that other contexts' events open."""

from uuid import uuid4

from apps.notifications.application.use_cases.welcome import welcome
from core.kernel.events import Message

from .test_notifications import ChannelMemoryWork


def test_a_new_check_gets_a_channel() -> None:
    work, team_id = ChannelMemoryWork(), uuid4()
    data = {"by": str(uuid4()), "values": {"name": "Home page"}}
    message = Message(
        str(uuid4()), "monitoring.check_created", str(team_id), "2026-01-15T09:30:00Z", data
    )
    welcome(lambda: work)(message)
    (channel,) = work.twin.kept.values()
    assert (channel.name, channel.team_id) == ("For Home page", team_id)
'''


def subscribe(folder: Path) -> None:
    """Let notifications hear of checks, as docs/stacks/contexts.md says: a use case, and one line in the bootstrap."""
    notifications = folder / "apps/notifications"
    (notifications / "application/use_cases/welcome.py").write_text(HANDLER, "utf-8")
    (folder / "tests/unit/test_welcome.py").write_text(UNIT, "utf-8")
    bootstrap = notifications / "bootstrap.py"
    replace(
        bootstrap,
        "SUBSCRIPTIONS = [\n",
        'SUBSCRIPTIONS = [\n    Subscription(\n        "monitoring.check_created", welcome(DjangoChannelWork), name="notifications.welcome"\n    ),\n',
    )
    replace(
        bootstrap,
        "from .infrastructure.repositories",
        "from .application.use_cases.welcome import welcome\nfrom .infrastructure.repositories",
    )


def test_setup_needs_no_compiler_and_leaves_nothing_to_commit_but_the_lock_file(shop: Project) -> None:
    assert status(shop.folder) == ["?? uv.lock"]
    assert not list((shop.folder / ".venv").rglob("MySQLdb"))


@pytest.mark.deep
def test_the_defaults_pass(shop: Project) -> None:
    shop.make("lint")
    assert shop.passed(shop.make("test")) > 250


def test_unit_tests_need_no_django_and_no_patience(shop: Project) -> None:
    output = shop.make("unit")
    assert shop.passed(output) > 50
    (seconds,) = re.findall(r" in ([\d.]+)s", output)
    assert float(seconds) < 2
    code = "import sys, pytest; pytest.main(['tests/unit', '-q']); print('django' in sys.modules)"
    assert shop.uv("python", "-c", code).stdout.endswith("False\n")


@pytest.mark.deep
@pytest.mark.parametrize("nouns", ["sample", "more"])
def test_random_contexts_and_everyday_names_pass_everything(
    shop: Project, plain: Path, tmp_path: Path, nouns: str
) -> None:
    project = shop.like(add_random_and_everyday(plain, tmp_path / "shop", "contexts", nouns))
    shutil.copy(project.folder / ".env.example", project.folder / ".env")
    project.check("lint-imports", "python manage.py makemigrations --check --dry-run")
    assert project.test() > 600


CHANGES = [
    "+ subtitle:str(80)?\n+ pages:int(1,900) <- 3\nname -> headline\n~ status:enum(new,up,down,paused,gone) index=new",
    "~ pages:bigint(1,9000)\n- interval_seconds\n~ url:str(500)\n~ CheckResult.duration_ms:int(0,90000)?\n"
    "+ [Chapter]\nsubject:ref(Check) cascade\nname:str(60) show",
]


def test_a_project_at_work_changes_and_goes_back(shop: Project, tmp_path: Path) -> None:
    project = shop.copy(tmp_path / "shop")
    file = tmp_path / "work.db"
    project.variables["DATABASE_URL"] = f"sqlite:///{file}"
    migrate = partial(project.make, "migrate")
    back = partial(project.uv, "python", "manage.py", "migrate", "monitoring", "0001")
    keep_rows(project, file, CHANGES, migrate, back)
    project.uv("python", "manage.py", "makemigrations", "--check", "--dry-run")
    # Rows that do not fit stop a migration in one sentence, before anything changes.
    change(project.folder, "001", "~ headline:str(2)")
    before = rows_of(file)
    told = migrate(check=False)
    assert "checks have a headline of more than 2 characters: change that first, then migrate again" in told
    assert "Traceback" not in told
    assert rows_of(file) == before


def test_three_contexts_pass_everything(grown: Project) -> None:
    # Among the gates are all that `make lint` and `make test` do.
    assert "13 passed, 0 failed, 0 for a person" in grown.gates()


def unusual(shop: Project, template: Path, folder: Path, name: str) -> Project:
    """Render a row of the table."""
    copy_into(template, folder, **SEED | ANSWERS[name])
    shutil.copy(folder / ".env.example", folder / ".env")
    # Another database needs another driver, so an environment of its own.
    return Project(folder) if "database" in ANSWERS[name] else shop.like(folder)


@pytest.mark.deep
@pytest.mark.parametrize("name", ANSWERS)
def test_rendered_code_is_formatted_typed_and_clean(shop: Project, template: Path, tmp_path: Path, name: str) -> None:
    unusual(shop, template, tmp_path / "shop", name).check("lint-imports")


@pytest.mark.deep
@pytest.mark.parametrize("name", ANSWERS)
def test_unusual_answers_pass_their_tests(shop: Project, template: Path, tmp_path: Path, name: str) -> None:
    project = unusual(shop, template, tmp_path / "shop", name)
    # Without a feature, `make test` asks for no coverage.
    project.passed(project.make("test")) if name == "no code" else project.test()


@pytest.mark.deep
def test_three_contexts_pass_on_postgresql(grown: Project, server: str, tmp_path: Path) -> None:
    project = grown.anew(tmp_path / "shop")
    python = project.environment / "bin/python"
    run("uv", "pip", "install", "--python", python, "psycopg[binary]>=3.3,<3.4", cwd=project.folder)
    assert project.test(DATABASE_URL=f"{server}/shop", UV_NO_SYNC="1") > 400


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"module": "users"}, "module 'users' is the name of something that the project has or uses"),
        ({"module": "core"}, "module 'core' is the name of something that the project has or uses"),
        ({"entity": "Doc"}, "entity 'Doc' would have the address of the API's documentation, /api/docs/"),
        ({"fields": "team_id:uuid"}, "'team_id' is what every entity has already, its team"),
    ],
    ids=str,
)
def test_names_that_the_code_uses_are_refused(
    template: Path, tmp_path: Path, data: dict[str, str], message: str
) -> None:
    with pytest.raises(SystemExit, match=message):
        copy_into(template, tmp_path / "shop", **SEED | data)


# Run ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

WRITTEN_LONG_AGO = """
from django.core.cache import cache
from apps.users.infrastructure.models import User
cache.delete_many([f"wrote-lately:{user.pk}" for user in User.objects.all()])
"""
PRODUCTION = DJANGO_PRODUCTION | {"WORKER_CONCURRENCY": "1"}
CHECK = {"name": "Home page", "url": "https://example.com/"}


def sign_in(address: str, name: str, **team: str) -> str:
    """Register somebody if need be, and return an access token."""
    who = {"username": name, "password": f"the password of {name}"}
    call("POST", f"{address}/api/auth/register/", {**who, "team": f"Team of {name}"})
    code, tokens, _ = call("POST", f"{address}/api/auth/login/", {**who, **team})
    assert code == 200, tokens
    token: str = tokens["access"]
    return token


class Running:
    """gunicorn and a worker, on MariaDB with a replica and Redis."""

    def __init__(self, project: Project, address: str, variables: dict[str, str], logs: Path) -> None:
        self.project, self.address, self.variables, self.logs = project, address, variables, logs

    def shell(self, code: str, **variables: str) -> str:
        """Run code in the project, as one more process of it."""
        script = f"import django; django.setup()\n{code}"
        settings = {"DJANGO_SETTINGS_MODULE": "core.settings"}
        return self.project.uv(
            "python", "-c", script, check=True, **self.variables | settings | variables
        ).stdout.strip()

    def lines(self, name: str) -> list[dict[str, Any]]:
        """Read what a process has logged."""
        text = (self.logs / f"{name}.log").read_text("utf-8")
        return [json.loads(line) for line in text.splitlines() if line.startswith("{")]

    def wait_for(self, name: str, event: str, **more: str) -> list[dict[str, Any]]:
        """Wait until a process has logged an event, with whatever else its line has to say."""
        wanted = {"event": event, **more}
        for _ in range(1200):
            found = [line for line in self.lines(name) if wanted.items() <= line.items()]
            if found:
                return found
            time.sleep(0.1)
        pytest.fail((self.logs / f"{name}.log").read_text("utf-8"))


@pytest.fixture(scope="session")
def running(grown: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Run the project with three contexts as in production: the same code in two kinds of process, two databases, Redis."""
    folder = tmp_path_factory.mktemp("running")
    project = grown.anew(folder / "shop", "--group", "mysql")
    port = free_port()
    with mariadb() as database, redis() as broker:
        variables = project.variables | PRODUCTION | {"REDIS_URL": f"{broker}/0", "PORT": str(port)}
        variables |= {"DATABASE_URL": f"{database}/shop", "EMAIL_URL": f"filemail:///{folder}/mails"}
        variables |= {"METRICS_PORT": str(free_port())}
        for name in ("shop", "replica"):
            make_database(database, name)
            url = {"DATABASE_URL": f"{database}/{name}"}
            project.uv("python", "manage.py", "migrate", "--no-input", check=True, **variables | url)
        project.uv("python", "manage.py", "collectstatic", "--no-input", check=True, **variables)
        running = Running(project, f"http://127.0.0.1:{port}", variables, folder)
        worker = ["uv", "run", "celery", "--app", "core", "worker"]
        gunicorn = ["uv", "run", "gunicorn"]
        # The worker has no port: Redis' own is there already.
        redis_port = int(broker.rpartition(":")[2])
        with (
            serve(*worker, cwd=project.folder, port=redis_port, log=folder / "worker.log", **variables),
            serve(*gunicorn, cwd=project.folder, port=port, log=folder / "web.log", **variables),
        ):
            yield running


def test_no_attack_succeeds(running: Running) -> None:
    tokens = [sign_in(running.address, name) for name in ("mallory", "trent")]
    withstands(running.address, "/api/checks/", CHECK, *tokens)


def test_an_account_lives_by_its_mails(running: Running, browser: Browser) -> None:
    accounts_work(running.address, mails_in(running.logs / "mails"), browser, team="Compilers")


def test_three_contexts_pass_on_mariadb(running: Running) -> None:
    server = running.variables["DATABASE_URL"].rpartition("/")[0]
    project = running.project
    assert project.test(DATABASE_URL=f"{server}/tested") > 400


def test_an_event_reaches_the_other_context_once(running: Running) -> None:
    token = sign_in(running.address, "eve")
    code, check, _ = call("POST", f"{running.address}/api/checks/", CHECK, token, X_Request_ID="event-1")
    assert code == 201
    (line,) = running.wait_for("worker", "handled", request_id="event-1")
    assert line["subscriber"] == "notifications.welcome"
    channels = f"{running.address}/api/channels/"
    page = call("GET", channels, token=token)[1]
    assert [channel["name"] for channel in page["items"]] == ["For Home page"]
    assert page["items"][0]["team_id"] == check["team_id"]

    again = f"""
from core.messaging.models import OutboxMessage
from core.messaging.tasks import deliver
deliver.delay(OutboxMessage.objects.get(message_id="{line["message_id"]}").pk)
"""
    running.shell(again)
    running.wait_for("worker", "not due")
    assert len(call("GET", channels, token=token)[1]["items"]) == 1


def test_an_event_that_nobody_could_handle_is_handled_when_somebody_can(running: Running) -> None:
    """Notifications cannot open two channels of one name: the second message waits until the first channel is gone."""
    token = sign_in(running.address, "dora")
    checks, channels = (f"{running.address}/api/{name}/" for name in ("checks", "channels"))
    for number in (1, 2):
        code, check, _ = call("POST", checks, CHECK, token, X_Request_ID=f"dead-{number}")
        assert code == 201
        assert call("DELETE", f"{checks}{check['id']}/", token=token, If_Match="*")[0] == 204
    (line,) = running.wait_for("worker", "failed", request_id="dead-2")
    assert line["error"] == "core.kernel.errors.Taken"
    assert "Home page" not in json.dumps(line)
    give_up = f"""
from core.messaging.models import OutboxMessage, State
print(OutboxMessage.objects.filter(message_id="{line["message_id"]}").update(state=State.DEAD))
"""
    assert running.shell(give_up) == "1"
    listed = running.project.uv("python", "manage.py", "messages", check=True, **running.variables).stdout
    assert "1 given up" in listed
    (channel,) = call("GET", channels, token=token)[1]["items"]
    assert call("DELETE", f"{channels}{channel['id']}/", token=token, If_Match="*")[0] == 204
    again = ["python", "manage.py", "messages", "--resend", "all"]
    assert running.project.uv(*again, check=True, **running.variables).stdout == "1 sent again\n"
    running.wait_for("worker", "handled", message_id=line["message_id"])
    assert [channel["name"] for channel in call("GET", channels, token=token)[1]["items"]] == ["For Home page"]


def test_a_change_that_is_refused_is_told_to_nobody(running: Running) -> None:
    token = sign_in(running.address, "ruth")
    url = f"{running.address}/api/checks/"
    assert call("POST", url, CHECK, token)[0] == 201
    assert call("POST", url, CHECK, token)[0] == 409
    time.sleep(1)
    assert len(call("GET", f"{running.address}/api/channels/", token=token)[1]["items"]) == 1


def test_reads_go_to_the_replica_until_something_is_written(running: Running) -> None:
    """The replica of this test follows nobody, so that it shows who was asked."""
    server = running.variables["DATABASE_URL"].rpartition("/")[0]
    port, log = free_port(), running.logs / "replica.log"
    variables = running.variables | {"DATABASE_REPLICA_URL": f"{server}/replica", "PORT": str(port)}
    variables |= {"METRICS_PORT": str(free_port())}
    address = f"http://127.0.0.1:{port}"
    with serve("uv", "run", "gunicorn", cwd=running.project.folder, port=port, log=log, **variables):
        token, other = sign_in(address, "rita"), sign_in(address, "rita")
        checks = f"{address}/api/checks/"
        code, check, _ = call("POST", checks, CHECK, token)
        assert code == 201
        # Whoever has written asks the primary for some seconds, in whatever process and with whatever token.
        for reader in (token, other):
            assert call("GET", f"{checks}{check['id']}/", token=reader)[0] == 200
            assert len(call("GET", checks, token=reader)[1]["items"]) == 1
        # After them it is the replica, which has never heard of it; a change asks the primary.
        running.shell(WRITTEN_LONG_AGO)
        assert call("GET", f"{checks}{check['id']}/", token=token)[0] == 404
        assert call("GET", checks, token=token)[1]["items"] == []
        code, changed, _ = call("PATCH", f"{checks}{check['id']}/", {"note": "Mine."}, token, If_Match='"1"')
        assert (code, changed["version"]) == (200, 2)
    read_your_writes = """
from uuid import UUID
from apps.monitoring import bootstrap
from core.kernel.actors import Actor, Role
from core.kernel.repositories import Wanted
from core.routers import reads
from apps.monitoring.domain.value_objects.check import CheckUrl
actor = Actor(UUID(int=1), UUID(int=2), Role.MEMBER)
with reads():
    print(bootstrap.checks.list(actor, Wanted(total=True)).total)
    bootstrap.checks.create(actor, {"name": "a", "url": CheckUrl("https://example.com")})
    print(bootstrap.checks.list(actor, Wanted(total=True)).total)
with reads():
    print(bootstrap.checks.list(actor, Wanted(total=True)).total)
"""
    output = running.shell(read_your_writes, DATABASE_REPLICA_URL=f"{server}/replica")
    assert [line for line in output.splitlines() if line.isdigit()] == ["0", "1", "0"]


def test_roles_and_teams_are_kept_apart_over_http(running: Running) -> None:
    address = running.address
    owner = sign_in(address, "olga")
    code, check, _ = call("POST", f"{address}/api/checks/", CHECK, owner)
    assert code == 201
    for name, role in (("mia", "member"), ("vera", "viewer")):
        token, member = sign_in(address, name), {"username": name, "role": role}
        assert call("POST", f"{address}/api/team/invitations/", member, owner)[0] == 201
        assert call("POST", f"{address}/api/auth/invitations/", {"team_id": check["team_id"]}, token)[0] == 201
    tokens = {name: sign_in(address, name, team=check["team_id"]) for name in ("mia", "vera")}
    tokens["stranger"] = sign_in(address, "sara")
    place = f"{address}/api/checks/{check['id']}/"
    expected = {"mia": (200, 403, 201), "vera": (200, 403, 403), "stranger": (404, 404, 201)}
    for name, codes in expected.items():
        token, other = tokens[name], CHECK | {"name": f"By {name}"}
        found = (
            call("GET", place, token=token)[0],
            call("PATCH", place, {"note": "x"}, token, If_Match='"1"')[0],
            call("POST", f"{address}/api/checks/", other, token)[0],
        )
        assert found == codes, name
    names = [item["name"] for item in call("GET", f"{address}/api/checks/?sort=name", token=owner)[1]["items"]]
    assert names == ["By mia", "Home page"]


@pytest.mark.deep
def test_schemathesis_finds_no_failure(running: Running) -> None:
    token = sign_in(running.address, "fuzzer")
    command = ["schemathesis", "run", f"{running.address}/api/schema/", "--header", f"Authorization: Bearer {token}"]
    output = running.project.uv(*command, "--max-examples", "25", check=False).stdout
    assert re.search(r"(\d{3,}) generated, \1 passed", output), output


def test_what_it_does_can_be_seen(running: Running) -> None:
    token = sign_in(running.address, "sven")
    assert call("GET", f"{running.address}/api/checks/", token=token, X_Request_ID="seen-1")[0] == 200
    (line,) = [line for line in running.lines("web") if line.get("request_id") == "seen-1"]
    assert (line["route"], line["status"]) == ("api/checks/", 200)
    assert {"user_id", "team_id"} <= set(line)
    metrics = f"http://127.0.0.1:{running.variables['METRICS_PORT']}"
    assert 'view="checks-list"' in fetch(f"{metrics}/metrics")[1]
    assert fetch(f"{metrics}/api/checks/")[0] == 404
    assert fetch(f"{running.address}/metrics")[0] == 404
    for path in ("/health", "/ready"):
        assert fetch(running.address + path)[0] == 200


def test_the_quickstart_works_as_written(shop: Project, tmp_path: Path) -> None:
    port = free_port()
    variables = shop.variables | {"DATABASE_URL": f"sqlite:///{tmp_path}/quick.db"}
    shop.uv("python", "manage.py", "migrate", DATABASE_URL=variables["DATABASE_URL"])
    address = f"127.0.0.1:{port}"
    command = ["uv", "run", "python", "manage.py", "runserver", "--noreload", address]
    with serve(*command, cwd=shop.folder, port=port, log=tmp_path / "run.log", **variables):
        output = shop.quickstart(f"http://{address}", DATABASE_URL=variables["DATABASE_URL"])
    assert '"name":"First name"' in output
    assert '"total":null' in output
    assert '"name":"Second name"' in output


# Break ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

CHECK_ENTITY = "apps/monitoring/domain/entities/check.py"
USE_CASES = "apps/monitoring/application/use_cases/checks.py"
VIEWS = "apps/monitoring/interface/views.py"


@breaks(
    ("clean-architecture", CHECK_ENTITY, "import dataclasses", "import django\nimport dataclasses", "apps.monitoring.domain.entities.check -> django (l.3)"),
    ("clean-architecture", USE_CASES, "from ..repositories import", "from ...infrastructure import models\nfrom ..repositories import", "apps.monitoring.application.use_cases.checks -> apps.monitoring.infrastructure"),
    ("clean-architecture", VIEWS, "from .. import bootstrap", "from .. import bootstrap\nfrom ..infrastructure import models", "apps.monitoring.interface.views -> apps.monitoring.infrastructure"),
    ("clean-architecture", "apps/monitoring/domain/events.py", None, None, "cannot import name 'events'"),
    ("bounded-context", CHECK_ENTITY, "import dataclasses", "from apps.users.domain.entities.team import Team\nimport dataclasses", "apps.monitoring.domain.entities.check -> apps.users.domain.entities.team (l.3)"),
    ("bounded-context", "apps/monitoring/infrastructure/models.py", "    class Meta(", "    made_by = models.ForeignKey('users.User', models.CASCADE)\n\n    class Meta(", "CheckRow.made_by → users.User"),
    ("bounded-context", "apps/monitoring/bootstrap.py", "users.team_deleted", "users.nothing", "monitoring.forget_checks: users.nothing"),
    ("bounded-context", "apps/monitoring/bootstrap.py", 'name="monitoring.', 'name="users.', "monitoring: users.forget_checks"),
    ("bounded-context", "core/api/errors.py", "from . import problems", "from apps.users import bootstrap\n\nfrom . import problems", "core.api.errors -> apps.users.bootstrap"),
    ("test-first", USE_CASES, "            check.require_version(versions)\n            check.change", "            check.change", "test_a_change_of_another_version_is_refused"),
    ("test-first", USE_CASES, "@dataclass(frozen=True)\nclass RemoveCheck:", '@dataclass(frozen=True)\nclass PauseCheck:\n    """Stop asking."""\n\n    work: abc.Callable[[], CheckWork]\n\n    def __call__(self, actor: actors.Actor) -> None:\n        """Stop."""\n        actor.require(actors.Role.MEMBER)\n\n\n@dataclass(frozen=True)\nclass RemoveCheck:', "PauseCheck"),
    ("solid", USE_CASES, "    repository: abc.Callable[[], CheckRepository]", "    repository: abc.Callable[[], CheckRepository]\n    most: int = 10", "ReadCheck.most"),
    ("solid", USE_CASES, ") -> repositories.Page[Check]:", ") -> repositories.Page[CheckValues]:", "Incompatible return value"),
    ("twelve-factor", USE_CASES, "        actor.require(actors.Role.MEMBER)\n", "        actor.require(actors.Role.MEMBER)\n        open('/tmp/checks', 'a').write('x')\n", "apps/monitoring/application/use_cases/checks.py:29"),
    ("twelve-factor", "core/settings/tasks.py", 'or "memory://"', 'or "redis://localhost"', "core/settings/tasks.py:7"),
    ("twelve-factor", VIEWS, "from core.api", "import os\n\nKEY = os.environ['KEY']\nfrom core.api", "apps/monitoring/interface/views.py"),
    ("twelve-factor", "k8s/base/kustomization.yaml", "      - OTEL_SERVICE_NAME=pulsewatch\n", "", "OTEL_SERVICE_NAME"),
    ("observability", "core/settings/application.py", '    "core.middleware.metrics.metrics",\n', "", "core.middleware.metrics.metrics"),
    ("observability", "apps/users/interface/authentication.py", "(user_id=str(user.pk))", "()", "user_id"),
    ("observability", "core/tracing.py", "provider.add_span_processor(BatchSpanProcessor(exporter))", "", "test_a_request_leaves_a_span"),
    ("security", VIEWS, "    use_cases =", "    permission_classes = ()\n    authentication_classes = ()\n    use_cases =", "apps.monitoring.interface.views.CheckViewSet"),
    ("security", USE_CASES, "        actor.require(actors.Role.VIEWER)\n        return self.repository().list", "        return self.repository().list", "ListChecks"),
    ("security", "tests/contract/test_monitoring.py", '    "viewer": {', '    "nobody": {', "MATRIX has no viewer"),
    ("security", "tests/contract/test_monitoring_check_results.py", None, None, "test_monitoring_check_results.py: MATRIX has no viewer"),
    ("security", "core/settings/security.py", "minutes=10", "days=10", "access"),
)  # fmt: skip
def test_a_gate_fails_when_its_rule_is_broken(shop: Project, tmp_path: Path, row: Break) -> None:
    shop.broken(tmp_path / "shop", row).fails(row.gate, row.message)


@faults(
    ("specs/001-monitoring/contracts/openapi.yaml", '"maxLength": 120', '"maxLength": 121', "tests/contract"),
    (
        "apps/monitoring/interface/serializers.py",
        '"last_ping_at", "ge"',
        '"last_ping_at", "le"',
        "tests/contract",
    ),
    ("apps/users/domain/entities/team.py", "if user_id in self.roles or", "if", "tests/unit"),
    ("core/kernel/actors.py", "if self.role is not Role.OWNER and", "if", "tests/unit"),
    ("core/kernel/relations.py", "            needs.require_none(each.name, one)\n", "", "tests/unit"),
    ("core/kernel/relations.py", "            _empty(actor, kinds, each.name, one)\n", "", "tests/unit"),
    ("core/kernel/relations.py", "                waiting += [", "                _ = [", "tests/unit"),
    ("core/kernel/relations.py", "        each.repository.remove(*(", "        list((", "tests/unit"),
    (CHECK_ENTITY, "if check_result.subject_id != self.id:", "if False:", "tests/unit"),
    (CHECK_ENTITY, '{**values, "subject_id": self.id}', "values", "tests/unit"),
    ("apps/monitoring/application/repositories.py", "parts={", "emptied={", "tests/unit"),
    (
        "core/persistence/repositories.py",
        "if self.whole:",
        "if False:",
        "tests/integration/test_monitoring_check_results.py",
    ),
    (
        "core/persistence/repositories.py",
        "self._rows().filter(team_id=team_id)",
        "self._rows()",
        "tests/integration/test_monitoring.py",
    ),
    (
        "core/persistence/work.py",
        "if error is None and not self._committed:",
        "if False:",
        "tests/integration/test_messaging.py",
    ),
    (
        "core/messaging/tasks.py",
        "            if not rows.select_for_update():",
        "            if False:",
        "tests/integration/test_messaging.py",
    ),
    (
        "core/messaging/tasks.py",
        "            row.attempts += 1\n",
        "",
        "tests/integration/test_messaging.py",
    ),
    (
        "core/messaging/dispatch.py",
        "    transaction.on_commit(tell, robust=True)",
        "    transaction.on_commit(tell)",
        "tests/integration/test_messaging.py",
    ),
    (
        "core/discovery.py",
        "        if entry.name in found:",
        "            if False:",
        "tests/integration/test_discovery.py",
    ),
    (
        "core/routers.py",
        "            cache.set(_wrote_lately(reader.user), True, BEHIND)",
        "            pass",
        "tests/integration/test_routers.py",
    ),
    (
        "core/routers.py",
        ' or getattr(cache, "away", False)',
        "",
        "tests/integration/test_routers.py",
    ),
    ("k8s/base/deployment.yaml", "Seconds: 300", "Seconds: 40", "tests/integration/test_celery.py"),
    (
        "core/discovery.py",
        'root.glob("apps/*/__init__.py")',
        'root.glob("apps/m*/__init__.py")',
        "tests/integration/test_discovery.py",
    ),
    ("core/api/views.py", "if header is None:", "if False:", "tests/contract"),
    (
        "apps/users/interface/views.py",
        "        bootstrap.delete_account(user.pk)",
        "        user.delete()",
        "tests/contract/test_users.py",
    ),
)
def test_the_tests_of_the_project_fail_when_its_code_is_broken(shop: Project, tmp_path: Path, row: Fault) -> None:
    shop.broken(tmp_path / "shop", row).tests_fail(row.tests)


# Around the code ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("database", first(["mysql", "postgresql", "sqlite"]))
def test_the_files_of_other_tools_are_valid(template: Path, shop: Project, tmp_path: Path, database: str) -> None:
    folder = copy_into(template, tmp_path / "shop", **SEED, database=database)
    check_files(folder)
    run("sh", "-n", "k8s/minikube.sh", cwd=folder)
    project = shop.like(folder)
    project.passed(project.uv("pytest", "-q", "--no-cov", "tests/gates/test_kubernetes.py").stdout)


# Update ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_updates_keep_edits_and_touch_their_own_layer_only(tmp_path: Path) -> None:
    template = make_template(tmp_path / "groundplan")
    options: dict[str, Any] = {"defaults": True, "unsafe": True, "quiet": True}
    folder = copy_into(template, tmp_path / "shop", **SEED)
    copy_into(template, folder, **NOTIFICATIONS)
    contexts = template / "template/{{ when.contexts }}"
    replace(contexts / "{{ shared }}/core/messaging/tasks.py", "timedelta(days=7)", "timedelta(days=60)")
    replace(
        contexts / "{{ code }}/apps/{{ module }}/domain/events.py.jinja",
        "It is gone.",
        "It is gone for good.",
    )
    (contexts / "{{ shared }}/core/utils/texts.py").write_text('"""Texts."""\n', "utf-8")
    commit_all(template, "v2.0.0")
    git(template, "tag", "v2.0.0")
    replace(folder / "core/messaging/tasks.py", "ATTEMPTS = 22", "ATTEMPTS = 30")
    replace(folder / "apps/monitoring/domain/entities/check.py", "self.name, 120", "self.name, 60")
    replace(folder / "apps/notifications/domain/events.py", "It has new values", "There are new values")
    (folder / "apps/notifications/notes.txt").write_text("mine\n", "utf-8")
    commit_all(folder)

    copier.run_update(folder, overwrite=True, **options)
    changed = {line[3:] for line in status(folder)}
    assert {"core/messaging/tasks.py", "core/utils/texts.py"} <= changed
    assert not [path for path in changed if path.startswith(("apps/", "specs/", "tests/"))]
    tasks = (folder / "core/messaging/tasks.py").read_text("utf-8")
    assert "days=60" in tasks
    assert "ATTEMPTS = 30" in tasks
    commit_all(folder)

    answers = "specs/002-notifications/.copier-answers.feature.yml"
    copier.run_update(folder, answers_file=answers, overwrite=True, **options)
    assert {line[3:] for line in status(folder)} == {"apps/notifications/domain/events.py", answers}
    events = (folder / "apps/notifications/domain/events.py").read_text("utf-8")
    assert "It is gone for good." in events
    assert "There are new values" in events
    assert (folder / "apps/notifications/notes.txt").is_file()
    assert not git(folder, "ls-files", "--unmerged")
