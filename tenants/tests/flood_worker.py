"""A worker like any other (`celery -A tenants.tests.flood_worker worker`), with jobs whose length a test knows.

To be imported by that worker only: it does other jobs than the product's.
"""

import time

import redis
from celery import shared_task
from django.conf import settings
from django.utils import timezone

from coop_shop.celery import app as app
from lib.schema import connection
from tenants.tests.ringing import DONE, FLOOD, LARGE_SECONDS

settings.DUE_TASKS = {
    "small": "tenants.tests.flood_worker.small",
    **dict.fromkeys(FLOOD, "tenants.tests.flood_worker.large"),
}


@shared_task
def small() -> None:
    from tenants import due  # noqa: PLC0415 - models need the app to be set up

    with due.working("small", now=timezone.now()):
        redis.Redis.from_url(settings.REDIS_URL).rpush(DONE, f"{connection.schema_name} {time.time()}")


@shared_task
def large() -> None:
    """It is never done: its rows stay due, and so it is offered again and again."""
    time.sleep(LARGE_SECONDS)
