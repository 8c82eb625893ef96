"""How a context plugs in, and what is said when it cannot."""

from pathlib import Path

import pytest

from core.api.routing import api_urls
from core.discovery import (
    BrokenApp,
    contexts,
    interfaces,
    load,
    local_apps,
    needs,
    published,
    subscriptions,
)
from core.environment import ROOT

APPS = """from django.apps import AppConfig


class Config(AppConfig):
    name = "apps.{name}.infrastructure"
    label = "{label}"
"""

HEARS = """from core.messaging.subscriptions import Subscription

SUBSCRIPTIONS = [Subscription("a.b", print, name="hears.b")]
"""


KEEPS = """from core.kernel.relations import Need, Published

SUBSCRIPTIONS = []
PUBLISHED = [Published("keeps.Thing", list)]
NEEDS = [Need("{kind}", list, ["thing_id"], one="thing", many="things")]
"""


def make_context(root: Path, name: str, **files: str) -> None:
    """Write a context; ``infrastructure__apps="…"`` is its infrastructure/apps.py."""
    (root / "apps" / name).mkdir(parents=True)
    (root / "apps" / name / "__init__.py").touch()
    for path, text in files.items():
        file = root / "apps" / name / f"{path.replace('__', '/')}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)


def good(name: str) -> dict[str, str]:
    return {
        "bootstrap": "SUBSCRIPTIONS = []",
        "infrastructure__apps": APPS.format(name=name, label=name),
    }


def test_every_package_in_apps_is_a_context(tmp_path: Path) -> None:
    make_context(tmp_path, "second", **good("second"), interface__urls="")
    make_context(tmp_path, "first", **good("first"), interface__urls="")
    (tmp_path / "apps/notes").mkdir()
    assert contexts(tmp_path) == ["first", "second"]
    assert interfaces(tmp_path) == ["apps.first.interface", "apps.second.interface"]


def test_the_projects_own_contexts_are_found() -> None:
    folders = sorted(path.parent.name for path in ROOT.glob("apps/*/bootstrap.py"))
    assert contexts(ROOT) == folders
    assert local_apps(ROOT) == [f"apps.{name}.infrastructure" for name in folders]
    assert "users" in folders


@pytest.mark.parametrize(
    ("name", "without", "message"),
    [
        ("broken-name", "", "apps/broken-name: the folder's name is no Python module name"),
        ("empty", "bootstrap", "apps/empty/bootstrap.py is missing"),
        ("empty", "infrastructure__apps", "apps/empty/infrastructure/apps.py is missing"),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, name: str, without: str, message: str) -> None:
    files = {path: text for path, text in good(name).items() if path != without}
    make_context(tmp_path, name, **files)
    with pytest.raises(BrokenApp, match=message):
        contexts(tmp_path)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose contexts can be imported, beside the project's own."""
    import apps  # noqa: PLC0415 (its path is what is changed)

    monkeypatch.setattr(apps, "__path__", [*apps.__path__, str(tmp_path / "apps")])
    return tmp_path


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("apps_import", "import no_such_module", "infrastructure/apps.py cannot be imported"),
        ("apps_empty", "", "name = 'apps.apps_empty.infrastructure' and label = 'apps_empty'"),
        ("apps_label", APPS.format(name="apps_label", label="x"), "and label = 'apps_label'"),
    ],
)
def test_a_broken_configuration_is_named(root: Path, name: str, text: str, message: str) -> None:
    make_context(root, name, **good(name) | {"infrastructure__apps": text})
    with pytest.raises(BrokenApp, match=message):
        local_apps(root)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("urls_import", "import no_such_module", "interface/urls.py cannot be imported"),
        ("urls_empty", "", "interface/urls.py needs a router, urlpatterns, or both"),
    ],
)
def test_broken_urls_are_named(root: Path, name: str, text: str, message: str) -> None:
    make_context(root, name, **good(name), interface__urls=text)
    with pytest.raises(BrokenApp, match=message):
        api_urls(interfaces(root))


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("boot_import", "import no_such_module", "boot_import/bootstrap.py cannot be imported"),
        ("boot_empty", "", "boot_empty/bootstrap.py needs SUBSCRIPTIONS"),
        ("boot_wrong", "SUBSCRIPTIONS = ['event']", "boot_wrong/bootstrap.py needs SUBSCRIPTIONS"),
    ],
)
def test_a_broken_bootstrap_is_named(root: Path, name: str, text: str, message: str) -> None:
    make_context(root, name, **good(name) | {"bootstrap": text})
    with pytest.raises(BrokenApp, match=message):
        subscriptions(root)


def test_a_context_without_an_interface_is_not_routed(root: Path) -> None:
    make_context(root, "quiet", **good("quiet"))
    assert interfaces(root) == []


def test_a_subscription_is_one_line(root: Path) -> None:
    make_context(root, "hears", **good("hears") | {"bootstrap": HEARS})
    (entry,) = subscriptions(root)
    assert (entry.event, entry.handler, entry.name) == ("a.b", print, "hears.b")
    assert [entry] == load("apps.hears.bootstrap", "").SUBSCRIPTIONS


def test_a_name_is_given_to_one_subscriber_only(root: Path) -> None:
    for name in ("hears_first", "hears_second"):
        make_context(root, name, **good(name) | {"bootstrap": HEARS})
    message = "hears_second/bootstrap.py: hears.b is another subscription's name"
    with pytest.raises(BrokenApp, match=message):
        subscriptions(root)


def test_what_is_published_is_found_by_its_kind_and_needs_name_it(root: Path) -> None:
    make_context(root, "quiet", **good("quiet"))
    make_context(root, "keeps", **good("keeps") | {"bootstrap": KEEPS.format(kind="keeps.Thing")})
    assert list(published(root)) == ["keeps.Thing"]
    assert [need.kind for need in needs(root)] == ["keeps.Thing"]


def test_a_kind_is_published_once(root: Path) -> None:
    for name in ("keeps_first", "keeps_second"):
        text = KEEPS.format(kind="keeps.Thing")
        make_context(root, name, **good(name) | {"bootstrap": text})
    message = "keeps_second/bootstrap.py: keeps.Thing is published already"
    with pytest.raises(BrokenApp, match=message):
        published(root)


def test_nobody_needs_what_no_context_publishes(root: Path) -> None:
    text = KEEPS.format(kind="keeps.Nothing")
    make_context(root, "keeps_wrong", **good("keeps_wrong") | {"bootstrap": text})
    with pytest.raises(BrokenApp, match=r"no context publishes keeps\.Nothing"):
        needs(root)
