"""How bad input is refused: one sentence, exit code 1, nothing written."""

from jinja2 import Environment
from jinja2.ext import Extension
from prompt_toolkit.application import get_app_or_none
from prompt_toolkit.filters import Always
from prompt_toolkit.layout import Dimension, Layout


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
    if error:
        prompt = get_app_or_none()
        if prompt is None:
            raise SystemExit(f"groundplan: {error}")
        _let_it_wrap(prompt.layout)
    return error


def _let_it_wrap(layout: Layout) -> None:
    """Give the toolbars of a prompt the room of a long sentence: they have one line, which a terminal of 80 columns cuts."""
    for window in layout.find_all_windows():
        if window.height == 1:
            window.height = Dimension(min=1, max=5)
            window.wrap_lines = Always()


class RefusalExtension(Extension):
    """Registers the filter ``refuse``."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.filters["refuse"] = refuse
