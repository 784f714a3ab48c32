"""What hangs in Redis, for tests of turns."""

import redis
from django.conf import settings


def store():
    return redis.Redis.from_url(settings.REDIS_URL)


def waiting():
    """Every (schema, kind) that waits for its turn."""
    found = set()
    for key in store().keys("turns:jobs:*"):
        schema = key.decode().rpartition(":")[2]
        found |= {(schema, kind.decode()) for kind in store().zrange(key, 0, -1)}
    return found
