"""`python -m bench.serving` answers each line of JSON with one: the other side of bench/asking.py."""

import json
import sys
import time
from pathlib import Path

import django

django.setup()

from django.db import connection, reset_queries  # noqa: E402
from django.test import Client  # noqa: E402

CLIENT = Client()


def visit(hosts: list[str]) -> list[float]:
    seconds = []
    for host in hosts:
        began = time.perf_counter()
        status = CLIENT.get("/", HTTP_HOST=host).status_code
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


def _private_mb(pid: int | str) -> float | None:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return None
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024


KNOWN = {"visit": visit, "read_all_tables": read_all_tables, "memory": memory, "recycle": connection.close}

if __name__ == "__main__":
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(KNOWN[asked.pop("do")](**asked)), flush=True)
