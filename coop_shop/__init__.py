"""The composition root: settings, addresses, Celery, the first run."""

from coop_shop.celery import app as celery_app

__all__ = ["celery_app"]
