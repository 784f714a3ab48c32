"""Starts programs, starts again what dies, and leaves none behind."""

import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from coop_shop.demo import processes
from coop_shop.demo.place import ROOT
from coop_shop.demo.programs import Program

RESTART_PAUSE = 1.0  # seconds between two starts of a program that keeps dying
STOP_SECONDS = 8.0


class NotReady(RuntimeError):
    """A program did not become ready; the message names it and has the end of its log."""


class Supervisor:
    """`say` is told, in one line, what happens to the programs."""

    def __init__(self, folder: Path, *, say: Callable[[str], None]) -> None:
        self._logs = folder / "log"
        self._note = folder / "processes.json"
        self._say = say
        self._running: dict[str, tuple[Program, subprocess.Popen[bytes], float]] = {}
        self._logs.mkdir(parents=True, exist_ok=True)
        left = processes.stop_remembered(self._note)
        if left:
            say(f"stopped {left} programs that an earlier run had left behind")

    def start(self, programs: Iterable[Program]) -> None:
        for program in programs:
            self._log(program.name).write_bytes(b"")
            self._launch(program)

    def wait_until_ready(self, *, seconds: float) -> None:
        """Raises NotReady when one of the programs ends, or does not answer in time."""
        until = time.monotonic() + seconds
        waiting = list(self._running.values())
        while waiting:
            for program, process, _ in waiting:
                if process.poll() is not None or time.monotonic() > until:
                    raise NotReady(f"{program.name} did not start:\n{self.tail(program.name)}")
            waiting = [entry for entry in waiting if not entry[0].ready(self._log(entry[0].name))]
            time.sleep(0.1 if waiting else 0)

    def revive(self) -> None:
        """Start again what has died since we looked."""
        for program, process, started in list(self._running.values()):
            if process.poll() is not None and time.monotonic() - started > RESTART_PAUSE:
                self._say(f"{program.name} ended with {process.returncode}: starting it again")
                self._launch(program)

    def kill(self, name: str) -> None:
        """End a program and its children at once, as a power cut would; `revive` brings it back."""
        _, process, _ = self._running[name]
        processes.kill(process.pid)
        process.wait(5)

    def tail(self, name: str, *, characters: int = 1500) -> str:
        return self._log(name).read_text(errors="replace")[-characters:].strip()

    def stop(self) -> None:
        """Stop all programs and their children, the latest first."""
        asked = [
            found for _, process, _ in reversed(self._running.values()) if (found := processes.living(process.pid))
        ]
        processes.stop(asked, seconds=STOP_SECONDS)
        for _, process, _ in self._running.values():
            process.poll()
        self._running.clear()
        self._note.unlink(missing_ok=True)

    def _launch(self, program: Program) -> None:
        with self._log(program.name).open("ab") as log:
            process = subprocess.Popen(
                program.command, env=dict(program.environment), cwd=ROOT, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        self._running[program.name] = (program, process, time.monotonic())
        processes.remember(self._note, [process.pid for _, process, _ in self._running.values()])

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"
