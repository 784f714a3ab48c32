"""Celery: the app, the whole beat table, and what a worker needs to serve a thousand cooperatives."""

import os
from typing import Any

from celery.signals import task_prerun, worker_init, worker_process_init
from django.db import close_old_connections, connections
from kombu import Exchange, Queue
from tenant_schemas_celery.app import CeleryApp

from tenants import starting, versions

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coop_shop.settings")

app = CeleryApp("coop_shop", task_cls="tenants.jobs:CooperativeTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    accept_content=["json"],
    task_serializer="json",
    task_ignore_result=True,
    # By class, never by cooperative: whose job it is, is decided when a worker is free (tenants/turns.py).
    task_queues=[Queue(name, Exchange(name), routing_key=name) for name in ("celery", "bells")],
    # A task may run twice, late or never: what it does is safe to repeat, so a killed worker's task runs again. Late
    # acknowledgement also keeps a busy worker from taking bells that a free one could hear.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=120,
    task_soft_time_limit=90,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    # A process that has served many cooperatives remembers something of each; so does its session at the database.
    # Both are thrown away in time: memory does not grow with the number of cooperatives (docs/scaling.md).
    worker_max_tasks_per_child=5000,
    worker_max_memory_per_child=400_000,  # KiB
    CELERY_DB_REUSE_MAX=100,  # tasks per database session; a new session costs as much as a small task
    task_tenant_cache_seconds=60,  # only to find the schema; tenants/jobs.py reads state and version anew
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        # Longer than the longest task, else it is given to a second worker while the first is at it. Nothing waits for
        # this: what a killed worker leaves over is due, and offered again within seconds.
        "visibility_timeout": 7200,
        # kombu looks for lost messages only every 100 s unless told otherwise
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
    },
    timezone="UTC",
    # What a cooperative needs by the clock is its own standing order (tenants/due.py), not a line here.
    beat_schedule={
        # the sweep that makes every bell optional
        "ring": {"task": "tenants.tasks.ring", "schedule": 5.0, "options": {"expires": 5}},
        "check-domains": {"task": "members.tasks.check_domains", "schedule": 600.0, "options": {"expires": 600}},
        "exit-kits": {"task": "tenants.tasks.make_exit_kits", "schedule": 60.0, "options": {"expires": 60}},
        "stragglers": {"task": "tenants.tasks.bring_up_stragglers", "schedule": 60.0, "options": {"expires": 60}},
        "leave-channels": {"task": "marketplaces.tasks.leave_channels", "schedule": 60.0, "options": {"expires": 60}},
        "end-visits": {"task": "hosting.tasks.end_visits", "schedule": 60.0, "options": {"expires": 60}},
        "back-up": {"task": "coop_shop.tasks.back_up_who_is_due", "schedule": 60.0, "options": {"expires": 55}},
        "forget-applications": {"task": "hosting.tasks.forget_applications", "schedule": 86400.0},
        "want-upkeep": {"task": "tenants.tasks.want_upkeep", "schedule": 600.0, "options": {"expires": 600}},
    },
)
app.autodiscover_tasks()


@worker_init.connect
def make_sure(**_: Any) -> None:
    """Celery logs what a receiver raises and goes on; a worker that would mix cooperatives up must not."""
    try:
        starting.before_serving()
    except starting.NotSealed as error:
        raise SystemExit(str(error)) from error
    versions.of_code()  # reads every migration: once, before the processes are forked


@worker_process_init.connect
def keep_connections(**_: Any) -> None:
    """A worker's process keeps its database session for CELERY_DB_REUSE_MAX tasks, and before each makes sure that it
    still answers. (The web gives its own back to a pool after each request: CONN_MAX_AGE 0.)"""
    for each in connections.all():
        each.settings_dict["CONN_MAX_AGE"] = None
    task_prerun.connect(check_connections)


def check_connections(**_: Any) -> None:
    close_old_connections()
