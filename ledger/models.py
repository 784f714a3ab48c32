from django.db import models
from django.utils.translation import gettext_lazy as _

from members.models import Member
from orders.models import Order
from tenants.sealing import TenantModel


class Account(TenantModel):
    """An account of the cooperative's books, made when it is first used."""

    class Kind(models.TextChoices):
        ASSET = "asset", _("harta")
        LIABILITY = "liability", _("kewajiban")
        INCOME = "income", _("pendapatan")
        EXPENSE = "expense", _("beban")

    code = models.CharField(max_length=60, unique=True)  # e.g. `clearing:stripe`, `payable:member:A-007`
    kind = models.CharField(max_length=10, choices=Kind)
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="accounts")

    def __str__(self) -> str:
        return self.code


class Journal(TenantModel):
    """One fact of business, written once (`reference` is its name). Appended, never edited: a trigger refuses."""

    reference = models.CharField(max_length=80, unique=True)
    order = models.ForeignKey(Order, null=True, on_delete=models.PROTECT, related_name="journals")
    memo = models.CharField(max_length=200)
    actor = models.CharField(max_length=80)  # a person's name, or what acted: `stripe`, `shopee`
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.reference


class Entry(TenantModel):
    """One line of a journal in whole rupiah: debit above zero, credit below. A deferred trigger keeps the sum of a
    journal at zero (invariant I1)."""

    journal = models.ForeignKey(Journal, on_delete=models.PROTECT, related_name="entries")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries")
    amount = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(amount=0), name="entry_is_not_zero")]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.amount:+d}"
