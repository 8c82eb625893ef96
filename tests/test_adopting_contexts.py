"""A project of bounded contexts that was there before gets a context of ours, and its own go on as they were."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from conftest import commit_all, copy_into, replace
from servers import call, free_port, serve
from test_adopting import FEATURE, Adopted, new, only_new, repository

SECTION = "Features in a project of bounded contexts"
FIELDS = "title:str(80) unique\nsalary:decimal(10,2)?\nopen:bool=true\nsite:url?"
PASSWORD = "a long enough password"
BILLING: dict[str, str] = {
    "apps/billing/__init__.py": "",
    "apps/billing/domain/__init__.py": "",
    "apps/billing/domain/invoices.py": "def total(prices: list[int]) -> int:\n    return sum(prices)\n",
    # Of the same layers as ours, and put together in a way of its own.
    "apps/billing/bootstrap.py": "from .domain.invoices import total\n\nuse_cases = {'total': total}\n",
    "apps/billing/infrastructure/__init__.py": "",
    "apps/billing/infrastructure/apps.py": (
        "from django.apps import AppConfig\n\n\nclass BillingConfig(AppConfig):\n"
        '    name = "apps.billing.infrastructure"\n    label = "invoices"\n'
    ),
    "apps/billing/infrastructure/models.py": (
        "from django.conf import settings\nfrom django.db import models\n\n\nclass Invoice(models.Model):\n"
        "    payer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)\n"
    ),
    "apps/billing/infrastructure/migrations/__init__.py": "",
    "tests/__init__.py": "# mine\n",
    "tests/unit/__init__.py": "# mine\n",
    "tests/conftest.py": "import pytest\n\n\n@pytest.fixture\ndef member() -> str:\n    return 'mine'\n",
    "tests/unit/test_billing.py": (
        "from unittest import TestCase\n\nfrom apps.billing.bootstrap import use_cases\n\n\nclass TotalTest(TestCase):\n"
        "    def test_total(self) -> None:\n        assert use_cases['total']([1, 2]) == 3\n\n\n"
        "def test_a_fixture_of_the_same_name_is_still_mine(member: str) -> None:\n    assert member == 'mine'\n"
    ),
    ".gitignore": "__pycache__/\n.pytest_cache/\ndb.sqlite3\n",
}
EXPORTS = """
name:str(80)

[ExportFile]
export:ref(Export) cascade
offer:ref(job_offers.JobOffer)?
path:str(200)
"""
UNIT = """
import sys
for name in ("celery", "django", "rest_framework"):
    sys.modules[name] = None  # who imports it fails
