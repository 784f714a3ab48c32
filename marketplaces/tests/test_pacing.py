"""Calls are spread out, by all workers together, and also when Redis is away."""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest
import redis

from marketplaces import pacing
from marketplaces.channels.errors import RateLimited


@pytest.fixture(autouse=True)
def fresh(settings, monkeypatch):
    pacing._redis(settings.CACHE_URL).flushdb()
    monkeypatch.setattr(pacing, "_local", pacing._Local())


@pytest.fixture
def no_redis(settings):
    settings.CACHE_URL = "redis://127.0.0.1:1/0"


def turn(rate=20.0, shop="1"):
    pacing.take_turn(channel="shopee", app="a", shop=shop, rate=rate)


def calls_in(seconds, rate):
    """How many turns eight workers get, and how long that really took: the last ones still wait for theirs."""
    began = time.monotonic()

    def work(_):
        done = 0
        while time.monotonic() < began + seconds:
            try:
                turn(rate)
                done += 1
            except RateLimited:
                time.sleep(0.05)
        return done

    with ThreadPoolExecutor(8) as pool:
        calls = sum(pool.map(work, range(8)))
    return calls, time.monotonic() - began


@pytest.fixture
def patient_redis(monkeypatch):
    """A machine with too much to do answers late; that Redis is away then is the business of other tests."""
    patient = cache(lambda url: redis.Redis.from_url(url, socket_timeout=30))
    monkeypatch.setattr(pacing, "_redis", patient)


@pytest.mark.usefixtures("patient_redis")
def test_workers_together_keep_the_rate():
    calls, took = calls_in(2.0, 20.0)
    assert 20 <= calls <= 20 * (took + pacing.BURST_SECONDS) + 1


def test_without_redis_each_process_keeps_half_the_rate(no_redis):
    calls, took = calls_in(2.0, 20.0)
    assert 10 <= calls <= 10 * (took + pacing.BURST_SECONDS) + 1


def test_a_turn_far_away_is_refused_with_the_time_to_wait():
    with pytest.raises(RateLimited) as refused:
        for _ in range(4):
            turn(rate=0.5)
    assert 1 < refused.value.retry_after <= 4


def test_shops_do_not_wait_for_each_other():
    pacing.hold(channel="shopee", app="a", shop="1", seconds=30)
    with pytest.raises(RateLimited):
        turn(shop="1")
    turn(shop="2")


@pytest.mark.usefixtures("no_redis")
def test_a_pause_is_kept_without_redis_too():
    pacing.hold(channel="shopee", app="a", shop="1", seconds=30)
    with pytest.raises(RateLimited):
        turn(shop="1")


def test_losing_the_bucket_only_costs_its_memory(settings):
    turn()
    pacing._redis(settings.CACHE_URL).flushdb()
    turn()
