"""Tasks of the whole platform."""

from celery import shared_task

from coop_shop.verifying import broken_rows
from tenants.backup import nightly

TURN_SECONDS = 50.0  # each minute begins the next; BACKUPS_AT_ONCE bounds them
LONGEST_BACKUP = 6 * 3600


# Not acknowledged late: a broker that heard nothing for minutes would give a long backup to a second worker.
@shared_task(platform=True, acks_late=False, time_limit=LONGEST_BACKUP, soft_time_limit=LONGEST_BACKUP)  # type: ignore[call-overload]
def back_up_who_is_due() -> None:
    """Back up the cooperatives whose minute of the night has come, and prove each backup."""
    nightly.run(seconds=TURN_SECONDS, check=broken_rows)
