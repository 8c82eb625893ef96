"""A cache that goes on while Redis is away: what a request counts and remembers is no reason to refuse it."""

import time
from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

OPERATIONS = (
    "add", "get", "set", "touch", "delete", "incr", "has_key", "get_many", "set_many", "delete_many", "clear",
)  # fmt: skip
PAUSE = 5.0
"""How many seconds Redis is not asked after a failure, so that not every request waits for it."""

log = structlog.get_logger("cache")


class OneClient(RedisCacheClient):
    """Keeps redis-py's clients, where Django makes one for each operation, which takes longer than the operation."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clients: dict[bool, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """Return the client that reads, or the one that writes."""
        if write not in self._clients:
            self._clients[write] = super().get_client(key, write=write)
        return self._clients[write]


class RedisOrMemoryCache(RedisCache):
    """Redis, and while it is away or too slow the memory of each process: limits then count there."""

    # Of the process: Django makes a cache object for each thread.
    asked_again_at = 0.0

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = OneClient
        self.memory = LocMemCache(server, params)

    @property
    def away(self) -> bool:
        """Tell whether Redis has failed a moment ago, so that the memory serves."""
        return time.monotonic() < RedisOrMemoryCache.asked_again_at


def _in_either(name: str) -> Callable[..., Any]:
    """Make an operation that Redis does, or else the memory."""

    def operation(self: RedisOrMemoryCache, *args: Any, **kwargs: Any) -> Any:
        if not self.away:
            try:
                return getattr(RedisCache, name)(self, *args, **kwargs)
            except RedisError as error:
                RedisOrMemoryCache.asked_again_at = time.monotonic() + PAUSE
                log.warning("cache in memory", error=type(error).__name__)
        return getattr(self.memory, name)(*args, **kwargs)

    return operation


for _name in OPERATIONS:
    setattr(RedisOrMemoryCache, _name, _in_either(_name))
