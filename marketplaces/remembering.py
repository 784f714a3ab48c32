"""What a channel rarely changes (limits, couriers, categories) is asked once an hour. The cache may be away."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from django.core.cache import cache
from redis.exceptions import RedisError

T = TypeVar("T")
SECONDS = 3600


def remembered(key: str, ask: Callable[[], T]) -> T:
    """The remembered answer for `key` in this cooperative, or a new one."""
    try:
        known: T | None = cache.get(key)
    except RedisError:
        return ask()
    if known is not None:
        return known
    answer = ask()
    with suppress(RedisError):  # asked again next time
        cache.set(key, answer, SECONDS)
    return answer
