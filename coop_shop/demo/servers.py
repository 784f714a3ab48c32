"""PostgreSQL and Redis from wheels, for machines that have neither. Development and tests only."""

import atexit
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from coop_shop.demo import postgres, redis

free_port = redis.free_port
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True, kw_only=True)
class Services:
    folder: Path
    forgetful: bool
    database_url: str  # of the server's `postgres` database
    redis_url: str  # without the number of a database
    _users: IO[str] = field(repr=False)  # shared lock: this process uses the servers

    def database(self, name: str) -> str:
        """The address of another database of the same server."""
        return self.database_url.replace("/postgres?", f"/{name}?")

    def revive(self) -> list[str]:
        """Start again, at the same address, what has died. Returns the names of those."""
        dead = []
        if not postgres.is_running(self.folder / "postgres"):
            postgres.start(self.folder / "postgres", settings=FORGETFUL if self.forgetful else {})
            dead.append("PostgreSQL")
        if not redis.is_running(self.folder / "redis"):
            port = int(self.redis_url.rpartition(":")[2])
            redis.start(self.folder / "redis", port=port, forgetful=self.forgetful)
            dead.append("Redis")
        return dead

    def stop(self) -> None:
        """Stop both, unless another process still uses them. Again does nothing."""
        if self._users.closed:
            return
        with _alone(self.folder):
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            else:
                redis.stop(self.folder / "redis")
                postgres.stop(self.folder / "postgres")
            finally:
                self._users.close()


def start(folder: Path, *, forgetful: bool = False) -> Services:
    """Start both servers with their data below `folder`, or find them running there.

    They stop with the last process that asked for them; a lock on a file counts these, because locks end with their
    process however it ends. `forgetful` trades safety against a power cut for speed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        users = (folder / "users.lock").open("w")
        fcntl.flock(users, fcntl.LOCK_SH)
        services = Services(
            folder=folder,
            forgetful=forgetful,
            database_url=postgres.start(folder / "postgres", settings=FORGETFUL if forgetful else {}),
            redis_url=f"redis://127.0.0.1:{redis.start(folder / 'redis', forgetful=forgetful)}",
            _users=users,
        )
    atexit.register(_stop_in, os.getpid(), services)
    return services


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "starting.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _stop_in(pid: int, services: Services) -> None:
    if os.getpid() == pid:  # not in a process that was forked from this one
        services.stop()
