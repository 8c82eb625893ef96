"""The command line: arguments, sentences, exit status."""

import argparse
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from copier.errors import CopierAnswersInterrupt, CopierError, UnsafeTemplateError
from plumbum import ProcessExecutionError

from groundplan import change, feature, status
from groundplan.project import Project
from groundplan.refusal import RefusalError
from groundplan.trust import comes_from
from groundplan.update import Options, Update


def _version() -> str:
    """Name the installed version; a checkout that is not installed has none."""
    try:
        return metadata.version("groundplan")
    except metadata.PackageNotFoundError:
        return "not installed"


def _answer(text: str) -> tuple[str, str]:
    """Split ``name=value``."""
    name, sign, value = text.partition("=")
    if not sign or not name.isidentifier() or name.startswith("_"):
        raise argparse.ArgumentTypeError(f"write it as name=value, not {text!r}")
    return name, value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="groundplan", description="Plans and code of features, from a template.")
    parser.add_argument("--version", action="version", version=f"groundplan {_version()}")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "project", nargs="?", type=Path, default=Path(), help="folder of the project (default: this one)"
    )
    shared.add_argument(
        "-d",
        "--data",
        type=_answer,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="give an answer; may be repeated",
    )
    shared.add_argument("--defaults", action="store_true", help="ask nothing, take the defaults")
    shared.add_argument(
        "--trust",
        action="store_true",
        help="let a template run that this command did not come from (it computes in Python)",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser(
        "feature", parents=[shared], help="start the next feature, at the project's version of the template"
    )
    update = commands.add_parser(
        "update", parents=[shared], help="merge the newest template, or other answers, into everything"
    )
    update.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
    update.add_argument(
        "--vcs-ref", metavar="REF", help="tag or commit of the template to come to (default: the newest tag)"
    )
    told = commands.add_parser("status", help="list the features: their versions, changes, and which refers to which")
    told.add_argument("project", nargs="?", type=Path, default=Path(), help="folder of the project (default: this one)")
    told.add_argument("--json", action="store_true", help="print JSON")
    told.add_argument("--trust", action="store_true", help="let a template run that this command did not come from")
    changing = commands.add_parser(
        "change",
        help="change a feature's fields: a migration, code and documents follow, with every edit kept",
        epilog="What is not given is asked for. The language of changes: docs/changing.md of the template.",
    )
    changing.add_argument("feature", nargs="?", default="", help="its number (001), folder or module")
    changing.add_argument(
        "changes", nargs="*", help="such as '+ subtitle:str(80)?', 'title -> headline', '~ pages:bigint', '- slug'"
    )
    changing.add_argument("-m", "--why", default="", metavar="WHY", help="the reason, in one line, for the plan")
    changing.add_argument("--yes", action="store_true", help="make it without asking")
    changing.add_argument("--dry-run", action="store_true", help="show what would be made, and write nothing")
    changing.add_argument("--json", action="store_true", help="print JSON; with --yes or --dry-run")
    changing.add_argument("--project", type=Path, default=Path(), help="folder of the project (default: this one)")
    changing.add_argument("--trust", action="store_true", help="let a template run that this command did not come from")
    return parser


def _run(options: argparse.Namespace) -> int:
    root = options.project.absolute()
    trusted = options.trust or comes_from(Project(root).source)
    if options.command == "status":
        return status.show(root, options.json, trusted)
    if options.command == "change":
        lines = "\n".join(options.changes)
        typed = change.Options(options.feature, lines, options.why, options.yes, options.dry_run, options.json, trusted)
        return change.Change(root, typed).run()
    data = dict(options.data)
    if options.command == "feature":
        feature.start(root, data, options.defaults, trusted)
        return 0
    update = Update(root, Options(data, options.defaults, trusted, options.vcs_ref))
    return update.rehearse() if options.dry_run else update.run()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return the exit status; what goes wrong is one sentence on standard error."""
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except CopierAnswersInterrupt:
        return _failed("stopped before anything was written; type the same command again to begin anew", 130)
    except KeyboardInterrupt:
        return _failed("stopped; type the same command again to go on", 130)
    except UnsafeTemplateError:
        return _failed("the template computes with extensions of its own: add --trust if you trust it", 4)
    except ProcessExecutionError as error:
        said = str(error.stderr).strip().splitlines() or [str(error)]
        return _failed(said[-1].removeprefix("fatal: "))
    except (RefusalError, CopierError, OSError, ValueError) as error:
        return _failed(" ".join(str(error).split()))


def _failed(sentence: str, status: int = 1) -> int:
    print(f"groundplan: {sentence}", file=sys.stderr)
    return status
