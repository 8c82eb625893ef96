"""The rule of each question: ``copier.yml`` names the question, the rule stands here, made of what the other extensions know.

The functions that a rule calls are globals of the template; an extension file imports no other, so that an update renders the
old version with the old code.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from jinja2 import Environment, pass_context
from jinja2.ext import Extension
from jinja2.runtime import Context

FIXED = {
    "adopted", "stack", "server", "package", "slice", "module", "entity", "access", "feature_number", "feature_slug", "created_on",
}  # fmt: skip
"""Questions whose answer names files, or is in a migration that may have run: it stays what it was at the copy."""

GROWING = {"clients", "assistant"}
"""Questions whose answer brings files: more may come later, and nothing goes."""


class Moment:
    """What a rule sees: the answers so far as items, the functions and data of the other extensions as attributes."""

    def __init__(self, context: Context, answers: Mapping[str, Any]) -> None:
        self.context, self.answers = context, answers

    def __getitem__(self, name: str) -> Any:
        return self.answers[name]

    def __getattr__(self, name: str) -> Any:
        return self.context.environment.globals[name]

    @property
    def conf(self) -> Mapping[str, Any]:
        """Copier's own settings of this run."""
        conf: Mapping[str, Any] = self["_copier_conf"]
        return conf

    @property
    def names(self) -> dict[str, Any]:
        """The stack's names: which are its own, and how features are called."""
        stack = self.stack_of(self["stack"])
        names: dict[str, Any] = stack["names"]
        without = stack["adopting"].get("without_types", []) if self["adopted"] else []
        return {name: entry for name, entry in names.items() if name not in without}


def _one_of(question: str, offered: Callable[[Moment], Iterable[str]]) -> Callable[[Moment], str]:
    """Make the rule of a question that offers choices."""

    def rule(now: Moment) -> str:
        values = list(offered(now))
        return "" if now[question] in values else str(now.unknown_choice(question, now[question], values))

    return rule


def _clients(now: Moment) -> str:
    return "" if now["clients"] else "clients is empty: choose at least one of web, ios, android"


def _package(now: Moment) -> str:
    error: str = now.identifier_error("package", now["package"], now.names["packages"], now.names["camel"])
    return error


def _sections(now: Moment) -> str:
    offered, sections = now.plan_section_choices, now["plan_sections"]
    if not isinstance(sections, list):
        return f"plan_sections is a list: write [risks, caching], or [] for none, not {sections!r}"
    for section in sections:
        if section not in offered:
            error: str = now.unknown_choice("plan_sections", section, offered)
            return error
        if sections.count(section) > 1:
            return f"plan_sections names {section!r} twice: each may stand once"
    return ""


def _python_version(now: Moment) -> str:
    error: str = now.version_error(now["python_version"], now.stack_of(now["stack"])["defaults"]["python_version"])
    return error


def _title(now: Moment) -> str:
    error: str = now.line_error("feature_title", now["feature_title"], 100)
    return error or now.taken_title_error(now["feature_title"], now["scope"], now.conf)


def _slice(now: Moment) -> str:
    if not (now["adopted"] and now["slice"]):
        return ""
    adopting = now.stack_of(now["stack"])["adopting"]
    error: str = now.unsliceable_error(now["stack"], adopting, now["package"], now["parts"], now.conf)
    return error


def _shared_code(now: Moment) -> str:
    if now["scope"] != "feature" or not now["slice"] or now["shared_code"]:
        return ""
    return (
        "the code of a feature imports modules that all features share, and this repository has none: get them first "
        "with copier update --trust -d shared_code=true, or plan without code: -d slice=false"
    )


def _module(now: Moment) -> str:
    return _module_error(now, now["module"])


def _module_error(now: Moment, module: str) -> str:
    reserved = [*now.names["modules"], *([now["package"]] if now.names.get("package_folder") else [])]
    error: str = now.identifier_error("module", module, reserved, now.names["camel"])
    if error or not now["slice"]:
        return error
    paths = now.stack_of(now["stack"])["slice_paths"]
    return str(now.taken_module_error(module, paths, now["scope"], now.conf, now["feature_title"]))


def _entity(now: Moment) -> str:
    return _entity_error(now, now["entity"])


def _entity_error(now: Moment, entity: str) -> str:
    error: str = now.entity_error(entity, now.names["entities"])
    if error or not now["slice"]:
        return error
    return str(now.taken_entity_error(entity, _known(now)))


def _known(now: Moment) -> list[tuple[str, str]]:
    """List the module and the name of every entity that other features keep; for a feature that is there, they do not count."""
    if not now.is_new(now["scope"], now.conf):
        return []
    return [(module, entity) for _, modules in _others(now) for entity, module in modules.items()]


