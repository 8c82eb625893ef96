"""The Django stack, as a team uses it: installed, linted, tested, run on real servers, and broken."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import copier
import pytest
import yaml
from accounts import Mails, accounts_work, mail_server
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
    check_manifests,
    faults,
    grow,
    install,
    keep_rows,
    rows_of,
)
from names import add_random_and_everyday
from servers import DJANGO_PRODUCTION as PRODUCTION
from servers import call, fetch, free_port, mariadb, serve
from stacks import SECTIONS

pytestmark = pytest.mark.generated

SEED: dict[str, Any] = {"stack": "django", "package": "JobMarket2", "module": "JobApp", "plan_sections": ["governance"]}
ANSWERS: dict[str, dict[str, Any]] = {
    "short names": {"package": "p", "module": "a", "entity": "A", "fields": "b:int", "database": "sqlite"},
    "long names": {
        "package": "abcdefghijklmnopqrstuvwxyz_1",
        "module": "abcdefghijklmnopqrstuvwxyz_2",
        "entity": "Abcdefghijklmnopqrstuvwxyzab",
        "fields": LONG,
    },
    "nothing to filter or sort": {"module": "news", "entity": "News", "fields": "b:text\nc:json"},
    "CamelCase": {
        "package": "Abcdefghijklmnopqrstuvwxyzab",
        "module": "JobAppAbcdefghijklmnopqrstu",
        "entity": "X1",
        "fields": "a:enum(b,c)\nd:int(1,9)?\ne:bool",
    },
    "everything": {"module": "everything", "entity": "Thing", "fields": EVERYTHING},
    "no code": {"slice": False},
    "every section": {"plan_sections": SECTIONS},
}


@pytest.fixture(scope="session")
def shop(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    return install(template, tmp_path_factory.mktemp("django") / "shop", **SEED)


@pytest.fixture(scope="session")
def grown(shop: Project, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    return grow(shop, template, tmp_path_factory.mktemp("grown") / "shop")


def test_setup_leaves_nothing_to_commit_but_the_lock_file(shop: Project) -> None:
    assert status(shop.folder) == ["?? uv.lock"]


def test_the_seeds_layout_is_rendered(shop: Project) -> None:
    for name in ("settings", "urls", "asgi", "wsgi"):
        assert (shop.folder / f"JobMarket2/{name}.py").is_file()
    for name in ("models", "views", "serializers", "permissions", "filters", "admin", "migrations/0001_initial"):
        assert (shop.folder / f"JobApp/{name}.py").is_file()
    assert "class JobPosting(api_models.Entity):" in (shop.folder / "JobApp/models.py").read_text("utf-8")
    assert {"docs", "k8s", "tests"} <= {path.name for path in shop.folder.iterdir()}


CHANGES = [
    "+ subtitle:str(80)?\n+ pages:int(1,900) <- 3\ntitle -> headline\n~ employment:enum(full-time,part-time,contract,other)=full-time",
    "~ pages:bigint(1,9000)\n- posted_at\n~ Company.name:str(150) unique\n+ [Chapter]\nposting:ref(JobPosting) cascade\nname:str(60) show",
]


def test_a_project_at_work_changes_and_goes_back(shop: Project, tmp_path: Path) -> None:
    project = shop.copy(tmp_path / "shop")
    file = tmp_path / "work.db"
    project.variables["DATABASE_URL"] = f"sqlite:///{file}"
    migrate = partial(project.make, "migrate")

    def back() -> None:
        for app, name in (("chapters", "zero"), ("JobApp", "0001"), ("companies", "0001")):
            project.uv("python", "manage.py", "migrate", app, name)

    keep_rows(project, file, CHANGES, migrate, back)
    project.uv("python", "manage.py", "makemigrations", "--check", "--dry-run")
    # Rows that do not fit stop a migration in one sentence, before anything changes.
    change(project.folder, "001", "~ headline:str(2)")
    before = rows_of(file)
    told = migrate(check=False)
    assert "job postings have a headline of more than 2 characters: change that first, then migrate again" in told
    assert "Traceback" not in told
    assert rows_of(file) == before


@pytest.mark.deep
def test_the_defaults_pass(shop: Project) -> None:
    shop.make("lint")
    assert shop.passed(shop.make("test")) > 200


@pytest.mark.deep
@pytest.mark.parametrize("nouns", ["sample", "more"])
def test_random_features_and_everyday_names_pass_everything(
    shop: Project, plain: Path, tmp_path: Path, nouns: str
) -> None:
    project = shop.like(add_random_and_everyday(plain, tmp_path / "shop", "django", nouns))
    shutil.copy(project.folder / ".env.example", project.folder / ".env")
    project.check("python manage.py makemigrations --check --dry-run")
    assert project.test() > 500


def test_three_features_pass_everything(grown: Project) -> None:
    # Among the gates are all that `make lint` and `make test` do.
    assert "12 passed, 0 failed, 0 for a person" in grown.gates()


def test_three_features_pass_on_postgresql(grown: Project, server: str) -> None:
    assert grown.test(DATABASE_URL=f"{server}/shop") > 400


@pytest.mark.deep
def test_three_features_pass_on_mariadb(template: Path, tmp_path: Path) -> None:
    folder = copy_into(template, tmp_path / "shop", **SEED, database="mysql")
    copy_into(template, folder, feature_title="Everything there is", entity="Thing", fields=EVERYTHING)
    copy_into(template, folder, feature_title="Orders", fields="number:int unique")
    commit_all(folder)
    project = Project(folder)
    project.make("setup", "lint")
    with mariadb() as url:
        assert project.test(DATABASE_URL=f"{url}/shop") > 400


def unusual(shop: Project, template: Path, folder: Path, name: str) -> Project:
    """Render a row of the table."""
    copy_into(template, folder, **{"stack": "django", "package": "shop"} | ANSWERS[name])
    shutil.copy(folder / ".env.example", folder / ".env")
    return shop.like(folder)


@pytest.mark.deep
@pytest.mark.parametrize("name", ANSWERS)
def test_rendered_code_is_formatted_typed_and_clean(shop: Project, template: Path, tmp_path: Path, name: str) -> None:
    unusual(shop, template, tmp_path / "shop", name).check()


@pytest.mark.parametrize("name", first(["no code", *(name for name in ANSWERS if name != "no code")]))
def test_unusual_answers_pass_their_tests(shop: Project, template: Path, tmp_path: Path, name: str) -> None:
    project = unusual(shop, template, tmp_path / "shop", name)
    # Without a feature, `make test` asks for no coverage.
    project.passed(project.make("test")) if name == "no code" else project.test()


def test_an_unexpected_module_is_refused_for_what_it_is(template: Path, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="module 'shop' is the name of something that the project has or uses"):
        copy_into(template, tmp_path / "shop", stack="django", package="shop", module="shop")


# Run ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Mails]]:
    """Run a mail server for it."""
    with mail_server(tmp_path_factory.mktemp("post") / "mails") as found:
        yield found


@pytest.fixture(scope="session")
def running(
    grown: Project, server: str, post: tuple[str, Mails], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Serve the three features with gunicorn in production's settings, on PostgreSQL."""
    run("createdb", "--maintenance-db", f"{server}/postgres", "django", cwd=grown.folder)
    port = free_port()
    variables = grown.variables | PRODUCTION | {"DATABASE_URL": f"{server}/django", "PORT": str(port)}
    variables |= {"EMAIL_URL": post[0], "EMAIL_FROM": "shop@example.com"}
    for command in ("migrate", "collectstatic"):
        run("uv", "run", "python", "manage.py", command, "--no-input", cwd=grown.folder, check=True, **variables)
    log = tmp_path_factory.mktemp("running") / "server.log"
    with serve("uv", "run", "gunicorn", cwd=grown.folder, port=port, log=log, **variables):
        yield f"http://127.0.0.1:{port}"


