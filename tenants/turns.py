"""Whose turn it is. A job waits for a hand, not in a line: which job a worker does is decided when it is free.

    offer()  a cooperative has work of a kind: one place per kind, however often it is offered; a bell is rung
    taken()  a worker that heard a bell asks for the next job: the cooperative whose last turn is longest ago, unless
             it has its share at work already

A bell is a Celery message that names nobody. All of it lives in the broker's Redis and may be lost at any moment:
tenants/sweeping.py offers again what is due.

Kinds in settings.SLOW_KINDS may take their time: they wait behind the others, never take the last place of a
cooperative, and have their own bound over all cooperatives, so that a message or a price never waits for them.
"""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

import redis
from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError

from tenants.models import PUBLIC

BELLS = "bells"  # the queue of the bells, and its key in Redis
MOST_BELLS = 200  # in the queue at once: more than there are hands
LEASE_SECONDS = 6.0  # how long a job counts as at work after its worker was last heard of
REDIS_AWAY_SECONDS = 2.0

# turns:jobs:<class>:<schema>  kinds that wait, by the order in which they came
# turns:ring:<class>           schemas that have such jobs, who waits longest first
# turns:busy:<schema>          kinds at work, by the moment (ms) at which we stop believing so
# turns:slow                   the slow ones among them, <schema>:<kind>
_COMMON = """
local function ring_of(class) return 'turns:ring:' .. class end
local function jobs_of(class, schema) return 'turns:jobs:' .. class .. ':' .. schema end
local function busy_of(schema) return 'turns:busy:' .. schema end
local function next_place() return redis.call('INCR', 'turns:places') end
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
"""
# ARGV: class, schema, kind, over and over. Answers {places that are new, bells that hang in the queue}.
OFFER = """
local new = 0
for i = 1, #ARGV, 3 do
  local class, schema, kind = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local place = next_place()
  new = new + redis.call('ZADD', jobs_of(class, schema), 'NX', place, kind)
  redis.call('ZADD', ring_of(class), 'NX', place, schema)
end
return {new, redis.call('LLEN', 'bells')}
"""
# ARGV: most at work in one cooperative, most slow ones in all, lease in ms. Answers {schema, kind, class} or false.
# Only a cooperative with work under way is passed over, so there are never more of these than hands.
TAKE = """
local most, most_slow, lease = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local now = now()
local function at_work(key)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
  return redis.call('ZCARD', key)
end
local function slow_at_work(schema)
  local found = 0
  for _, kind in ipairs(redis.call('ZRANGE', busy_of(schema), 0, -1)) do
    if redis.call('ZSCORE', 'turns:slow', schema .. ':' .. kind) then found = found + 1 end
  end
  return found
end
local function may_begin(class, schema)
  if at_work(busy_of(schema)) >= most then return false end
  return class ~= 'slow' or most == 1 or slow_at_work(schema) < most - 1
end
local function take(class, schema, kind)
  redis.call('ZREM', jobs_of(class, schema), kind)
  redis.call('ZADD', busy_of(schema), now + lease, kind)
  redis.call('PEXPIRE', busy_of(schema), lease)
  if class == 'slow' then redis.call('ZADD', 'turns:slow', now + lease, schema .. ':' .. kind) end
  if redis.call('EXISTS', jobs_of(class, schema)) == 1 then
    redis.call('ZADD', ring_of(class), next_place(), schema)
  else
    redis.call('ZREM', ring_of(class), schema)
  end
  return {schema, kind, class}
end
local classes = {'prompt', 'slow'}
if redis.call('INCR', 'turns:taken') % 4 == 0 then classes = {'slow', 'prompt'} end  -- slow, but not never
for _, class in ipairs(classes) do
  if class == 'prompt' or at_work('turns:slow') < most_slow then
    for _, schema in ipairs(redis.call('ZRANGE', ring_of(class), 0, 499)) do
      if may_begin(class, schema) then
        for _, kind in ipairs(redis.call('ZRANGE', jobs_of(class, schema), 0, -1)) do
          if not redis.call('ZSCORE', busy_of(schema), kind) then return take(class, schema, kind) end
        end
      end
    end
  end
end
return false
"""
# ARGV: schema, kind, lease in ms. What has ended meanwhile is not brought back.
HOLD = """
local until_at = now() + tonumber(ARGV[3])
redis.call('ZADD', busy_of(ARGV[1]), 'XX', until_at, ARGV[2])
redis.call('PEXPIRE', busy_of(ARGV[1]), ARGV[3])
redis.call('ZADD', 'turns:slow', 'XX', until_at, ARGV[1] .. ':' .. ARGV[2])
"""
# Answers {cooperatives that wait, bells that hang in the queue}.
WAITING = """
return {redis.call('ZCARD', ring_of('prompt')) + redis.call('ZCARD', ring_of('slow')), redis.call('LLEN', 'bells')}
"""
# ARGV: schema, kind. Answers as WAITING does.
END = f"""
redis.call('ZREM', busy_of(ARGV[1]), ARGV[2])
redis.call('ZREM', 'turns:slow', ARGV[1] .. ':' .. ARGV[2])
{WAITING}
"""
# ARGV: schema, and every kind
FORGET = """
for _, class in ipairs({'prompt', 'slow'}) do
  redis.call('DEL', jobs_of(class, ARGV[1]))
  redis.call('ZREM', ring_of(class), ARGV[1])
end
redis.call('DEL', busy_of(ARGV[1]))
for i = 2, #ARGV do redis.call('ZREM', 'turns:slow', ARGV[1] .. ':' .. ARGV[i]) end
"""
SCRIPTS = (OFFER, TAKE, HOLD, WAITING, END, FORGET)