def _others(now: Moment) -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
    """Yield the answers of every other feature that has code, and the module of each of its entities."""
    for answers in now.features(now.conf["dst_path"], now["feature_title"]):
        if answers.get("slice", True) and {"module", "entity", "fields"} <= answers.keys():
            named = answers["entity"], answers["fields"], answers["module"], now.entity_names, now.names
            yield answers, now.entity_modules(*named)


def _fields(now: Moment) -> str:
    known = [f"{module}.{entity}" for module, entity in _known(now)]
    error: str = now.fields_error(now["fields"], now["entity"], now.names, known)
    modules = (
        {} if error else now.entity_modules(now["entity"], now["fields"], now["module"], now.entity_names, now.names)
    )
    for number, entity in now.headings(now["fields"]) if not error else ():
        if error := _further_error(now, entity, modules[entity], list(modules.values())):
            error = f"fields, line {number}: {error}"
            break
    if error or not now["slice"]:
        return error
    if not now.is_new(now["scope"], now.conf):
        return _locked_fields(now)
    return str(now.relation_error(now["fields"], now["entity"], now.names, modules, known))


def _further_error(now: Moment, entity: str, module: str, modules: list[str]) -> str:
    """Say why a further entity cannot have its name, or that of its module."""
    error = _entity_error(now, entity)
    if error or not now["slice"] or now.names.get("one_module"):
        return error
    if modules.count(module) > 1:
        return f"{entity} would be the module {module!r}, which the feature has already: call it otherwise"
    reason = _module_error(now, module)
    return reason and f"{entity} would be the module {module!r}, and {reason}"


def _locked_fields(now: Moment) -> str:
    """Refuse other fields once the feature is there: its first migration may have run anywhere."""
    before = now.stored("fields", now["fields"], now.conf)
    if now["fields"].split() == before.split():
        return ""
    return (
        "the fields of a feature are fixed since the copy, as its first migration may have run: "
        f"{now.change_command(now.context)} makes a migration of what is to be different"
    )


def _changes(now: Moment) -> str:
    before, after = str(now.stored("changes", "", now.conf)), str(now["changes"])
    if not after.strip().startswith(before.strip()):
        return f"what changed stays as it is stored, as its migration may have run: add to it with {now.change_command(now.context)}"
    if not after.strip():
        return ""
    own = now.stored("feature_number", None, now.conf)
    others = [
        f"{module}.{entity}"
        for answers, modules in _others(now)
        if answers.get("feature_number") != own
        for entity, module in modules.items()
    ]
    told = now.context.environment, now["entity"], now["fields"], after, now.names
    error: str = now.changes_error(*told, others)
    # A rendering beside the project sees no other feature.
    if error or own is None:
        return error
    *before, text = now.states(now["entity"], now["fields"], after)
    modules = now.entity_modules(now["entity"], text, now["module"], now.entity_names, now.names)
    known = {name for state in before for _, name in now.headings(state)}
    for _, entity in now.headings(text):
        if entity not in known and (error := _further_error(now, entity, modules[entity], list(modules.values()))):
            return f"changes: {error}"
    if now["slice"] and (error := now.relation_error(text, now["entity"], now.names, modules, others)):
        return f"changes: {error.partition(': ')[2]}"
    return ""


def _access(now: Moment) -> str:
    offered = list(now.stack_of(now["stack"])["access"])
    if now["access"] not in (offered or [""]):
        return str(now.unknown_choice("access", now["access"], offered))
    if now["access"] != "public" or not now.is_new(now["scope"], now.conf):
        return ""
    models = now.entity_models(now["entity"], now["fields"], now.names, now["module"], now.entity_names)
    personal = [name for model in models for name in model["personal"]]
    if not personal:
        return ""
    offered.remove("public")
    return (
        f"access 'public' would show everybody what is personal (pii): {', '.join(personal)}; "
        f"choose {' or '.join(offered)}, or take pii from the field"
    )


@pass_context
def proposed_access(context: Context) -> str:
    """Propose who may read a new feature: its owner, where something is personal, and nobody who may not read what it refers to.

    Else it is whom the stack proposes. A feature of an older version stays as open as it was.
    """
    now = Moment(context, context.get_all())
    offered = list(now.stack_of(now["stack"])["access"])
    if "owner" not in offered or not now.is_new(now["scope"], now.conf):
        return str(offered[0])
    models = now.entity_models(now["entity"], now["fields"], now.names, now["module"], now.entity_names)
    if any(model["personal"] for model in models):
        return "owner"
    named = {field["target_module"] for model in models for field in model["referring"]}
    needed = {answers.get("access") for answers, modules in _others(now) if named & {*modules.values()}}
    # Those who may read stand from the widest circle to the narrowest.
    return next((access for access in reversed(offered) if access in needed), str(offered[0]))


