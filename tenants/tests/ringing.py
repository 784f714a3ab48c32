"""What hangs in Redis, for tests of turns."""

import redis
from django.conf import settings

# what tenants/tests/flood_worker.py does
FLOOD = tuple(f"flood{number}" for number in range(8))
LARGE_SECONDS = 2.5
DONE = "test:done"  # a list: "<schema> <time>" of each small job


def store():
    return redis.Redis.from_url(settings.REDIS_URL)


def waiting():
    """Every (schema, kind) that waits for its turn."""
    found = set()
    for key in store().keys("turns:jobs:*"):
        schema = key.decode().rpartition(":")[2]
        found |= {(schema, kind.decode()) for kind in store().zrange(key, 0, -1)}
    return found
