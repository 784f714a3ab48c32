"""A worker does the next job, in the cooperative whose turn it is. What goes wrong there stays there."""

import logging

from celery import current_app
from django.conf import settings
from django.utils import timezone

from tenants import due, jobs, turns
from tenants.context import in_tenant

logger = logging.getLogger(__name__)


def run_next() -> bool:
    """Do one job. Returns whether there was one.

    A job that raises or runs into its time limit is written into the log; its row stays due and is tried again ever
    more slowly. Nothing is done where nothing is due (any more): the ring only says where to look.
    """
    with turns.taken() as turn:
        if turn is None:
            return False
        try:
            _run(turn)
        except Exception:  # SoftTimeLimitExceeded is one too
            logger.exception("%s of %s failed", turn.kind, turn.schema_name)
        return True


def _run(turn: turns.Turn) -> None:
    cooperative = jobs.working_cooperative(turn.schema_name)
    if cooperative is None:
        logger.warning("%s refused: no living cooperative %r", turn.kind, turn.schema_name)
        return
    with in_tenant(cooperative):
        if due.is_due(turn.kind, now=timezone.now()):
            current_app.tasks[settings.DUE_TASKS[turn.kind]].run()
