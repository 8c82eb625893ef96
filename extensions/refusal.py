"""How bad input is refused: one sentence, exit code 1, nothing written."""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment
from jinja2.ext import Extension
from prompt_toolkit.application import get_app_or_none


def refuse(error: str) -> str:
    """Say what is wrong with an answer, in the way the moment asks for.

    At a prompt the sentence goes back to Copier, which shows it and lets the person correct the answer.
    Everywhere else (``-d``, ``--defaults``, a stored answer) Copier would end with a traceback, or drop the
    stored answer and render the default over the user's files, so the run ends here.

    Args:
        error: the sentence, or an empty string for a good answer.

    Returns:
        The sentence unchanged.

    Raises:
        SystemExit: outside a prompt, with the sentence as its message (exit code 1).
    """
    error = error.strip()
    if error and get_app_or_none() is None:
        raise SystemExit(f"groundplan: {error}")
    return error


def offer(value: str, error: str, conf: Mapping[str, Any], unset: Any) -> Any:
    """Propose a default at a prompt only if it would be accepted.

    Copier validates a default before it shows the prompt, so a bad one would end the run before anybody could type.

    Args:
        value: the default.
        error: what is wrong with it, or an empty string.
        conf: Copier's ``_copier_conf``.
        unset: Copier's ``UNSET``: no default, an empty prompt.

    Returns:
        The default; without questions (``--defaults``) a bad one as well, for the validator to refuse.
    """
    return unset if error.strip() and not conf["defaults"] else value


class RefusalExtension(Extension):
    """Registers the filters ``refuse`` and ``offer``."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.filters.update(refuse=refuse, offer=offer)
