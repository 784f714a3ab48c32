from celery import shared_task
from django.utils import timezone

from tenants import due


@shared_task(platform=True)  # type: ignore[call-overload]
def ring() -> None:
    """Ring for all work whose time has come."""
    due.ring(now=timezone.now())


@shared_task(platform=True)  # type: ignore[call-overload]
def note_everywhere(kind: str) -> None:
    """Work of `kind` is due in every open cooperative; the next sweep rings for it."""
    due.note_everywhere(kind, now=timezone.now())
