import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models import Order
from tenants.sealing import TenantModel


class Gateway(TenantModel):
    """One set of a provider's credentials. New keys are a new row: open payments keep the row they began with."""

    provider = models.CharField(max_length=20)  # a key of payments.providers.PROVIDERS
    label = models.CharField(max_length=80)  # for transfer: shown bank name
    settings = models.JSONField(default=dict)  # what may be shown, e.g. bank, account number, holder
    sealed = models.TextField(blank=True)  # JSON of secrets, sealed (lib/secrets.py)
    hook_uid = models.UUIDField(unique=True, default=uuid.uuid4)
    is_active = models.BooleanField(default=True, db_default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider"],
                condition=models.Q(is_active=True),
                name="one_active_gateway_per_provider",
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.label}"


class Payment(TenantModel):
    """One attempt to pay an order."""

    class State(models.TextChoices):
        STARTED = "started", _("dimulai")  # our row exists; the provider may or may not know of it yet
        PENDING = "pending", _("menunggu")  # the provider knows it, the buyer can pay
        PAID = "paid", _("lunas")
        FAILED = "failed", _("gagal")
        CLOSED = "closed", _("ditutup")  # expired or given up
        LATE = "late", _("terlambat")  # money came when the order could no longer take it
        MISMATCH = "mismatch", _("tidak cocok")  # other amount, currency or reference than agreed

    OPEN = frozenset({State.STARTED, State.PENDING})
    DECIDED = frozenset({State.PAID, State.LATE, State.MISMATCH})  # money came: nothing that is said later changes it

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    gateway = models.ForeignKey(Gateway, on_delete=models.PROTECT, related_name="payments")
    reference = models.CharField(max_length=40, unique=True)  # ours, given to the provider
    amount = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.STARTED)
    external_id = models.CharField(max_length=120, blank=True)  # the provider's id of the attempt
    pay_url = models.TextField(blank=True)
    return_url = models.TextField(blank=True)  # kept: a call that is repeated must be the same to the letter
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)  # when the provider was last asked how it stands
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gateway", "external_id"],
                condition=~models.Q(external_id=""),
                name="one_payment_per_external_id",
            ),
            models.UniqueConstraint(
                fields=["order", "gateway"],
                condition=models.Q(state__in=["started", "pending"]),
                name="one_open_attempt_per_order_and_gateway",
            ),
        ]
        indexes = [models.Index(fields=["state", "created_at"])]

    def __str__(self) -> str:
        return self.reference


class Notice(TenantModel):
    """The inbox: what a provider sent, unique by its id. A hint to go and ask, never the truth."""

    gateway = models.ForeignKey(Gateway, on_delete=models.PROTECT, related_name="notices")
    external_id = models.CharField(max_length=120)
    reference = models.CharField(max_length=120, blank=True)  # which payment it is about, as the provider says
    kind = models.CharField(max_length=60)
    body = models.JSONField()
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    last_error = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gateway", "external_id"], name="one_notice_per_event")]
        indexes = [models.Index(fields=["received_at"], condition=models.Q(handled_at=None), name="notices_waiting")]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"


class Fact(TenantModel):
    """What the provider's own record says about money, once each. Appended, never edited: a trigger refuses."""

    class Kind(models.TextChoices):
        CAPTURED = "captured"
        REFUNDED = "refunded"
        MISMATCH = "mismatch"

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=10, choices=Kind)
    external_id = models.CharField(max_length=120)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="IDR")
    actor = models.CharField(max_length=80)  # provider, or the officer who confirmed
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["payment", "kind", "external_id"], name="each_fact_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.external_id}"
