"""What the environment has to hold."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from src.config import DEVELOPMENT_SECRET, Settings

ROOT = Path(__file__).parents[1]
COMPLETE = {
    "DATABASE_URL": "sqlite:///app.db",
    "JWT_SECRET": secrets.token_hex(32),
}


def start(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Build the application in a process with these variables only, away from any .env."""
    return subprocess.run(
        [sys.executable, "-c", "from src.main import create_app; create_app()"],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_with_everything_it_needs(tmp_path: Path) -> None:
    assert start(tmp_path, **COMPLETE).returncode == 0


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"JWT_SECRET": COMPLETE["JWT_SECRET"]}, "DATABASE_URL Field required"),
        ({"DATABASE_URL": COMPLETE["DATABASE_URL"]}, "JWT_JWKS_URL or JWT_SECRET is missing"),
        (COMPLETE | {"JWT_SECRET": DEVELOPMENT_SECRET}, "set a secret of your own"),
        (COMPLETE | {"JWT_SECRET": "short"}, "JWT_SECRET needs 32 characters"),
        (COMPLETE | {"CORS_ORIGINS": "*"}, "CORS_ORIGINS must name origins"),
        (COMPLETE | {"DATABASE_URL": "nonsense"}, "must be like postgresql://"),
    ],
)
def test_production_names_what_is_missing(
    tmp_path: Path, variables: dict[str, str], message: str
) -> None:
    result = start(tmp_path, **variables)
    assert result.returncode == 1
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_everything_that_is_missing_is_named_at_once(tmp_path: Path) -> None:
    result = start(tmp_path)
    assert "DATABASE_URL" in result.stderr
    assert "JWT_JWKS_URL or JWT_SECRET" in result.stderr


def test_the_secret_is_never_printed(tmp_path: Path) -> None:
    result = start(tmp_path, JWT_SECRET=COMPLETE["JWT_SECRET"])
    assert COMPLETE["JWT_SECRET"] not in result.stderr


def test_the_example_file_starts_a_development_server(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text((ROOT / ".env.example").read_text("utf-8"), "utf-8")
    assert start(tmp_path).returncode == 0


def test_every_variable_stands_in_the_example_file() -> None:
    example = (ROOT / ".env.example").read_text("utf-8")
    missing = [name for name in Settings.model_fields if f"{name.upper()}=" not in example]
    assert missing == []