def sign_in(running: str, name: str) -> dict[str, str]:
    """Register a user and sign in."""
    user = {"username": name, "password": "a long enough password"}
    call("POST", f"{running}/api/auth/register/", user)
    code, content, _ = call("POST", f"{running}/api/auth/login/", user)
    assert code == 200
    tokens: dict[str, str] = content
    return tokens


JOB = {"title": "Gardener", "description": "Outdoors.", "salary": "2500.00"}


def test_no_attack_succeeds(running: str) -> None:
    tokens = [sign_in(running, name)["access"] for name in ("mallory", "trent")]
    withstands(running, "/api/job-postings/", JOB, *tokens, public=True)


def test_an_account_lives_by_its_mails(running: str, post: tuple[str, Mails], browser: Browser) -> None:
    accounts_work(running, post[1], browser)


def test_a_user_goes_through_a_whole_session(running: str) -> None:
    jobs = f"{running}/api/job-postings/"
    tokens = sign_in(running, "session")
    token = tokens["access"]
    assert call("POST", jobs, JOB)[0] == 401
    company = call("POST", f"{running}/api/companies/", {"name": "Roses & Sons"}, token)[1]
    code, job, headers = call("POST", jobs, JOB | {"company_id": company["id"]}, token)
    assert (code, job["status"], job["company"], job["version"]) == (201, "draft", "Roses & Sons", 1)
    url = headers["Location"] if headers["Location"].startswith("http") else running + headers["Location"]
    assert call("GET", f"{jobs}?company_id={company['id']}&status=draft&total=true")[1]["count"] == 1
    assert call("GET", f"{jobs}?status=open")[1]["results"] == []
    assert [found["id"] for found in call("GET", f"{jobs}?search=garden&company_id={company['id']}")[1]["results"]] == [
        job["id"]
    ]
    other = sign_in(running, "other")["access"]
    first = headers["ETag"]
    assert call("PATCH", url, {"status": "open"}, other, If_Match=first)[0] == 403
    code, job, headers = call("PATCH", url, {"status": "open"}, token, If_Match=first)
    assert (code, job["status"], job["version"]) == (200, "open", 2)
    assert call("PUT", url, JOB, token, If_Match=first)[0] == 412
    assert call("DELETE", f"{running}/api/companies/{company['id']}/", None, token, If_Match='"1"')[0] == 204
    _, job, headers = call("GET", url)
    assert (job["company_id"], job["version"]) == (None, 2), "a company that went is no change of its postings"
    assert call("DELETE", url, None, token, If_Match=headers["ETag"])[0] == 204
    assert call("GET", url)[0] == 404
    assert call("POST", f"{running}/api/auth/logout/", {"refresh": tokens["refresh"]})[0] == 200
    assert call("POST", f"{running}/api/auth/refresh/", {"refresh": tokens["refresh"]})[0] == 401


