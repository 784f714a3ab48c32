"""A web process of its own that is asked through a pipe (bench/serving.py)."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any


class Worker:
    """Starts one and speaks to it.

    It keeps one database session, as a thread of the web does until the pool recycles it.
    """

    def __init__(self, *, database_url: str) -> None:
        told = {**os.environ, "DATABASE_URL": database_url}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.serving"], env=told, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def visit(self, hosts: Sequence[str], *, times: int = 1) -> list[float]:
        """Seconds of each request for the first page of these hosts, one after the other."""
        answer: list[float] = self._ask(do="visit", hosts=list(hosts) * times)
        return answer

    def read_all_tables(self, schemas: Sequence[str]) -> None:
        """What the jobs of a cooperative come to: a query to every table it has."""
        self._ask(do="read_all_tables", schemas=list(schemas))

    def memory(self) -> dict[str, float | None]:
        """MB of its own that the process and its database session have; None where there is no /proc."""
        answer: dict[str, float | None] = self._ask(do="memory")
        return answer

    def recycle(self) -> None:
        """A new database session, as the pool makes one."""
        self._ask(do="recycle")

    def stop(self) -> None:
        self._process.communicate()

    def _ask(self, **asked: Any) -> Any:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())
