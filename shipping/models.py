from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.sealing import TenantModel


class Rate(TenantModel):
    """What a parcel to a province costs: per started kilogram, in whole rupiah, and how many days it takes.

    A row without province is the rate for every province that has no row of its own.
    """

    province = models.CharField(_("provinsi"), max_length=60, blank=True, unique=True)
    per_kg = models.BigIntegerField(_("tarif per kg"))
    days_from = models.PositiveSmallIntegerField()
    days_to = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(per_kg__gte=0), name="rate_is_not_negative"),
            models.CheckConstraint(condition=models.Q(days_to__gte=models.F("days_from")), name="days_in_order"),
        ]

    def __str__(self) -> str:
        return self.province or "*"