def test_of_changes_at_the_same_moment_one_wins(running: str) -> None:
    token = sign_in(running, "race")["access"]
    _, job, headers = call("POST", f"{running}/api/job-postings/", JOB, token)
    url = f"{running}/api/job-postings/{job['id']}/"

    def change(number: int) -> int:
        return call("PATCH", url, {"title": f"Title {number}"}, token, If_Match=headers["ETag"])[0]

    with ThreadPoolExecutor(12) as pool:
        codes = sorted(pool.map(change, range(12)))
    assert codes == [200] + [412] * 11
    assert call("GET", url)[1]["version"] == 2


def test_of_exchanges_of_one_refresh_token_one_wins_and_ends_with_the_others(running: str) -> None:
    refresh = {"refresh": sign_in(running, "twice")["refresh"]}

    def exchange(_: int) -> tuple[int, Any, dict[str, str]]:
        return call("POST", f"{running}/api/auth/refresh/", refresh)

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(exchange, range(8)), key=lambda answer: answer[0])
    assert [code for code, _, _ in answers] == [200] + [401] * 7
    assert call("POST", f"{running}/api/auth/refresh/", {"refresh": answers[0][1]["refresh"]})[0] == 401


def test_one_root_lists_every_feature(running: str) -> None:
    _, root, _ = call("GET", f"{running}/api/")
    assert {url.removeprefix(f"{running}/api/") for url in root.values()} == {
        "job-postings/", "companies/", "things/", "orders/", "order-lines/",
    }  # fmt: skip
    page = fetch(f"{running}/admin/login/")
    assert page[0] == 200
    (style,) = set(re.findall(r'href="(/static/admin/css/base[^"]+)"', page[1]))
    assert fetch(running + style)[0] == 200


