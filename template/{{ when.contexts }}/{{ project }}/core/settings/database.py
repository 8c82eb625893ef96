"""Where rows are kept and what is remembered for a while: databases, cache, sessions."""

from typing import Any

from environ import Env

from ..routers import REPLICA
from .place import env


def connection(address: dict[str, Any]) -> dict[str, Any]:
    """Complete what a DATABASE_URL says by what its kind of server needs."""
    if address["ENGINE"].endswith("sqlite3"):
        # A transaction takes its lock at the start, so that two of them wait instead of failing halfway.
        return address | {"OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20}}
    address = address | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    if address["ENGINE"].endswith("mysql"):
        # Exact comparison, as on the other databases: by default MySQL takes "a" and "A" for the same.
        address["OPTIONS"] = {"charset": "utf8mb4", "sql_mode": "STRICT_TRANS_TABLES"}
        address["TEST"] = {"CHARSET": "utf8mb4", "COLLATION": "utf8mb4_bin"}
    return address


DATABASES = {"default": connection(env.database)}
if env.database_replica_url:
    DATABASES[REPLICA] = connection(Env.db_url_config(env.database_replica_url))
    # The tests have one database, under both names.
    DATABASES[REPLICA]["TEST"] = {"MIRROR": "default"}
    DATABASE_ROUTERS = ["core.routers.ReplicaRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
if env.redis_url:
    # Throttling counts for all processes together; without Redis each process counts for itself.
    CACHES = {
        "default": {
            "BACKEND": "core.cache.RedisOrMemoryCache",
            "LOCATION": env.redis_url,
            "KEY_PREFIX": "cache",
            "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
        },
    }
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
