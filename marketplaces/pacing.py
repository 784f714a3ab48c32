"""How often we may call: one bucket per channel, app and shop, shared through Redis by all workers.

A leaky bucket as one moment (GCRA): the key holds when the bucket will be level again. A turn that is at most
LONGEST_WAIT away is booked and waited for; a later one is refused, and the work stays due. When Redis is away each
process goes on alone at half the rate.
"""

import threading
import time
from functools import cache

import redis
from django.conf import settings

from marketplaces.channels.errors import RateLimited

LONGEST_WAIT = 1.0
BURST_SECONDS = 0.5
LOCAL_SHARE = 0.5
REDIS_AWAY_SECONDS = 5.0

# KEYS[1] the bucket; ARGV: seconds per call, depth of the bucket in seconds, longest wait. Answers {booked, wait}.
BOOK = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local level_at = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local wait = math.max(0, level_at - tonumber(ARGV[2]) - now)
if wait > tonumber(ARGV[3]) then return {0, tostring(wait)} end
local next_at = level_at + tonumber(ARGV[1])
redis.call('SET', KEYS[1], string.format('%.6f', next_at), 'PX', math.ceil((next_at - now) * 1000) + 1000)
return {1, tostring(wait)}
"""
HOLD = """
local time = redis.call('TIME')
local until_at = time[1] + time[2] / 1000000 + tonumber(ARGV[1])
if tonumber(redis.call('GET', KEYS[1]) or '0') < until_at then
  redis.call('SET', KEYS[1], string.format('%.6f', until_at), 'PX', math.ceil(tonumber(ARGV[1]) * 1000) + 1000)
end
return 1
"""


def take_turn(*, channel: str, app: str, shop: str, rate: float) -> None:
    """Wait for the next turn of `rate` calls per second. Raises RateLimited when it is more than a second away."""
    key = f"pace:{channel}:{app}:{shop}"
    booked, wait = _book(key, 1 / rate)
    if not booked:
        raise RateLimited(wait)
    if wait:
        time.sleep(wait)


def hold(*, channel: str, app: str, shop: str, seconds: float) -> None:
    """The channel itself said to wait: no turn for `seconds`."""
    key = f"pace:{channel}:{app}:{shop}"
    try:
        _redis(settings.CACHE_URL).eval(HOLD, 1, key, seconds)
    except redis.RedisError:
        _local.hold(key, seconds)


def _book(key: str, interval: float) -> tuple[bool, float]:
    if not _local.redis_is_away():
        try:
            booked, wait = _redis(settings.CACHE_URL).eval(BOOK, 1, key, interval, BURST_SECONDS, LONGEST_WAIT)
            return bool(booked), float(wait)
        except redis.RedisError:
            _local.note_redis_away()
    return _local.book(key, interval / LOCAL_SHARE)


@cache
def _redis(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.3)


class _Local:
    """The same bucket for one process. Keys name channel, app and shop; a shop belongs to one cooperative."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._level_at: dict[str, float] = {}
        self._away_until = 0.0

    def redis_is_away(self) -> bool:
        return time.monotonic() < self._away_until

    def note_redis_away(self) -> None:
        self._away_until = time.monotonic() + REDIS_AWAY_SECONDS

    def book(self, key: str, interval: float) -> tuple[bool, float]:
        with self._lock:
            now = time.monotonic()
            level_at = max(self._level_at.get(key, 0.0), now)
            wait = max(0.0, level_at - BURST_SECONDS - now)
            if wait > LONGEST_WAIT:
                return False, wait
            self._level_at[key] = level_at + interval
            return True, wait

    def hold(self, key: str, seconds: float) -> None:
        with self._lock:
            self._level_at[key] = max(self._level_at.get(key, 0.0), time.monotonic() + seconds)


_local = _Local()
