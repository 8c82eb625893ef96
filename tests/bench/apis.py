"""The stacks with an API: how a project of each is made, filled and served, and what is asked of it."""

from dataclasses import dataclass, field
from typing import Any

from servers import DJANGO_PRODUCTION

COMMAND = "single"
"""The stack whose feature is a command and no API."""

FEATURE = {
    "feature_title": "Things",
    "module": "things",
    "entity": "Thing",
    "fields": "title:str(120) index\nstate:enum(new,open,done)\nprice:decimal(10,2)\ndue:date?\nnote:text",
}
CREATED = {"title": "Created", "state": "new", "price": "1.00", "note": "Something to read."}
# As many states as there are, a fourth without a date, titles in another order than they came. The times of rows are the same
# whatever the number of rows is, so that a cursor of one database leads to the same place of another.
FILL = """
INSERT INTO thing (id, created_at, updated_at, version, {columns}, title, state, price, due, note)
SELECT gen_random_uuid(), timestamptz '2026-01-01' + n * interval '1 second', now(), 1, {values},
       'Title ' || n::bigint * 7919 % {rows}, (ARRAY['new', 'open', 'done'])[1 + n % 3], n % 1000,
       CASE WHEN n % 4 > 0 THEN date '2026-01-01' + n % 1000 END, repeat('Something to read. ', 5)
FROM generate_series(1, {rows}) n;
ANALYZE thing;
"""
SECRET = "0123456789abcdef" * 4
UVICORN = "uvicorn --factory src.main:create_app --port {port} --no-access-log"


@dataclass(frozen=True)
class Api:
    """A stack with an API.

    Args:
        data: answers.
        owner: columns that say whose a row is, and their values in SQL.
        token: what prints a user's token.
        path: of the list.
        minimum: the hand-written server that does the least of the same, and what serves it.
        admitted: asks the database for a user who may come in, by the id, where the API asks at each request.
        python: version of the interpreter.
        server: folder of the Python project.
        slices: the modules of a feature, from there.
        migrate: what brings the database up to date.
        start: what serves the API at ``{port}``.
        variables: of the server.
        item: address of one item, behind the list's.
        live: address of the probe.
        schema: address of the OpenAPI document.
        search: query of a list that searches for a word, if there is one.
    """

    data: dict[str, Any]
    owner: tuple[str, str]
    token: str
    path: str
    minimum: tuple[str, str]
    admitted: str = ""
    python: str = "3.12"
    server: str = "."
    slices: tuple[str, ...] = ()
    migrate: str = "python manage.py migrate"
    start: str = "gunicorn"
    variables: dict[str, str] = field(default_factory=dict)
    item: str = "/{id}"
    live: str = "/health/live"
    schema: str = "/openapi.json"
    search: str = ""


FASTAPI_MINIMUM = ("fastapi_app.py", "uvicorn fastapi_app:app --port {port} --no-access-log")
DJANGO_MINIMUM = (
    "django_app.py",
    "gunicorn --worker-class gthread --threads 4 --keep-alive 60 --bind 127.0.0.1:{port} django_app:application",
)
PRODUCTION = DJANGO_PRODUCTION | {"PORT": "{port}", "WEB_CONCURRENCY": "1", "REDIS_URL": "{redis}/0"}
APIS = {
    "fastapi": Api(
        data={"stack": "fastapi", "access": "members"},
        owner=("owner_id", "'ada'"),
        token="python -m src.auth ada",
        path="/things",
        minimum=FASTAPI_MINIMUM,
        slices=("src/things",),
        migrate="alembic upgrade head",
        start=UVICORN,
    ),
    "web-mobile": Api(
        data={"stack": "web-mobile", "clients": ["ios"], "assistant": False},
        owner=("owner_id", "'ada'"),
        token="python -m src.development ada",
        path="/api/things",
        minimum=FASTAPI_MINIMUM,
        python="3.13",
        server="api",
        slices=("src/models/things.py", "src/services/things.py", "src/api/things.py"),
        migrate="alembic upgrade head",
        start=UVICORN,
    ),
    "django": Api(
        data={"stack": "django", "access": "members"},
        owner=("owner_id", "(SELECT id FROM accounts_user)"),
        token="python manage.py token ada",
        path="/api/things/",
        minimum=DJANGO_MINIMUM,
        admitted="SELECT 1 FROM accounts_user WHERE id = %s AND is_active",
        slices=("things",),
        variables=PRODUCTION,
        item="{id}/",
        schema="/api/schema/?format=json",
        search="?search=Title+59",
    ),
    "contexts": Api(
        data={"stack": "contexts", "access": "team", "database": "postgresql"},
        owner=("team_id, owner_id", "(SELECT id FROM team), (SELECT id FROM users_user)"),
        token="python manage.py token ada",
        path="/api/things/",
        minimum=DJANGO_MINIMUM,
        admitted="SELECT 1 FROM users_user u JOIN membership m ON m.user_id = u.id AND m.accepted WHERE u.id = %s AND u.is_active",
        slices=("apps/things",),
        variables=PRODUCTION | {"METRICS_PORT": "{metrics}"},
        item="{id}/",
        live="/health",
        schema="/api/schema/?format=json",
        search="?search=Title+59",
    ),
}
