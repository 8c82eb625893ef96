"""A refusal is a correction at the prompt, and an end everywhere else."""

import pytest
from jinja2 import Environment
from prompt_toolkit.application import Application, create_app_session
from prompt_toolkit.application.current import set_app
from prompt_toolkit.input import DummyInput
from prompt_toolkit.output import DummyOutput
from refusal import RefusalExtension, refuse


def test_at_a_prompt_the_sentence_is_returned() -> None:
    with create_app_session(input=DummyInput(), output=DummyOutput()):
        application: Application[None] = Application()
        with set_app(application):
            assert refuse(" no such stack\n") == "no such stack"
            assert refuse("") == ""


def test_elsewhere_the_run_ends_with_one_line() -> None:
    with pytest.raises(SystemExit) as caught:
        refuse("\n no such stack ")
    # Python prints a text as the code to stderr and ends with status 1.
    assert caught.value.code == "groundplan: no such stack"


@pytest.mark.parametrize("good", ["", " ", "\n"])
def test_a_good_answer_goes_on(good: str) -> None:
    assert refuse(good) == ""


def test_templates_know_the_filter() -> None:
    environment = Environment(extensions=[RefusalExtension], autoescape=False)
    assert environment.from_string("{{ '' | refuse }}go").render() == "go"
    with pytest.raises(SystemExit, match="groundplan: wrong"):
        environment.from_string("{{ 'wrong' | refuse }}").render()
