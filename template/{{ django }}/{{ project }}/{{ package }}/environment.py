"""The environment: the one place where the project reads its variables."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE_KEY = "development-only"
KEY_LENGTH = 50

REQUIRED = ("SECRET_KEY", "JWT_SIGNING_KEY", "DATABASE_URL", "ALLOWED_HOSTS")
"""Variables that nothing can stand in for: a start without one of them fails and names it."""

OPTIONAL: dict[str, tuple[Any, Any]] = {
    # Production unless told otherwise: a forgotten variable must never relax a check.
    "ENVIRONMENT": (str, "production"),
    "HTTPS_ONLY": (bool, True),
    "CORS_ALLOWED_ORIGINS": (list, []),
    "CSRF_TRUSTED_ORIGINS": (list, []),
    "REDIS_URL": (str, ""),
    "LOG_LEVEL": (str, "INFO"),
    "THROTTLE_READ": (str, "600/min"),
    "THROTTLE_WRITE": (str, "120/min"),
    "THROTTLE_AUTH": (str, "20/min"),
    "TRUSTED_PROXIES": (int, 1),
    "PORT": (int, 8000),
    "WEB_CONCURRENCY": (int, 2),
}
"""Every other variable, with its type and the value it has when it is not set."""


@dataclass(frozen=True)
class Environment:
    """What the project needs to know of the place it runs in."""

    environment: str
    secret_key: str
    jwt_signing_key: str
    database: dict[str, Any]
    allowed_hosts: list[str]
    https_only: bool
    cors_allowed_origins: list[str]
    csrf_trusted_origins: list[str]
    redis_url: str
    log_level: str
    throttle_read: str
    throttle_write: str
    throttle_auth: str
    trusted_proxies: int
    port: int
    web_concurrency: int

    @property
    def production(self) -> bool:
        """Tell whether real users are served."""
        return self.environment == "production"


def read_environment(dotenv: Path = ROOT / ".env") -> Environment:
    """Read every variable; a variable that is set wins over the file.

    Args:
        dotenv: file with variables for a laptop. Where ENVIRONMENT says anything else, it is not looked at.

    Raises:
        ImproperlyConfigured: with the name of every variable that is missing or does not fit.
    """
    env = environ.Env(**OPTIONAL)
    if env.str("ENVIRONMENT", default="development") == "development" and dotenv.is_file():
        env.read_env(str(dotenv))
    problems = [f"{name} is missing" for name in REQUIRED if not env.str(name, default="")]
    values: dict[str, Any] = {}
    for name in OPTIONAL:
        try:
            values[name.lower()] = env(name)
        except ValueError:
            problems.append(f"{name} does not fit: {env.str(name)!r}")
    problems += _weaknesses(env)
    if problems:
        raise ImproperlyConfigured("The environment is not complete: " + "; ".join(problems))
    return Environment(
        secret_key=env.str("SECRET_KEY"),
        jwt_signing_key=env.str("JWT_SIGNING_KEY"),
        database=env.db_url("DATABASE_URL"),
        allowed_hosts=env.list("ALLOWED_HOSTS"),
        **values,
    )


def _weaknesses(env: environ.Env) -> list[str]:
    """Find what is set but must not be served with in production."""
    if env("ENVIRONMENT") not in ("production", "development", "test"):
        return ["ENVIRONMENT must be production, development or test"]
    if env("ENVIRONMENT") != "production":
        return []
    weak = [
        f"{name} needs {KEY_LENGTH} characters of its own, not those of .env.example"
        for name in ("SECRET_KEY", "JWT_SIGNING_KEY")
        if 0 < len(env.str(name, default="")) < KEY_LENGTH
        or EXAMPLE_KEY in env.str(name, default="")
    ]
    if "*" in env.list("ALLOWED_HOSTS", default=[]):
        weak.append("ALLOWED_HOSTS must name hosts, not *")
    if "*" in env("CORS_ALLOWED_ORIGINS"):
        weak.append("CORS_ALLOWED_ORIGINS must name origins, not *")
    return weak
