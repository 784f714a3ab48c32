from django.db import models

from tenants.sealing import TenantModel


class Message(TenantModel):
    """One message to one person. `sent_at` is null until it went out; `key` makes it one."""

    key = models.CharField(max_length=80, unique=True)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    try_at = models.DateTimeField(null=True)  # not before: somebody is sending it, or the mail server was away
    last_error = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        indexes = [models.Index(fields=["created_at"], condition=models.Q(sent_at=None), name="messages_waiting")]

    def __str__(self) -> str:
        return f"{self.key} to {self.to}"