RULES: dict[str, Callable[[Moment], str]] = {
    "project_name": lambda now: now.line_error("project_name", now["project_name"], 60),
    "stack": _one_of("stack", lambda now: now.stack_names()),
    "clients": _clients,
    "server": _one_of(
        "server", lambda now: ["backend", "api"] if "clients" in now.stack_of(now["stack"])["properties"] else ["."]
    ),
    "database": _one_of("database", lambda now: now.stack_of(now["stack"])["databases"]),
    "package": _package,
    "description": lambda now: now.line_error("description", now["description"]),
    "plan_sections": _sections,
    "python_version": _python_version,
    "command_prefix": lambda now: now.slug_error(now["command_prefix"], "command_prefix"),
    "feature_title": _title,
    "feature_summary": lambda now: now.line_error("feature_summary", now["feature_summary"], 300),
    "slice": _slice,
    "shared_code": _shared_code,
    "module": _module,
    "entity": _entity,
    "fields": _fields,
    "changes": _changes,
    "access": _access,
    "performance_goals": lambda now: now.plan_value_error("performance_goals", now["performance_goals"]),
    "constraints": lambda now: now.plan_value_error("constraints", now["constraints"]),
    "scale": lambda now: now.plan_value_error("scale", now["scale"]),
    "feature_number": lambda now: now.number_error(now["feature_number"]),
    "feature_slug": lambda now: now.slug_error(now["feature_slug"]),
    "created_on": lambda now: now.date_error(now["created_on"]),
    "migration_parent": lambda now: now.migration_error(now["migration_parent"]),
}


def _error(context: Context, question: str, answers: Mapping[str, Any]) -> str:
    now = Moment(context, answers)
    if isinstance(now[question], str) and (letter := now.unprintable(now[question])):
        return f"{question} holds the character {letter}, which cannot be seen: give plain text"
    error = RULES[question](now) if question in RULES else ""
    if not error and (question in FIXED or (question in GROWING and now["adopted"])):
        error = now.change_error(question, now[question], now.conf)
    elif not error and question in GROWING:
        error = now.removal_error(question, now[question], now.conf)
    return error


@pass_context
def check(context: Context, question: str) -> str:
    """Say what is wrong with an answer, or return an empty string; outside a prompt the run ends with the sentence.

    Args:
        context: all answers so far, with the one to check.
        question: its name.
    """
    return str(context.environment.filters["refuse"](_error(context, question, context.get_all()), question))


@pass_context
def offer(context: Context, value: Any, question: str, *others: Any) -> Any:
    """Propose a default at a prompt only if it would be accepted, or the first of others that would be.

    Copier validates a default before it shows the prompt, so a bad one would end the run before anybody could type.

    Args:
        context: all answers so far.
        value: the default.
        question: its name.
        others: what to propose at a prompt instead of a bad one.

    Returns:
        The default; Copier's ``UNSET``, an empty prompt, in place of a bad one. Without questions (``--defaults``) a bad one as
        well, for the check to refuse, and in an update of the project's layer, where features have no answers, nothing.
    """
    answers = context.get_all()
    if answers["scope"] == "project" and not value:
        return ""
    if answers["_copier_conf"]["defaults"]:
        return value
    good = (offered for offered in (value, *others) if not _error(context, question, answers | {question: offered}))
    return next(good, answers["UNSET"])


@pass_context
def choices(context: Context, question: str, offered: list[str] | dict[str, str]) -> str:
    """Offer choices, as the JSON that Copier reads them from; a ``-d`` value that is none of them ends the run.

    Copier validates no choice that is made at a prompt, so one that would be refused is not offered there.

    Args:
        context: all answers so far.
        question: its name.
        offered: the values, or what is shown for each → the value.
    """
    now = Moment(context, context.get_all())
    values = list(offered.values()) if isinstance(offered, dict) else offered
    given = now.conf["data"].get(question, [])
    if isinstance(given, str) and given.startswith("["):
        given = re.split(r"[\[\],\s\"']+", given)
    for value in given if isinstance(given, list) else [given]:
        if value and value not in values:
            context.environment.filters["refuse"](now.unknown_choice(question, value, values))
    # The answer to a question that grows is a list of choices, and each stays one.
    if not now.conf["defaults"] and question in RULES and question not in {*GROWING, *now.conf["data"]}:
        answers = context.get_all()
        refused = [value for value in values if _error(context, question, answers | {question: value})]
        values = [value for value in values if value not in refused]
        if isinstance(offered, dict):
            offered = {shown: value for shown, value in offered.items() if value in values}
        else:
            offered = values
    return json.dumps(offered)


class ChecksExtension(Extension):
    """Registers ``check``, ``choices`` and ``proposed_access`` as globals of the template, ``offer`` as a filter."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.globals.update(check=check, choices=choices, proposed_access=proposed_access)
        environment.filters["offer"] = offer