def test_probes_of_the_manifests_are_answered(running: str, grown: Project) -> None:
    documents = list(yaml.safe_load_all((grown.folder / "k8s/base/deployment.yaml").read_text("utf-8")))
    (web,) = documents[0]["spec"]["template"]["spec"]["containers"]
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert fetch(running + web[probe]["httpGet"]["path"])[0] == 200


def test_the_documentation_is_drawn_in_a_browser(running: str, tmp_path: Path) -> None:
    chromium = shutil.which("chromium")
    assert chromium, "the tests need Chromium: apt-get install chromium"
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    command = [chromium, *options, f"--user-data-dir={tmp_path}", "--virtual-time-budget=8000", "--dump-dom"]
    page = run(*command, f"{running}/api/docs/", cwd=tmp_path).stdout
    for summary in ("List job postings", "Create thing", "Sign in"):
        assert summary in page


# Always what one seed makes; in the depth more of it, and something else each time.
@pytest.mark.parametrize("options", first([["--max-examples=10", "--seed=1"], ["--max-examples=30"]]), ids=" ".join)
def test_schemathesis_finds_no_failure(running: str, grown: Project, options: list[str]) -> None:
    token = sign_in(running, "fuzzer")["access"]
    command = ["schemathesis", "run", f"{running}/api/schema/", "--header", f"Authorization: Bearer {token}"]
    output = grown.uv(*command, *options, check=False).stdout
    assert re.search(r"(\d{3,}) generated, \1 passed", output), output


def test_the_server_logs_json_and_stops_when_it_is_told(shop: Project, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "server.log"
    variables = shop.variables | PRODUCTION | {"DATABASE_URL": f"sqlite:///{tmp_path}/x.db", "PORT": str(port)}
    run("uv", "run", "python", "manage.py", "collectstatic", "--no-input", cwd=shop.folder, check=True, **variables)
    with serve("uv", "run", "gunicorn", cwd=shop.folder, port=port, log=log, **variables) as process:
        fetch(f"http://127.0.0.1:{port}/health/live?mail=ada@example.com")
        os.killpg(process.pid, 15)
        assert process.wait(30) == 0
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines() if line.startswith("{")]
    assert "request" in [line["event"] for line in lines]
    assert "ada@example.com" not in log.read_text("utf-8")


def test_a_production_start_names_what_is_missing(shop: Project) -> None:
    variables = {"ENVIRONMENT": "production", "SECRET_KEY": PRODUCTION["SECRET_KEY"]}
    result = shop.uv("gunicorn", check=False, **variables)
    assert result.returncode
    for name in ("JWT_SIGNING_KEY", "DATABASE_URL", "ALLOWED_HOSTS"):
        assert f"{name} is missing" in result.stderr


