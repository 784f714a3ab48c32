"""Tasks that look at everything below: of the whole platform, and of one cooperative."""

from celery import shared_task
from django.utils import timezone

from coop_shop import pulsing
from coop_shop.verifying import broken_rows
from tenants import due
from tenants.backup import nightly

TURN_SECONDS = 50.0  # each minute begins the next; BACKUPS_AT_ONCE bounds them
LONGEST_BACKUP = 6 * 3600


# Not acknowledged late: a broker that heard nothing for minutes would give a long backup to a second worker.
@shared_task(platform=True, acks_late=False, time_limit=LONGEST_BACKUP, soft_time_limit=LONGEST_BACKUP)  # type: ignore[call-overload]
def back_up_who_is_due() -> None:
    """Back up the cooperatives whose minute of the night has come, and prove each backup."""
    nightly.run(seconds=TURN_SECONDS, check=broken_rows)


@shared_task
def pulse() -> None:
    """Publish how this cooperative is doing."""
    now = timezone.now()
    with due.working("pulse", now=now):
        pulsing.beat(now=now)


@shared_task
def verify() -> None:
    """Look for broken invariants in this cooperative, and measure its files."""
    now = timezone.now()
    with due.working("verify", now=now):
        pulsing.check(now=now)
