from celery import shared_task
from django.utils import timezone

from inventory import opening
from tenants import due


@shared_task
def import_products() -> None:
    """Go on with files of products, a few seconds at a time so that other work gets its turn."""
    now = timezone.now()
    with due.working("import", now=now):
        if opening.go_on_importing(now=now):
            due.note("import", now=now)
