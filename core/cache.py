"""A cache that may be away.

What is kept here (counters of failed logins) is a help, not a truth: while the server is away, a value is simply not
there, and the page is shown all the same.
"""

import logging
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import TimeoutError as RedisSlow

logger = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, behaving like an empty one while the server cannot be reached."""

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._attempt(default, super().get, key, default, version=version)

    def set(self, key: str, value: Any, *args: Any, **kwargs: Any) -> None:
        self._attempt(None, super().set, key, value, *args, **kwargs)

    def add(self, key: str, value: Any, *args: Any, **kwargs: Any) -> bool:
        return bool(self._attempt(True, super().add, key, value, *args, **kwargs))

    def delete(self, key: str, version: int | None = None) -> bool:
        return bool(self._attempt(False, super().delete, key, version=version))

    def has_key(self, key: str, version: int | None = None) -> bool:
        return bool(self._attempt(False, super().has_key, key, version=version))

    def get_many(self, keys: Any, version: int | None = None) -> dict[str, Any]:
        return dict(self._attempt({}, super().get_many, keys, version=version))

    def _attempt(self, otherwise: Any, operation: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return operation(*args, **kwargs)
        except (RedisAway, RedisSlow) as reason:
            logger.warning("The cache cannot be reached: %s", reason)
            return otherwise
