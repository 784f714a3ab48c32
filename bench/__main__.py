"""`make bench`: a database server of its own, then every part; or some: `python -m bench tenants search_by_index`."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from coop_shop.demo import postgres, servers
from coop_shop.demo.__main__ import create_database


def main(wanted: list[str]) -> int:
    """How many steps failed. `pages` and `tenants` are parts; any other name is a question of bench/questions.py."""
    questions = [name for name in wanted if name not in ("pages", "tenants")]
    steps = []  # (database, module and what it is told)
    if questions or not wanted:
        steps.append(("questions", ["bench.measuring", *questions]))
    if "pages" in wanted or not wanted:
        steps.append(("pages", ["bench.pages"]))
    if "tenants" in wanted or not wanted:
        steps += [("one", ["bench.tenants", "one"]), ("many", ["bench.tenants"])]
    with tempfile.TemporaryDirectory(prefix="coop-bench-") as folder:
        running = servers.start(Path(folder))
        try:
            return sum(_run(running, database, step) != 0 for database, step in steps)
        finally:
            running.stop()
            postgres.forget(Path(folder) / "postgres")  # where root runs it, the data is elsewhere


def _run(running: servers.Services, database: str, step: list[str]) -> int:
    create_database(running.database_url, database)
    told = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "coop_shop.settings",
        "DATABASE_URL": running.database(database),
        "DATABASE_URL_OF_ONE": running.database("one"),
        "REDIS_URL": f"{running.redis_url}/0",
        "CACHE_URL": f"{running.redis_url}/1",
        "DATABASE_POOL": "1" if step[0] == "bench.pages" else "",  # as in the web process
        "PLATFORM_HOST": "localhost",
        "SITE_SCHEME": "http",
        "LOG_LEVEL": "ERROR",
        "DEBUG": "1",
    }
    return subprocess.run([sys.executable, "-m", *step], env=told, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