def test_the_quickstart_works_as_written(grown: Project, tmp_path: Path) -> None:
    port = free_port()
    variables = grown.variables | {"DATABASE_URL": f"sqlite:///{tmp_path}/quick.db"}
    grown.uv("python", "manage.py", "migrate", DATABASE_URL=variables["DATABASE_URL"])
    address = f"127.0.0.1:{port}"
    command = ["uv", "run", "python", "manage.py", "runserver", "--noreload", address]
    with serve(*command, cwd=grown.folder, port=port, log=tmp_path / "run.log", **variables):
        output = grown.quickstart(f"http://{address}", DATABASE_URL=variables["DATABASE_URL"])
    assert '"title":"First title"' in output
    assert '"count":null' in output
    assert '"title":"Second title"' in output


def test_the_api_docs_are_written_from_the_code(grown: Project) -> None:
    grown.make("docs")
    assert "`POST /api/job-postings/`" in (grown.folder / "docs/api.md").read_text("utf-8")
    # What `make gates` ticked in the plans is none of their business.
    assert {line[3:].rpartition("/")[2] for line in status(grown.folder)} <= {"plan.md"}


# Break ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


@breaks(
    ("no-deletions", "docs/README.md", None, None, "docs/README.md"),
    ("kubernetes-first", "k8s/base/network.yaml", None, None, "NetworkPolicy"),
    ("kubernetes-first", "k8s/base/deployment.yaml", "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false", "readOnlyRootFilesystem"),
    ("kubernetes-first", "k8s/base/deployment.yaml", "timeoutSeconds: 3", "timeoutSecond: 3", "timeoutSecond"),
    ("kubernetes-first", "k8s/base/scaling.yaml", "kind: PodDisruptionBudget", "kind: PodDisruptionBudgets", "PodDisruptionBudgets"),
    ("kubernetes-first", "k8s/base/deployment.yaml", "/health/ready", "/ready", "/ready"),
    ("kubernetes-first", "k8s/base/kustomization.yaml", "      - LOG_LEVEL=INFO\n", "", "LOG_LEVEL"),
    ("kubernetes-first", "k8s/base/kustomization.yaml", "LOG_LEVEL=INFO", "SECRET_KEY=abc", "SECRET_KEY"),
    ("layout", "JobApp/serializers.py", None, None, "serializers"),
    ("layout", "tests/JobApp/test_permissions.py", None, None, "permissions"),
    ("quality", "JobApp/views.py", "api import views", "api import problems, views", "F401"),
    ("quality", "JobApp/permissions.py", "-> bool:", "-> int:", "Return type"),
    ("quality", "JobApp/models.py", "max_length=200", "max_length=201", "test_models_and_migrations_agree"),
    ("quality", "JobApp/urls.py", "router = ", "router  = ", "would be reformatted"),
    ("security", "JobMarket2/settings.py", '"BLACKLIST_AFTER_ROTATION": True', '"BLACKLIST_AFTER_ROTATION": False', "BLACKLIST_AFTER_ROTATION"),
    ("security", "JobMarket2/settings.py", "minutes=10", "days=10", "access"),
    ("security", "JobMarket2/settings.py", "CORS_ALLOWED_ORIGINS = env.cors_allowed_origins", "CORS_ALLOW_ALL_ORIGINS = True", "CORS_ALLOW_ALL_ORIGINS"),
    ("security", "JobMarket2/settings.py", "SESSION_COOKIE_SECURE = env.https_only", "SESSION_COOKIE_SECURE = False", "security.W012"),
    ("security", "JobMarket2/settings.py", "SECRET_KEY = env.secret_key", 'SECRET_KEY = "6c8ad7a0f1d24e0f9b6f0a3b7c5d9e21aa42"', "test_no_secret_is_in_the_repository"),
    ("security", "JobApp/models.py", "from django.db", "import os\nKEY = os.environ['KEY']\nfrom django.db", "JobApp/models.py"),
    ("security", "JobApp/permissions.py", "IsAuthenticatedOrReadOnly", "AllowAny", "test_nothing_can_be_written"),
    ("security", "JobMarket2/environment.py", '"DATABASE_URL", ', "", "DATABASE_URL"),
    ("pii-handling", "JobMarket2/logs.py", "        mask_personal,\n", "", "test_what_is_logged_is_masked"),
    ("pii-handling", "JobMarket2/logs.py", "MASK if key in personal else masked", "masked", "test_personal_data_is_masked"),
)  # fmt: skip
def test_a_gate_fails_when_its_rule_is_broken(shop: Project, tmp_path: Path, row: Break) -> None:
    shop.broken(tmp_path / "shop", row).fails(row.gate, row.message)


