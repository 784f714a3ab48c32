"""Messages that wait go out."""

from datetime import datetime
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F

from notifications.models import Message

MOST_ATTEMPTS = 8


def send_waiting(*, now: datetime, limit: int = 100) -> int:
    """Send what waits, oldest first. Returns how many are left to try again.

    The attempt is counted before it is made, so that a message that kills its worker is not tried for ever.
    """
    waiting = Message.objects.filter(sent_at=None, attempts__lt=MOST_ATTEMPTS).order_by("created_at")
    for pk in list(waiting.values_list("pk", flat=True)[:limit]):
        _send(pk, now)
    return waiting.count()


def _send(pk: int, now: datetime) -> None:
    with transaction.atomic():
        message = Message.objects.select_for_update(skip_locked=True).filter(pk=pk, sent_at=None).first()
        if message is None:
            return
        Message.objects.filter(pk=pk).update(attempts=F("attempts") + 1)
    try:
        EmailMessage(message.subject, message.body, to=[message.to]).send()
    except (SMTPException, OSError) as error:
        Message.objects.filter(pk=pk).update(last_error=f"{type(error).__name__}"[:200])
    else:
        Message.objects.filter(pk=pk, sent_at=None).update(sent_at=now, last_error="")
