"""Gate: contexts share no tables, and hear of one another by events that exist. That they import nothing, lint-imports checks."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module

from django.apps import apps

from core.discovery import needs, published, subscriptions
from core.environment import ROOT
from core.kernel.events import Event
from core.persistence.models import ReferenceField

from .source import CONTEXTS, modules, nodes, place

NAMES = [path.name for path in CONTEXTS]


def events() -> dict[str, str]:
    """Find every event of every context: its name, and where it is."""
    found: dict[str, str] = {}
    for context in NAMES:
        module = import_module(f"apps.{context}.domain.events")
        for entry in vars(module).values():
            if isinstance(entry, type) and issubclass(entry, Event) and entry is not Event:
                assert entry.name not in found, f"{entry.name} stands twice"
                found[entry.name] = f"{module.__name__}.{entry.__name__}"
    return found


def test_events_are_named_by_their_context() -> None:
    wrong = {
        name: where
        for name, where in events().items()
        if not re.fullmatch(rf"{where.split('.')[1]}\.[a-z][a-z0-9_]*", name)
    }
    assert wrong == {}


def test_every_event_that_is_subscribed_to_exists() -> None:
    known = events()
    unknown = [entry for entry in subscriptions() if entry.event not in known]
    assert [f"{entry.name}: {entry.event}" for entry in unknown] == []


def test_subscribers_are_named_by_their_context() -> None:
    listed = {name: import_module(f"apps.{name}.bootstrap").SUBSCRIPTIONS for name in NAMES}
    wrong = [
        f"{context}: {entry.name}"
        for context, entries in listed.items()
        for entry in entries
        if not re.fullmatch(rf"{context}\.[a-z][a-z0-9_]*", entry.name)
    ]
    assert wrong == []


def test_no_table_points_to_another_context() -> None:
    pointing = [
        f"{model.__name__}.{field.name} → {field.related_model._meta.label}"
        for context in NAMES
        for model in apps.get_app_config(context).get_models()
        for field in model._meta.get_fields()
        if field.related_model is not None
        and not isinstance(field.related_model, str)
        and field.related_model._meta.app_label in NAMES
        and field.related_model._meta.app_label != context
    ]
    assert pointing == []


def references() -> Iterator[tuple[str, ReferenceField]]:
    """Find every field that holds the id of what another context has, with the context that it stands in."""
    for context in NAMES:
        for model in apps.get_app_config(context).get_models():
            yield from (
                (context, field)
                for field in model._meta.fields
                if isinstance(field, ReferenceField)
            )


def test_what_a_context_refers_to_another_one_publishes() -> None:
    others = {
        context: [kind for kind in published() if kind.partition(".")[0] != context]
        for context in NAMES
    }
    unknown = [
        f"{field}: {field.kind}"
        for context, field in references()
        if field.kind not in others[context]
    ]
    assert unknown == []


def test_a_context_says_what_it_needs_and_hears_when_the_rest_is_gone() -> None:
    said = [(need.kind, name) for need in needs() for name in need.names]
    heard = {(entry.name.partition(".")[0], entry.event) for entry in subscriptions()}
    forgotten = [
        f"{field}: {field.kind}"
        for context, field in references()
        if (field.kind, field.name) not in said
        and not (
            field.null
            and any(
                name == context and event.startswith(f"{field.kind.partition('.')[0]}.")
                for name, event in heard
            )
        )
    ]
    assert forgotten == []


def test_what_is_published_is_named_by_its_context() -> None:
    listed = {name: import_module(f"apps.{name}.bootstrap") for name in NAMES}
    wrong = [
        f"{context}: {entry.kind}"
        for context, module in listed.items()
        for entry in getattr(module, "PUBLISHED", ())
        if not re.fullmatch(rf"{context}\.[A-Z]\w*", entry.kind)
    ]
    assert wrong == []


def test_no_context_reaches_into_another_by_a_name_in_a_text() -> None:
    stray = []
    for path in modules("apps/**/*.py"):
        own = path.relative_to(ROOT).parts[1]
        for node in nodes(path):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                match = re.fullmatch(r"apps\.(\w+)(\.\w+)*", node.value)
                if match and match[1] in NAMES and match[1] != own:
                    stray.append(f"{place(path, node.lineno)} names {node.value}")
    assert stray == []
