"""Officers ask for the exit kit, a worker makes it, the same officers fetch it, and after a while it is removed.

The row is the queue: a lost message costs a minute. One kit at a time is made on the platform, so that leaving slows
nobody who stays.
"""

import hashlib
import logging
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from tenants import servers
from tenants.leaving.exporting import export
from tenants.models import Cooperative, ExitKit

SILENT = timedelta(minutes=10)  # a maker that has not moved for so long is dead
MOST_ATTEMPTS = 3
FORGOTTEN = timedelta(days=1)  # a file that no row names and nobody has written to
KEPT = timedelta(days=settings.EXIT_KIT_DAYS)
MAKE = "tenants.tasks.make_exit_kits"

logger = logging.getLogger(__name__)


class UnderWay(Exception):
    """A kit of this cooperative is being made."""


def ask(*, cooperative: Cooperative, by: str, now: datetime) -> ExitKit:
    """A kit will be made, whatever the state of the cooperative. Raises UnderWay."""
    try:
        with servers.on(servers.HOME), transaction.atomic():
            kit = ExitKit.objects.create(cooperative=cooperative, asked_by=by, asked_at=now)
    except IntegrityError as error:
        raise UnderWay from error
    _ring()
    return kit


def latest(cooperative: Cooperative) -> ExitKit | None:
    """The kit that was asked for last."""
    return cooperative.exit_kits.order_by("-asked_at", "-pk").first()


def file_of(kit: ExitKit, *, now: datetime) -> Path | None:
    """The finished kit on the disk; None when there is none, or no longer."""
    if kit.ended_at is None or kit.error or not kit.name or kit.ended_at + KEPT <= now:
        return None
    path = Path(settings.EXIT_KIT_ROOT) / kit.name
    return path if path.is_file() else None


def make_waiting() -> int:
    """Make the kits that are waited for, oldest first, and remove those that have had their time. Returns how many."""
    made = 0
    tidy(now=timezone.now())
    while (kit := _take(timezone.now())) is not None:
        _make(kit)
        made += 1
    return made


def tidy(*, now: datetime) -> None:
    """Remove kits that have had their time, and files that no row names: of cooperatives that are gone, or of a maker
    that was killed."""
    for kit in ExitKit.objects.filter(ended_at__lte=now - KEPT):
        kit.delete()
    root = Path(settings.EXIT_KIT_ROOT)
    named = set(ExitKit.objects.values_list("name", flat=True))
    for path in root.glob("*/*"):
        if path.relative_to(root).as_posix() not in named and _is_old(path, now):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def remove_all(cooperative: Cooperative) -> None:
    """The cooperative is purged: its kits go with it."""
    shutil.rmtree(_folder(cooperative), ignore_errors=True)


def _take(now: datetime) -> ExitKit | None:
    """The next kit to make; None when there is none, or somebody is at one."""
    with transaction.atomic():
        waiting = ExitKit.objects.select_for_update(of=("self",)).filter(ended_at=None).order_by("asked_at", "pk")
        rows = list(waiting.select_related("cooperative"))
        if any(kit.touched_at and kit.touched_at > now - SILENT for kit in rows):
            return None
        for kit in rows:
            if kit.attempts < MOST_ATTEMPTS:
                kit.attempts, kit.touched_at, kit.percent = kit.attempts + 1, now, 0
                kit.name = f"{kit.cooperative.uid.hex}/{now:%Y%m%d%H%M%S}-{token_hex(8)}.zip"
                kit.save()
                return kit
            _end(kit, now, error="its makers died")
    return None


def _make(kit: ExitKit) -> None:
    path = Path(settings.EXIT_KIT_ROOT) / kit.name
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        export(cooperative=kit.cooperative, path=path, now=timezone.now(), progress=_Telling(kit))
    except Exception as error:
        logger.exception("exit kit of %s", kit.cooperative.slug)
        _end(kit, timezone.now(), error=f"{type(error).__name__}: {' '.join(str(error).split())}")
        return
    _end(kit, timezone.now(), path=path)
    for older in kit.cooperative.exit_kits.filter(asked_at__lt=kit.asked_at):
        if older.name:
            (Path(settings.EXIT_KIT_ROOT) / older.name).unlink(missing_ok=True)
        older.delete()


class _Telling:
    """Writes the percentage down, when it has changed or a minute has passed."""

    def __init__(self, kit: ExitKit) -> None:
        self._kit = kit
        self._told = timezone.now()

    def __call__(self, percent: int) -> None:
        now = timezone.now()
        if percent != self._kit.percent or now - self._told > timedelta(minutes=1):
            self._kit.percent, self._told = percent, now
            ExitKit.objects.filter(pk=self._kit.pk).update(percent=percent, touched_at=now)


def _end(kit: ExitKit, now: datetime, *, path: Path | None = None, error: str = "") -> None:
    done: dict[str, Any] = {"ended_at": now, "error": error[:300], "name": "" if path is None else kit.name}
    if path is not None:
        done |= {"percent": 100, "size": path.stat().st_size, "sha256": _digest(path)}
    ExitKit.objects.filter(pk=kit.pk).update(**done)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _folder(cooperative: Cooperative) -> Path:
    return Path(settings.EXIT_KIT_ROOT) / cooperative.uid.hex


def _is_old(path: Path, now: datetime) -> bool:
    return path.stat().st_mtime < (now - FORGOTTEN).timestamp()


def _ring() -> None:
    try:
        current_app.send_task(MAKE, retry=False)
    except OperationalError:  # the broker is away; the clock comes by
        return
