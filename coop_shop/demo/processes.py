"""Processes that outlive a careless end: found again by number and moment of birth, stopped with their children."""

import json
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import psutil


def living(pid: int, *, name: str = "") -> psutil.Process | None:
    """The process of this number, unless it is gone, a zombie, or another program than `name` by now."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE or (name and name not in process.name()):
            return None
    except psutil.NoSuchProcess:
        return None
    return process


def remember(path: Path, pids: Iterable[int]) -> None:
    """Write down processes so that `stop_remembered` finds them after a kill -9 of this one."""
    found = [(process.pid, process.create_time()) for pid in pids if (process := living(pid))]
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(found))
    fresh.replace(path)


def stop_remembered(path: Path) -> int:
    """Stop what an earlier run left behind. Returns how many processes that were."""
    with suppress(FileNotFoundError, ValueError):
        rows = json.loads(path.read_text())
        left = [process for pid, born in rows if (process := living(pid)) and process.create_time() == born]
        stop(left, seconds=5)
        return len(left)
    return 0


def stop(processes: Iterable[psutil.Process], *, seconds: float, with_signal: int = signal.SIGTERM) -> None:
    """Ask politely, wait up to `seconds`, then end them and everything they started."""
    asked = list(processes)
    families = [child for process in asked for child in _children(process)]
    for process in asked:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(with_signal)
    _wait(asked, seconds)
    for process in [*asked, *families]:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    _wait([*asked, *families], 5)


def kill(pid: int) -> None:
    """End a process and its children at once, as a power cut would."""
    process = living(pid)
    if process is None:
        return
    family = [process, *_children(process)]  # the parent first: it would start its children again
    for member in family:
        with suppress(psutil.NoSuchProcess):
            member.kill()
    _wait(family, 5)


def _wait(processes: list[psutil.Process], seconds: float) -> None:
    # Not psutil.wait_procs: for it a zombie whose parent never asks is still there.
    until = time.monotonic() + seconds
    while time.monotonic() < until and any(_is_there(process) for process in processes):
        time.sleep(0.02)


def _is_there(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _children(process: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        return process.children(recursive=True)
    return []
