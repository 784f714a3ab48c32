from celery import shared_task
from django.utils import timezone

from tenants import due, migrating, running, sweeping
from tenants.leaving import offering


@shared_task(platform=True)  # type: ignore[call-overload]
def take_turn() -> None:
    """A bell was heard: do the next job, whosever it is."""
    running.run_next()


@shared_task(platform=True)  # type: ignore[call-overload]
def ring() -> None:
    """Offer all work whose time has come."""
    sweeping.sweep(now=timezone.now())


@shared_task(platform=True)  # type: ignore[call-overload]
def want_upkeep() -> None:
    """Every cooperative has a standing order for its upkeep."""
    sweeping.want_upkeep(now=timezone.now())


@shared_task
def upkeep() -> None:
    """Bring the standing orders of this cooperative in line with what it needs."""
    now = timezone.now()
    with due.working(sweeping.UPKEEP, now=now):
        sweeping.upkeep(now=now)


# Not acknowledged late: a broker that heard nothing for minutes would give a long kit to a second worker.
@shared_task(platform=True, acks_late=False, time_limit=6 * 3600, soft_time_limit=6 * 3600)  # type: ignore[call-overload]
def make_exit_kits() -> None:
    """Make the exit kits that officers wait for."""
    offering.make_waiting()


@shared_task(platform=True)  # type: ignore[call-overload]
def bring_up_stragglers() -> None:
    """Cooperatives that the release before made after the roll get what this one needs."""
    migrating.catch_up(now=timezone.now())