@dataclass(frozen=True, kw_only=True)
class Turn:
    schema_name: str
    kind: str


def offer(jobs: Iterable[tuple[str, str]]) -> bool:
    """(schema name, kind): each waits for its turn from now on, unless it does already. Returns whether Redis took it.

    Nobody waits long for a Redis that is away: it is not tried again for REDIS_AWAY_SECONDS.
    """
    if _away.is_on():
        return False
    try:
        new, hanging = _run(OFFER, *(word for schema, kind in jobs for word in (_class(kind), schema, kind)))
    except redis.RedisError:
        _away.begin()
        return False
    _ring(min(new, MOST_BELLS - hanging))
    return True


@contextmanager
def taken() -> Iterator[Turn | None]:
    """The next job, or None when nobody may begin one. It counts as at work until the end of the block, or until its
    worker has not been heard of for LEASE_SECONDS. Raises redis.RedisError."""
    found = _run(TAKE, settings.TURNS_AT_ONCE, settings.SLOW_TURNS_AT_ONCE, _lease())
    if not found:
        yield None
        return
    schema_name, kind, _ = (word.decode() for word in found)
    ended = threading.Event()
    # No tenant: it only talks to Redis.
    threading.Thread(target=_hold, args=(schema_name, kind, ended), daemon=True).start()  # noqa: TID251
    try:
        yield Turn(schema_name=schema_name, kind=kind)
    finally:
        ended.set()
        _end(schema_name, kind)


def ring_for_waiting() -> int:
    """Bells for whoever waits and whose bell was lost. Returns how many were rung."""
    with suppress(redis.RedisError):
        waiting, hanging = _run(WAITING)
        return _ring(min(waiting, MOST_BELLS) - hanging)
    return 0


def forget(schema_name: str) -> None:
    """Nothing of this cooperative is left in Redis. Raises redis.RedisError."""
    _run(FORGET, schema_name, *settings.DUE_TASKS)


def _end(schema_name: str, kind: str) -> None:
    """One place is free: of this cooperative, and of the slow ones. Two that waited for it may begin."""
    with suppress(redis.RedisError):
        waiting, hanging = _run(END, schema_name, kind)
        _ring(min(waiting, 2 - hanging))


def _hold(schema_name: str, kind: str, ended: threading.Event) -> None:
    while not ended.wait(LEASE_SECONDS / 4):
        with suppress(redis.RedisError):
            _run(HOLD, schema_name, kind, _lease())


def _ring(times: int) -> int:
    try:
        for _ in range(times):
            current_app.send_task("tenants.tasks.take_turn", queue=BELLS, headers={"_schema_name": PUBLIC}, retry=False)
    except OperationalError:
        return 0  # the broker is away; the sweep rings again
    return max(times, 0)


def _class(kind: str) -> str:
    return "slow" if kind in settings.SLOW_KINDS else "prompt"


def _lease() -> int:
    return int(LEASE_SECONDS * 1000)


def _run(script: str, *arguments: object) -> Any:
    return _scripts(settings.REDIS_URL)[script](args=arguments)


@cache
def _scripts(url: str) -> dict[str, Any]:
    client = redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=0.3)
    return {script: client.register_script(_COMMON + script) for script in SCRIPTS}


class _Away:
    def __init__(self) -> None:
        self._until = 0.0

    def begin(self) -> None:
        self._until = time.monotonic() + REDIS_AWAY_SECONDS

    def is_on(self) -> bool:
        return time.monotonic() < self._until


_away = _Away()
