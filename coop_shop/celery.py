"""Celery: the app and the whole beat table."""

import os

from tenant_schemas_celery.app import CeleryApp

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coop_shop.settings")

app = CeleryApp("coop_shop", task_cls="tenants.jobs:CooperativeTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    accept_content=["json"],
    task_serializer="json",
    task_ignore_result=True,
    # A task may run twice, late or never: what it does is safe to repeat, so a killed worker's task runs again.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=120,
    task_soft_time_limit=90,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 300,
        # kombu looks for lost messages only every 100 s unless told otherwise
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
    },
    CELERY_DB_REUSE_MAX=100,
    timezone="UTC",
    beat_schedule={
        # the sweep that makes every doorbell optional
        "check-domains": {"task": "members.tasks.check_domains", "schedule": 600.0, "options": {"expires": 600}},
        "ring": {"task": "tenants.tasks.ring", "schedule": 5.0, "options": {"expires": 5}},
        # what needs looking at by the clock, in every open cooperative
        "pull-orders": {"task": "tenants.tasks.note_everywhere", "schedule": 60.0, "args": ["pull"]},
        "watch-payments": {
            "task": "tenants.tasks.note_everywhere",
            "schedule": 60.0,
            "args": ["watch_payments"],
        },
        "push-drifted": {"task": "tenants.tasks.note_everywhere", "schedule": 300.0, "args": ["push"]},
        "reconcile": {"task": "tenants.tasks.note_everywhere", "schedule": 3600.0, "args": ["reconcile"]},
    },
)
app.autodiscover_tasks()
