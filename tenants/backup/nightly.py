"""Every cooperative gets its backup each night, and each backup its proof, one after the other, at its own minute.

Which ones lack theirs is read from the rows of Backup, so that a lost message or a killed worker costs minutes, and a
night that was missed is caught up in the morning.
"""

import logging
import re
import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Max, Q
from django.utils import timezone

from tenants import servers
from tenants.backup import places, shaping
from tenants.backup.keeping import last_turn
from tenants.backup.proving import Check, prove
from tenants.backup.taking import BackupFailed, back_up
from tenants.models import Backup, Cooperative

RETRY = timedelta(minutes=30)  # after a failure
UID = re.compile(r"[0-9a-f]{32}")

logger = logging.getLogger(__name__)


def run(*, seconds: float, check: Check = tuple, clock: Callable[[], datetime] = timezone.now) -> int:
    """Back up and prove who is due, for about so many seconds. Returns how many were done.

    Does nothing while settings.BACKUPS_AT_ONCE others are at it. A failure is noted in its row, and the next is done.
    """
    tried: set[int] = set()
    until = time.monotonic() + seconds
    with ExitStack() as stack:
        if not _has_place(stack):
            return 0
        _tidy(clock())
        while time.monotonic() < until:
            waiting = [each for each in due(now=clock()) if each.pk not in tried]
            if not waiting:
                break
            tried.add(waiting[0].pk)
            _back_up_and_prove(waiting[0], check, clock())
    return len(tried)


def due(*, now: datetime) -> list[Cooperative]:
    """Who has no good backup since its last turn, who waits longest first. Suspended and closed ones too."""
    nightly = Q(backups__kind=Backup.Kind.NIGHTLY)
    good = nightly & Q(backups__error="") & Q(backups__ended_at__isnull=False)
    cooperatives = (
        Cooperative.objects.shops()
        .filter(moving_to="")
        .exclude(state=Cooperative.State.PURGING)
        .annotate(last_good=Max("backups__began_at", filter=good), last_try=Max("backups__began_at", filter=nightly))
    )
    waiting = []
    for each in cooperatives:
        turn = last_turn(uid=each.uid, zone=each.zone, now=now)
        has_one = each.last_good is not None and each.last_good >= turn
        if not has_one and (each.last_try is None or each.last_try < max(turn, now - RETRY)):
            waiting.append((turn, each.pk, each))
    return [each for _, _, each in sorted(waiting, key=lambda one: one[:2])]


def _back_up_and_prove(cooperative: Cooperative, check: Check, now: datetime) -> None:
    try:
        backup = back_up(cooperative, kind=Backup.Kind.NIGHTLY, now=now)
    except (BackupFailed, places.Busy) as error:
        logger.error("%s has no backup tonight: %s", cooperative.slug, error)
        return
    if not prove(backup, check=check, now=now):
        logger.error("the backup %s is not proven: %s", backup.name, backup.proof_error)


def _has_place(stack: ExitStack) -> bool:
    """Whether there is room for one more at this work; the place is taken until `stack` ends."""
    for number in range(settings.BACKUPS_AT_ONCE):
        try:
            stack.enter_context(places.held(places.root() / f".place-{number}"))
        except places.Busy:
            continue
        except OSError:  # no disk, no room: the row of each backup says so
            return True
        return True
    return False


def _tidy(now: datetime) -> None:
    """Remove what restores and kills have left, and the backups of cooperatives that are long gone."""
    for server in servers.names():
        with servers.on(server):
            shaping.sweep(now=now)
    living = {uid.hex for uid in Cooperative.objects.values_list("uid", flat=True)}
    folders = [path for path in places.root().glob("*") if UID.fullmatch(path.name) and path.is_dir()]
    for folder in folders:
        if folder.name not in living and now - _last_written(folder) > timedelta(days=settings.BACKUP_KEEP_OTHERS):
            shutil.rmtree(folder)
        else:
            for path in folder.glob(f"{shaping.BEFORE}_*"):
                if shaping.is_old(path.name, now=now):
                    shutil.rmtree(path)


def _last_written(folder: Path) -> datetime:
    newest = max((path.stat().st_mtime for path in folder.glob("*.zip*")), default=0.0)
    return datetime.fromtimestamp(newest, tz=UTC)
