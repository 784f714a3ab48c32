"""PostgreSQL and Redis of one's own: they survive a kill and leave no process behind."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from coop_shop.demo import postgres, processes, servers
from coop_shop.demo import redis as redis_server
from coop_shop.demo.place import ROOT, own_secrets
from coop_shop.demo.programs import Program
from coop_shop.demo.supervise import NotReady, Supervisor
from tests.plugin import FOLDER, number_of_worker

SLEEP = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]


@pytest.fixture
def folder() -> Iterator[Path]:
    """Below the folder of the suite, because as root the database cannot reach pytest's own."""
    path = FOLDER / f"servers-{number_of_worker()}"
    yield path
    redis_server.stop(path / "redis")
    postgres.forget(path / "postgres")
    shutil.rmtree(path, ignore_errors=True)


def pids(folder: Path) -> list[int]:
    found = [postgres.pid(folder / "postgres"), redis_server.pid(folder / "redis")]
    return [pid for pid in found if pid]


def test_both_start_keep_their_data_and_stop_without_a_trace(folder: Path) -> None:
    running = servers.start(folder)
    with psycopg.connect(running.database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS value")
    redis.Redis.from_url(f"{running.redis_url}/0").set("kept", "yes")
    first = pids(folder)
    assert len(first) == 2
    running.stop()
    assert [processes.living(pid) for pid in first] == [None, None]

    again = servers.start(folder)
    with psycopg.connect(again.database_url) as connection:
        assert connection.execute("SELECT value FROM kept").fetchone() == (42,)
    assert redis.Redis.from_url(f"{again.redis_url}/0").get("kept") == b"yes"
    again.stop()


def test_servers_of_a_run_that_was_killed_are_found_and_stopped(folder: Path) -> None:
    code = f"""
import os, signal
from pathlib import Path
from coop_shop.demo import servers
servers.start(Path({str(folder)!r}))
os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    left = pids(folder)
    assert len(left) == 2
    running = servers.start(folder)
    assert pids(folder) == left
    running.stop()
    assert [processes.living(pid) for pid in left] == [None, None]


def test_a_server_that_dies_comes_back_at_the_same_address(folder: Path) -> None:
    running = servers.start(folder)
    assert running.revive() == []
    for pid in pids(folder):
        processes.kill(pid)
    assert running.revive() == ["PostgreSQL", "Redis"]
    psycopg.connect(running.database_url).close()
    assert redis.Redis.from_url(f"{running.redis_url}/0").ping()
    running.stop()


def test_servers_stop_with_the_last_of_their_users(folder: Path) -> None:
    one, other = servers.start(folder), servers.start(folder)
    one.stop()
    psycopg.connect(other.database_url).close()
    other.stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(other.database_url)


def sleeper(name: str = "sleeper", command: list[str] = SLEEP) -> Program:
    return Program(name=name, command=command, ready=lambda log: b"up" in log.read_bytes(), environment=os.environ)


def test_a_program_that_dies_is_started_again_with_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coop_shop.demo.supervise.RESTART_PAUSE", 0)
    said: list[str] = []
    supervisor = Supervisor(tmp_path, say=said.append)
    supervisor.start([sleeper()])
    supervisor.wait_until_ready(seconds=20)
    supervisor.kill("sleeper")
    supervisor.revive()
    supervisor.wait_until_ready(seconds=20)
    assert said == ["sleeper ended with -9: starting it again"]
    supervisor.stop()


def test_a_program_that_never_gets_ready_is_named_with_the_end_of_its_log(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path, say=print)
    supervisor.start([sleeper("broken", [sys.executable, "-c", "raise SystemExit('no such table')"])])
    with pytest.raises(NotReady, match=r"^broken did not start:\nno such table$"):
        supervisor.wait_until_ready(seconds=20)
    supervisor.stop()


def test_programs_of_a_killed_run_are_stopped_by_the_next(tmp_path: Path) -> None:
    dead = Supervisor(tmp_path, say=print)
    dead.start([sleeper()])
    dead.wait_until_ready(seconds=20)
    ((pid, _),) = json.loads((tmp_path / "processes.json").read_text())
    said: list[str] = []
    Supervisor(tmp_path, say=said.append)
    assert said == ["stopped 1 programs that an earlier run had left behind"]
    assert processes.living(pid) is None
    dead.stop()


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    first = own_secrets(tmp_path / "env")
    assert own_secrets(tmp_path / "env") == first
    assert (tmp_path / "env").stat().st_mode & 0o777 == 0o600
    assert own_secrets(tmp_path / "other")["SECRET_KEY"] != first["SECRET_KEY"]
