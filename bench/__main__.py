"""`make bench`: its own database server, one cooperative, then every measurement of this folder."""

import os
import sys
import tempfile
from pathlib import Path

from coop_shop.demo import servers

with tempfile.TemporaryDirectory(prefix="coop-bench-") as folder:
    running = servers.start(Path(folder))
    os.environ.update(
        DJANGO_SETTINGS_MODULE="coop_shop.settings",
        DEBUG="1",
        DATABASE_URL=running.database_url,
        REDIS_URL=f"{running.redis_url}/0",
        CACHE_URL=f"{running.redis_url}/1",
        SITE_SCHEME="http",
        LOG_LEVEL="ERROR",
    )
    from bench.measuring import run_all

    run_all(only=sys.argv[1:])
    running.stop()