import pytest
sys.exit(pytest.main(["-q", "-c", "empty.toml", "--rootdir", ".", "-p", "no:django", "-p", "no:cacheprovider", "tests/unit"]))
"""


def start(folder: Path) -> Adopted:
    """Make a project by hand, with a context and a user of its own, before anything of ours is there."""
    folder.mkdir()
    project = Adopted(folder, SECTION)
    project.run("-m", "django", "startproject", "mysite", ".")
    installed = 'INSTALLED_APPS = [\n    "apps.billing.infrastructure",'
    replace(folder / "mysite/settings.py", "INSTALLED_APPS = [", installed)
    repository(folder, BILLING)
    project.run("manage.py", "makemigrations")
    project.run("manage.py", "migrate")
    create = f"from django.contrib.auth.models import User; User.objects.create_user('olivia', password='{PASSWORD}')"
    project.run("manage.py", "shell", "--command", create)
    commit_all(folder)
    return project


def own_tests(project: Adopted) -> None:
    """Run the tests that were there before, as they were run before."""
    assert "Ran 1 test" in project.run("manage.py", "test", "tests.unit.test_billing")
    assert "2 passed" in project.run("-m", "pytest", "-q", "tests/unit/test_billing.py")


class Client:
    """Speaks JSON with the project as it runs."""

    def __init__(self, address: str) -> None:
        self.address, self.token = address, ""

    def ask(self, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        """Send a request, a POST if there is a body, and return status and body."""
        return call("POST" if body else "GET", f"{self.address}{path}", body, self.token)[:2]

    def sign_in(self, name: str) -> None:
        """Get a token, and send it from now on."""
        code, tokens = self.ask("/api/token/", {"username": name, "password": PASSWORD})
        assert code == 200, tokens
        self.token = tokens["access"]


@contextmanager
def served(project: Adopted) -> Iterator[Client]:
    """Serve the project as its people do, until the block ends."""
    port = free_port()
    command = (str(project.python), "manage.py", "runserver", "--noreload", str(port))
    log = project.folder.with_name("server.log")
    with serve(*command, cwd=project.folder, port=port, log=log):
        yield Client(f"http://127.0.0.1:{port}")


def passed(output: str) -> int:
    """Read how many tests pytest says have passed, and that none has failed."""
    assert not re.search(r"\d+ (?:failed|errors?)\b", output), output
    return int(re.findall(r"(\d+) passed", output)[-1])


@pytest.fixture(scope="module")
def grown(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Adopted:
    """A project that has taken in a first context, with the lines of the page."""
    project = start(tmp_path_factory.mktemp("contexts") / "old")
    own_tests(project)
    with only_new(project.folder):
        copy_into(template, project.folder, **FEATURE, slice=True, fields=FIELDS)
    assert new(project.folder) == {".copier-answers.yml", ".specify", "specs", "apps", "core", "tests"}
    own_tests(project)
    commit_all(project.folder)
    assert project.add_lines() == {
        "mysite/settings.py", "mysite/authentication.py", "mysite/urls.py", "core/celery.py", "pyproject.toml",
    }  # fmt: skip
    applied = project.run("manage.py", "migrate")
    assert "job_offers.0001_initial... OK" in applied
    assert "messaging.0002_outbox... OK" in applied
    commit_all(project.folder)
    return project


@pytest.mark.generated
def test_tables_and_tests_are_complete(grown: Adopted) -> None:
    assert "No changes detected" in grown.run("manage.py", "makemigrations", "--check")
    own_tests(grown)
    assert passed(grown.run("-m", "pytest", "-q")) > 80
    assert "OK" in grown.run("manage.py", "test")


@pytest.mark.generated
def test_unit_tests_need_no_framework(grown: Adopted) -> None:
    (grown.folder / "empty.toml").write_text("", "utf-8")
    try:
        assert passed(grown.run("-c", UNIT)) > 15
    finally:
        (grown.folder / "empty.toml").unlink()


@pytest.mark.generated
def test_a_user_of_the_project_s_own_is_served(grown: Adopted, template: Path) -> None:
    with served(grown) as client:
        assert client.ask("/api/job-offers/")[0] == 401
        client.sign_in("olivia")
        code, made = client.ask("/api/job-offers/", {"title": "Cook", "salary": "10.50"})
        assert code == 201, made
        assert made["owner_id"] == made["team_id"] == "00000000-0000-0000-0000-000000000001"
        assert client.ask("/api/job-offers/", {"title": "Cook"})[0] == 409
        assert client.ask("/api/job-offers/", {"title": ""})[0] == 400
        code, page = client.ask("/api/job-offers/")
        assert (code, page["items"]) == (200, [made])
    with only_new(grown.folder):
        copy_into(template, grown.folder, feature_title="Exports", fields=EXPORTS)
    grown.run("manage.py", "migrate")
    with served(grown) as client:
        assert client.ask("/api/exports/")[0] == 401
        client.sign_in("olivia")
        code, export = client.ask("/api/exports/", {"name": "July"})
        assert code == 201
        part = {"export_id": export["id"], "path": "july.csv"}
        assert client.ask("/api/export-files/", part)[1]["export"] == "July"
        assert len(client.ask("/api/job-offers/")[1]["items"]) == 1
    assert passed(
        grown.run("-m", "pytest", "-q", *(str(path) for path in grown.folder.glob("tests/*/test_exports*.py")))
    )
    own_tests(grown)


@pytest.mark.generated
def test_one_context_hears_of_another(grown: Adopted) -> None:
    """An event reaches a subscriber once the database has committed, without a broker."""
    folder = grown.folder
    (folder / "apps/letters/infrastructure").mkdir(parents=True)
    for path in ("__init__.py", "infrastructure/__init__.py"):
        (folder / "apps/letters" / path).write_text("", "utf-8")
    (folder / "apps/letters/infrastructure/apps.py").write_text(
        "from django.apps import AppConfig\n\n\nclass LettersConfig(AppConfig):\n"
        '    name = "apps.letters.infrastructure"\n    label = "letters"\n',
        "utf-8",
    )
    (folder / "apps/letters/bootstrap.py").write_text(
        "from core.messaging.subscriptions import Subscription\n\n\ndef write(message):\n"
        "    print('heard of', message.name, message.data['values']['title'])\n\n\n"
        'SUBSCRIPTIONS = [Subscription("job_offers.job_offer_created", write, name="letters.write")]\n',
        "utf-8",
    )
    create = (
        "from uuid import uuid4; from apps.job_offers.bootstrap import job_offers; "
        "from core.kernel.actors import Actor, Role; "
        "job_offers.create(Actor(uuid4(), uuid4(), Role.MEMBER), {'title': 'Baker'})"
    )
    assert "heard of job_offers.job_offer_created Baker" in grown.run("manage.py", "shell", "--command", create)
    shutil.rmtree(folder / "apps/letters")
