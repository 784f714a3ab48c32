"""H18: a pooler that hands out server sessions per transaction, and does not know of search_path."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from django.test import Client

from tenants import checks, starting
from tests.hazards.pooler import careless_pooler

pytestmark = pytest.mark.usefixtures("database")
PGBOUNCER = shutil.which("pgbouncer")


@pytest.fixture
def database(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """The test's database without a transaction around the test, and without the guard over other aliases."""
    with django_db_blocker.unblock():
        yield
    connections.close_all()


@pytest.fixture
def behind(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], str]]:
    """Makes a second way to the test's database, through what listens on a port. Returns its alias."""

    def make(port: int) -> str:
        way = {**connections["default"].settings_dict, "HOST": "127.0.0.1", "PORT": port}
        monkeypatch.setitem(connections.databases, "behind", way)
        return "behind"

    yield make
    if "behind" in {each.alias for each in connections.all(initialized_only=True)}:
        del connections["behind"]


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "_sure_of", set())


@pytest.fixture
def pooled(behind: Callable[[int], str]) -> Iterator[str]:
    with careless_pooler(server()) as port:
        yield behind(port)


@contextmanager
def pgbouncer(mode: str) -> Iterator[int]:
    folder = Path(tempfile.mkdtemp(prefix="pgbouncer-"))
    folder.chmod(0o755)
    place = server()
    host, at = (place.rpartition("/.s.PGSQL.")[::2]) if isinstance(place, str) else place
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    database = connections["default"].settings_dict["NAME"]
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\n{database} = host={host} port={at} user=postgres pool_size=2\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n"
        f"pool_mode = {mode}\nignore_startup_parameters = extra_float_digits\n"
    )
    as_nobody = ["-u", "nobody"] if os.geteuid() == 0 else []
    program = subprocess.Popen([PGBOUNCER, "-q", *as_nobody, str(folder / "pgbouncer.ini")], stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.05)
        yield port
    finally:
        program.terminate()
        program.wait()
        shutil.rmtree(folder)


def server() -> str | tuple[str, int]:
    with psycopg.connect(**connections["default"].get_connection_params()) as own:
        info = own.info
        return f"{info.host}/.s.PGSQL.{info.port}" if info.host.startswith("/") else (info.host, info.port)


def mixed(alias: str) -> list[str]:
    return [error.id for error in checks.no_pooler_mixes_sessions(databases=[alias])]


def test_h18_sessions_of_the_server_itself_are_their_own() -> None:
    assert mixed("default") == []


def test_h18_the_careless_pooler_really_mixes_cooperatives(pooled: str) -> None:
    """What the self-test is for: two sessions, two cooperatives, and the rows of the wrong one."""
    way = connections[pooled].get_connection_params()
    with psycopg.connect(**way, autocommit=True) as kopi, psycopg.connect(**way, autocommit=True) as batik:
        kopi.execute("SET search_path = kopi")
        batik.execute("SET search_path = batik")
        seen = [each.execute("SHOW search_path").fetchone()[0] for _ in range(3) for each in (kopi, kopi, batik)]
    assert seen != ["kopi", "kopi", "batik"] * 3


def test_h18_an_untracked_pooler_is_refused_at_the_start(pooled: str, forgetful: None) -> None:
    assert mixed(pooled) == ["tenants.E006"]
    with pytest.raises(starting.NotSealed, match="a session stood in the schema of another"):
        starting.before_serving()


def test_h18_a_process_behind_an_untracked_pooler_is_not_ready(pooled: str, forgetful: None) -> None:
    answer = Client(HTTP_HOST="127.0.0.1").get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"not sealed\n")


def test_h18_more_server_sessions_than_clients_are_refused_too(behind: Callable[[int], str]) -> None:
    with careless_pooler(server(), sessions=7) as port:
        assert mixed(behind(port)) == ["tenants.E006"]


def test_h18_a_pooler_that_lends_sessions_whole_is_fine(behind: Callable[[int], str]) -> None:
    with careless_pooler(server(), whole=True) as port:
        assert mixed(behind(port)) == []


@pytest.mark.skipif(not PGBOUNCER, reason="pgbouncer is not installed: the careless pooler above stands for it")
@pytest.mark.parametrize(("mode", "refused"), [("transaction", ["tenants.E006"]), ("session", [])])
def test_h18_with_the_real_pgbouncer(mode: str, refused: list[str], behind: Callable[[int], str]) -> None:
    with pgbouncer(mode) as port:
        assert mixed(behind(port)) == refused


def test_h18_before_a_fork_nothing_is_left_open(monkeypatch: pytest.MonkeyPatch, forgetful: None) -> None:
    """gunicorn makes sure once, then forks: a pool whose threads stayed behind would hang the first request."""
    pooled = {**connections["default"].settings_dict}
    pooled["OPTIONS"] = {**pooled["OPTIONS"], "pool": {"min_size": 1, "max_size": 2}}
    monkeypatch.setitem(connections.databases, "pooled", pooled)
    starting.before_serving()
    way = connections["pooled"]
    assert way.connection is None
    assert "pooled" not in way._connection_pools
    del connections["pooled"]