def test_a_deletion_that_is_approved_passes(shop: Project, tmp_path: Path) -> None:
    project = shop.copy(tmp_path / "shop")
    folder = project.folder
    command = ["python", "-m", "tests.gates", "no-deletions"]
    run("git", "switch", "--quiet", "--create", "002-cleaning", cwd=folder)
    (folder / "docs/README.md").rename(folder / "docs/index.md")
    commit_all(folder, "a renamed file is not gone")
    project.uv(*command)
    (folder / "renovate.json").unlink()
    commit_all(folder, "remove a file")
    assert project.uv(*command, check=False).returncode == 1
    commit_all(folder, "approve it\n\nApproved-Deletion: renovate.json")
    project.uv(*command)


def test_plan_check_holds_the_contract_against_the_application(shop: Project, tmp_path: Path) -> None:
    shop.copy(tmp_path / "shop").misses_its_contract("operationId: ")


@faults(
    ("specs/001-job-postings/contracts/openapi.yaml", '"maxLength": 200', '"maxLength": 201', "tests/contract"),
    ("JobApp/permissions.py", "obj.owner_id == request.user.pk", "True", "tests/JobApp"),
    ("JobApp/filters.py", '"posted_at", "gte"', '"posted_at", "lte"', "tests/JobApp"),
    ("JobMarket2/api/views.py", "not names(given, etag(item.version))", "False", "tests/JobApp"),
    ("JobMarket2/api/models.py", 'self.version = models.F("version") + 1', "pass", "tests/JobApp"),
    ("JobMarket2/api/problems.py", "isinstance(error, IntegrityError)", "False", "tests/accounts"),
    ("JobMarket2/api/fields.py", "    if unknown:", "    if False:", "tests/JobApp"),
    ("JobMarket2/discovery.py", 'root.glob("*/apps.py")', 'root.glob("J*/apps.py")', "tests/test_discovery.py"),
    ("JobMarket2/logs.py", "REQUEST_ID.fullmatch(given)", "given", "tests/test_logs.py"),
    ("JobMarket2/credentials/serializers.py", "        validate_password(password)\n", "", "tests/test_credentials.py"),
    ("JobMarket2/credentials/links.py", " {user.unverified_email}", "{user.unverified_email}", "tests/test_credentials.py"),
    ("JobMarket2/credentials/links.py", 'f"{__name__}.{purpose}"', "__name__", "tests/test_credentials.py"),
    ("JobMarket2/credentials/links.py", "filter(email=address.lower(), is", "filter(unverified_email__iexact=address, is", "tests/test_credentials.py"),
    ("JobMarket2/credentials/links.py", ".filter(pk=user_id, is_active=True)", ".filter(pk=user_id)", "tests/test_credentials.py"),
    ("JobMarket2/credentials/links.py", "error=type(error).__name__", "error=str(error), to=message.to", "tests/test_credentials.py"),
    ("JobMarket2/credentials/views.py", 'user is None or not user.check_password(password)', "user is None", "tests/test_credentials.py"),
    ("JobMarket2/credentials/views.py", '_checked(self.owner(links.VERIFY, given), given["password"])', "self.owner(links.VERIFY, given)", "tests/test_credentials.py"),
    ("JobMarket2/credentials/links.py", "transaction.on_commit(partial(_enqueue, mail, message))", "_enqueue(mail, message)", "tests/test_credentials.py"),
    ("JobMarket2/credentials/views.py", "if old and old != user.email:", "if False:", "tests/test_credentials.py"),
)  # fmt: skip
def test_the_tests_of_the_project_fail_when_its_code_is_broken(shop: Project, tmp_path: Path, row: Fault) -> None:
    shop.broken(tmp_path / "shop", row).tests_fail(row.tests)


