"""Messages that wait go out, each once, however many workers send at the same time.

Whoever takes a message sets its `try_at` ahead before talking to the mail server: meanwhile nobody else takes it, and
when it does not go out that is the time of the next attempt.
"""

import time
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.db.models import Min, Q, Value
from django.db.models.functions import Coalesce

from notifications.models import Message
from tenants import due

MOST_ATTEMPTS = 10
FIRST_PAUSE = timedelta(minutes=2)  # doubles: ten attempts span 17 hours
WORK_SECONDS = 60.0  # below the first pause, and below the time limit of a task


def send_waiting(*, now: datetime, limit: int = 100) -> int:
    """Send what waits, oldest first. Returns how many are left to try again; they are due when their time comes.

    The attempt is counted before it is made, so that a message that kills its worker is not tried for ever.
    """
    deadline = time.monotonic() + WORK_SECONDS
    waiting = Message.objects.filter(sent_at=None, attempts__lt=MOST_ATTEMPTS)
    free = waiting.filter(Q(try_at=None) | Q(try_at__lte=now)).order_by("created_at", "pk")
    for message in list(free[:limit]):
        if time.monotonic() > deadline:
            break
        if _take(message, now):
            _send(message, now)
    again_at = waiting.aggregate(first=Min(Coalesce("try_at", Value(now))))["first"]
    if again_at:
        due.note("messages", now=now, at=max(again_at, now))
    return waiting.count()


def _take(message: Message, now: datetime) -> bool:
    """Whether it is ours: another worker that took it since we read it has counted an attempt."""
    as_read = Message.objects.filter(pk=message.pk, sent_at=None, attempts=message.attempts)
    return bool(as_read.update(attempts=message.attempts + 1, try_at=now + FIRST_PAUSE * 2**message.attempts))


def _send(message: Message, now: datetime) -> None:
    try:
        EmailMessage(message.subject, message.body, to=[message.to]).send()
    except (SMTPException, OSError) as error:
        Message.objects.filter(pk=message.pk).update(last_error=f"{type(error).__name__}"[:200])
    else:
        Message.objects.filter(pk=message.pk, sent_at=None).update(sent_at=now, last_error="")
