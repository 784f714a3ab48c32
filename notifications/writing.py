"""A message is written in the transaction that gives reason for it, and sent later."""

from datetime import datetime

from notifications.models import Message
from tenants import due


def write(*, key: str, to: str, subject: str, body: str, now: datetime) -> None:
    """Leave one message for `to`. The same `key` again, or nobody to write to, changes nothing."""
    if not to:
        return
    _, is_new = Message.objects.get_or_create(
        key=key,
        defaults={"to": to, "subject": " ".join(subject.split())[:200], "body": body, "created_at": now},
    )
    if is_new:
        due.note("messages", now=now)
