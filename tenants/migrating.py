"""Every cooperative's schema becomes what this code needs, while the release before goes on serving.

    due()       who is behind: one statement, however many there are
    roll()      the canaries, then everybody else, some at a time
    catch_up()  by the clock: cooperatives that the release before made after the roll

Each cooperative has one transaction of its own, so a run that is killed is simply started again, two runs at once share
the work, and a failure stays with the cooperative that has it (`migrate_error`).
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from queue import Empty, SimpleQueue

from django.db import OperationalError, transaction

from lib.schema import connection
from tenants import servers, versions
from tenants.bringing_up import Memory, bring_up
from tenants.models import Cooperative

WORKERS = 4
PAUSES = (0.2, 1.0, 3.0, 5.0)  # seconds, before each time that those are tried again whose tables were in use
MOST_TURNS = 2  # of a cooperative in one run, each of so many tries
STRAGGLER_AGE = timedelta(days=1)
SAY_EVERY = 2.0  # seconds
_BUSY = ("55P03", "40P01")  # lock_not_available, deadlock_detected

logger = logging.getLogger(__name__)


class Outcome(Enum):
    DONE = "done"
    BUSY = "busy"  # somebody holds its tables, or it is moving to another server
    TAKEN = "taken"  # by another run
    FAILED = "failed"


@dataclass
class Report:
    done: int = 0
    left: dict[str, str] = field(default_factory=dict)  # slug -> why it was not brought up
    is_stopped: bool = False  # at a canary, so nobody else was touched


def due(*, only: Collection[str] = (), retry_failed: bool = False) -> list[Cooperative]:
    """Cooperatives that are behind this code, the oldest first. `only` are slugs.

    Those that failed to get this version wait for `retry_failed`; a failure at another version is tried again.
    """
    rows = Cooperative.objects.shops().exclude(state=Cooperative.State.PURGING)  # whose schema may be gone
    rows = rows.exclude(schema_version=versions.of_code())
    if only:
        rows = rows.filter(slug__in=only)
    return [row for row in rows if versions.is_behind(row.schema_version) and (retry_failed or not _has_failed(row))]


def roll(
    *,
    workers: int = WORKERS,
    only: Collection[str] = (),
    retry_failed: bool = False,
    say: Callable[[str], object] = logger.info,
) -> Report:
    """Bring up all that is due, and what becomes due meanwhile. A canary that is left behind stops the rest."""
    report = Report()
    memory = Memory()
    turns: Counter[int] = Counter()  # by cooperative
    for are_canaries in (True, False):
        while rows := [
            row
            for row in due(only=only, retry_failed=retry_failed)
            if row.is_canary == are_canaries and turns[row.pk] < MOST_TURNS
        ]:
            turns.update(row.pk for row in rows)
            _bring_up_all(rows, workers, memory, turns, report, say)
        left = [row for row in due(only=only, retry_failed=True) if row.is_canary == are_canaries]
        report.left.update({row.slug: row.migrate_error or "another run has it in work" for row in left})
        if left and are_canaries:
            report.is_stopped = True
            break
    return report


def catch_up(*, now: datetime) -> Report:
    """Bring up the cooperatives that a process of the release before made after the roll.

    Nobody is brought up before an operator has rolled: somebody must have this version already, all canaries among
    them, and only who was made within STRAGGLER_AGE is a straggler.
    """
    behind = due(retry_failed=True)
    young = [row.slug for row in behind if row.created_at > now - STRAGGLER_AGE]
    is_rolled = Cooperative.objects.shops().filter(schema_version=versions.of_code()).exists()
    if not young or not is_rolled or any(row.is_canary for row in behind):
        return Report()
    return roll(workers=1, only=young)


def _has_failed(cooperative: Cooperative) -> bool:
    return cooperative.migrate_error.startswith(f"{versions.of_code()}: ")


def _bring_up_all(
    rows: Sequence[Cooperative],
    workers: int,
    memory: Memory,
    turns: Counter[int],
    report: Report,
    say: Callable[[str], object],
) -> None:
    """Who is busy, or in another run's hands, is tried again a few times, with a pause before each."""
    progress = _Progress(total=len(rows), say=say)
    waiting = list(rows)
    for pause in (0.0, *PAUSES):
        time.sleep(pause)
        again: list[Cooperative] = []
        for cooperative, outcome in _by_workers(waiting, workers, memory):
            progress.count(outcome)
            report.done += outcome is Outcome.DONE
            if outcome is Outcome.FAILED:
                turns[cooperative.pk] = MOST_TURNS
            elif outcome is not Outcome.DONE:
                again.append(cooperative)
        waiting = again
        if not waiting:
            break
    progress.end()


