"""Where rows are kept and what is remembered for a while: databases, cache, sessions."""

from environ import Env

from ..databases import connection
from ..routers import REPLICA
from .place import env

DATABASES = {"default": connection(env.database)}
DATABASE_TIMEOUT = env.database_timeout
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
