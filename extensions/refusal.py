"""How bad input is refused: one sentence, exit code 1, nothing written."""

import re
import textwrap
from typing import Any

from jinja2 import Environment
from jinja2.ext import Extension
from prompt_toolkit.application import Application, get_app_or_none
from prompt_toolkit.layout import Dimension


def refuse(error: str, question: str = "") -> str:
    """Say what is wrong with an answer, in the way the moment asks for.

    At a prompt the sentence goes back to Copier, which shows it and lets the person correct the answer.
    Everywhere else (``-d``, ``--defaults``, a stored answer) Copier would end with a traceback, or drop the
    stored answer and render the default over the user's files, so the run ends here.

    Args:
        error: the sentence, or an empty string for a good answer.
        question: whose answer it is; Copier names it before the sentence.

    Returns:
        The sentence, in lines that fit the terminal.

    Raises:
        SystemExit: outside a prompt, with the sentence as its message (exit code 1).
    """
    error = error.strip()
    prompt = get_app_or_none() if error else None
    if error and prompt is None:
        raise SystemExit(f"groundplan: {error}")
    if prompt is None:
        return error
    return _fitted(_answerable(error, question), len(f"Validation error for question '{question}': "), prompt)


def _answerable(error: str, question: str) -> str:
    """Leave out of a sentence what can only be typed with a command: at a prompt the answer itself is typed."""
    error = re.sub(rf"-d {question}=(true|false)", lambda given: "yes" if given[1] == "true" else "no", error)
    error = error.replace(f", -d {question}='…'", "").replace(f"-d {question}=", "")
    return re.sub(r",? or [^,:]+: -d \w+=\S+", "", error)


def _fitted(error: str, before: int, prompt: Application[Any]) -> str:
    """Break a sentence into lines, and give the toolbar of a prompt their room: it has one line, which a terminal cuts.

    Args:
        error: the sentence.
        before: how many characters Copier puts in front of it.
        prompt: what shows it.
    """
    for window in prompt.layout.find_all_windows():
        if window.height == 1:
            window.height = Dimension(min=1, max=6)
    return textwrap.fill(error, prompt.output.get_size().columns - 1, initial_indent=" " * before).lstrip()


class RefusalExtension(Extension):
    """Registers the filter ``refuse``."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.filters["refuse"] = refuse