def _by_workers(rows: Sequence[Cooperative], workers: int, memory: Memory) -> Iterable[tuple[Cooperative, Outcome]]:
    """What became of each, as it ends. An error that is not a cooperative's own ends the run."""
    waiting: SimpleQueue[Cooperative] = SimpleQueue()
    ended: SimpleQueue[tuple[Cooperative, Outcome]] = SimpleQueue()
    for row in rows:
        waiting.put(row)
    with ThreadPoolExecutor(min(workers, len(rows)) or 1) as pool:
        futures = [pool.submit(_work, waiting, ended, memory) for _ in range(min(workers, len(rows)))]
        try:
            while not (all(future.done() for future in futures) and ended.empty()):
                with suppress(Empty):
                    yield ended.get(timeout=0.2)
        finally:
            with suppress(Empty):
                while True:
                    waiting.get_nowait()
    _raise_first(futures)


def _work(waiting: SimpleQueue[Cooperative], ended: SimpleQueue[tuple[Cooperative, Outcome]], memory: Memory) -> None:
    """A thread's whole life, with a connection of its own."""
    try:
        with suppress(Empty):
            while True:
                cooperative = waiting.get_nowait()
                ended.put((cooperative, _bring_up_one(cooperative, memory)))
    finally:
        connection.close()


def _bring_up_one(cooperative: Cooperative, memory: Memory) -> Outcome:
    try:
        with transaction.atomic():
            # NO KEY: whoever notes due work of this cooperative refers to its row, and need not wait for us.
            claimed = (
                Cooperative.objects.select_for_update(skip_locked=True, no_key=True)
                .filter(pk=cooperative.pk, schema_version=cooperative.schema_version)
                .first()
            )
            if claimed is None:
                return Outcome.TAKEN
            if claimed.moving_to:
                _note_error(claimed, f"it is moving to {claimed.moving_to}")
                return Outcome.BUSY
            with servers.on(claimed.server):
                claimed.schema_version = bring_up(schema_name=claimed.schema_name, memory=memory)
            claimed.migrate_error = ""
            Cooperative.objects.filter(pk=claimed.pk).update(schema_version=claimed.schema_version, migrate_error="")
    except Exception as error:  # whatever it is, it is this cooperative's, as long as we can write it down
        if isinstance(error, OperationalError) and getattr(error.__cause__, "sqlstate", None) in _BUSY:
            _note_error(cooperative, "its tables were in use")
            return Outcome.BUSY
        _note_error(cooperative, f"{versions.of_code()}: {type(error).__name__}: {error}")
        return Outcome.FAILED
    servers.publish(claimed)
    return Outcome.DONE


def _note_error(cooperative: Cooperative, error: str) -> None:
    Cooperative.objects.filter(pk=cooperative.pk).update(migrate_error=" ".join(error.split())[:500])
    logger.error("%s was not migrated: %s", cooperative.slug, error)


def _raise_first(futures: Iterable["Future[None]"]) -> None:
    for future in futures:
        future.result()


class _Progress:
    def __init__(self, *, total: int, say: Callable[[str], object]) -> None:
        self._counts = dict.fromkeys(Outcome, 0)
        self._total = total
        self._say = say
        self._began = self._said = time.monotonic()

    def count(self, outcome: Outcome) -> None:
        self._counts[outcome] += 1
        if time.monotonic() - self._said > SAY_EVERY:
            self._said = time.monotonic()
            self._say(self._line())

    def end(self) -> None:
        self._say(self._line())

    def _line(self) -> str:
        seconds = time.monotonic() - self._began
        ended = self._counts[Outcome.DONE] + self._counts[Outcome.FAILED] + self._counts[Outcome.TAKEN]
        left = (self._total - ended) * seconds / max(ended, 1)
        told = ", ".join(f"{number} {outcome.value}" for outcome, number in self._counts.items() if number)
        return f"{ended} of {self._total}: {told}; {seconds:.1f} s, about {left:.0f} s left"