# Around the code ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("database", first(["postgresql", "mysql", "sqlite"]))
def test_the_files_of_other_tools_are_valid(template: Path, shop: Project, tmp_path: Path, database: str) -> None:
    folder = copy_into(template, tmp_path / "shop", **SEED, database=database)
    check_files(folder)
    project = shop.like(folder)
    check_manifests(project)
    if database != "mysql":
        project.passed(project.uv("pytest", "-q", "--no-cov", "tests/gates/test_kubernetes.py").stdout)


def test_every_variable_of_the_compose_file_is_one_that_the_settings_read(shop: Project) -> None:
    compose = yaml.safe_load((shop.folder / "compose.yaml").read_text("utf-8"))
    known = (shop.folder / "JobMarket2/environment.py").read_text("utf-8")
    assert not [name for name in compose["services"]["app"]["environment"] if f'"{name}"' not in known]


# Update ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_updates_keep_edits_and_touch_their_own_layer_only(tmp_path: Path) -> None:
    template = make_template(tmp_path / "groundplan")
    options: dict[str, Any] = {"defaults": True, "unsafe": True, "quiet": True}
    folder = copy_into(template, tmp_path / "shop", **SEED)
    copy_into(template, folder, feature_title="Offers", fields="name:str(80) unique")
    django = template / "template/{{ when.django }}"
    replace(template / "template/{{ when.drf }}/{{ included }}/settings/sign_in.jinja", "minutes=10", "minutes=5")
    replace(
        django / "{% yield model from entities %}.{% endyield %}/{{ model.module }}/admin.py.jinja",
        "in the admin.",
        "in the admin site.",
    )
    (template / "template/{{ when.drf }}/{{ project }}/docs/errors.md").write_text("# Errors\n", "utf-8")
    (template / "template/{{ when.drf }}/{{ project }}/{{ profile.home }}/asgi.py.jinja").unlink()
    commit_all(template, "v2.0.0")
    git(template, "tag", "v2.0.0")
    replace(folder / "JobMarket2/settings.py", 'LANGUAGE_CODE = "en"', 'LANGUAGE_CODE = "de"')
    replace(folder / "JobApp/models.py", "max_length=200", "max_length=250")
    replace(folder / "offers/admin.py", '"=id",', '"=id", "=owner__id",')
    (folder / "offers/notes.txt").write_text("mine\n", "utf-8")
    commit_all(folder)

    copier.run_update(folder, overwrite=True, **options)
    changed = {line[3:] for line in status(folder)}
    assert {"JobMarket2/settings.py", "JobMarket2/asgi.py", "docs/errors.md"} <= changed
    assert not [path for path in changed if path.startswith(("JobApp/", "offers/", "specs/", "tests/"))]
    settings = (folder / "JobMarket2/settings.py").read_text("utf-8")
    assert "minutes=5" in settings
    assert 'LANGUAGE_CODE = "de"' in settings
    commit_all(folder)

    answers = "specs/002-offers/.copier-answers.feature.yml"
    copier.run_update(folder, answers_file=answers, overwrite=True, **options)
    assert {line[3:] for line in status(folder)} == {"offers/admin.py", answers}
    admin = (folder / "offers/admin.py").read_text("utf-8")
    assert "in the admin site." in admin
    assert '"=owner__id"' in admin
    assert (folder / "offers/notes.txt").is_file()
    assert not git(folder, "ls-files", "--unmerged")
