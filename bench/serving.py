"""A web process of its own, asked through a pipe: `python -m bench.serving` answers each line of JSON with one.

It keeps one database session, as a thread of the web does until the pool recycles it.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import django


class Worker:
    """Starts such a process and speaks to it."""

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


def _private_mb(pid: int | str) -> float | None:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return None
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024


def _serve() -> None:
    django.setup()
    from django.db import connection, reset_queries  # noqa: PLC0415 - the side that asks needs no Django
    from django.test import Client  # noqa: PLC0415

    client = Client()

    def visit(hosts: list[str]) -> list[float]:
        seconds = []
        for host in hosts:
            began = time.perf_counter()
            status = client.get("/", HTTP_HOST=host).status_code
            seconds.append(time.perf_counter() - began)
            assert status == 200, f"{host} answered {status}"
            reset_queries()
        return seconds

    def read_all_tables(schemas: list[str]) -> None:
        with connection.cursor() as cursor:
            for schema in schemas:
                cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
                for (table,) in cursor.fetchall():
                    cursor.execute(f'SELECT * FROM {schema}."{table}" LIMIT 1')  # noqa: S608
                reset_queries()

    def memory() -> dict[str, float | None]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return {"python": _private_mb("self"), "session": _private_mb(cursor.fetchone()[0])}

    known = {"visit": visit, "read_all_tables": read_all_tables, "memory": memory, "recycle": connection.close}
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(known[asked.pop("do")](**asked)), flush=True)


if __name__ == "__main__":
    _serve()
