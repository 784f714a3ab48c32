from django.db import models
from django.db.models import F, Q

from catalog.models import Product, Variant
from tenants.sealing import TenantModel


class Stock(TenantModel):
    """How many pieces of a variant there are, and how many of them are promised."""

    variant = models.OneToOneField(Variant, primary_key=True, on_delete=models.PROTECT, related_name="stock")
    on_hand = models.PositiveIntegerField(default=0, db_default=0)
    reserved = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(reserved__lte=F("on_hand")), name="never_promise_more_than_there_is")
        ]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.on_hand} - {self.reserved}"

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved


class Movement(TenantModel):
    """Why `on_hand` changed. Appended, never edited: a trigger refuses."""

    class Kind(models.TextChoices):
        COUNTED = "counted"
        RECEIVED = "received"
        SOLD = "sold"
        GIVEN_BACK = "given_back"

    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=12, choices=Kind)
    quantity = models.IntegerField()  # signed: what on_hand changed by
    reference = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            # one order sells a variant once, and takes it back once
            models.UniqueConstraint(
                fields=["reference", "stock", "kind"],
                condition=Q(kind__in=["sold", "given_back"]),
                name="sold_and_given_back_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.stock_id} {self.quantity:+d} {self.kind} {self.reference}"


class Reservation(TenantModel):
    """Pieces promised to an order (`reference`) until it is paid, cancelled or expires."""

    class State(models.TextChoices):
        LIVING = "living"
        COMMITTED = "committed"
        RELEASED = "released"

    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="reservations")
    reference = models.CharField(max_length=60)
    quantity = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.LIVING, db_default=State.LIVING)
    expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reference", "stock"], condition=Q(state="living"), name="one_living_reservation"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="reserve_something"),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.quantity} of {self.stock_id} ({self.state})"


class MakingDay(TenantModel):
    """How much of what is made to order is promised for one day (inventory/making.py)."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="making_days")
    date = models.DateField()  # in the cooperative's zone: ready on this day
    taken = models.PositiveIntegerField(default=0, db_default=0)  # pieces, never above the capacity of that moment

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "date"], name="one_making_day")]

    def __str__(self) -> str:
        return f"{self.product_id} {self.date}: {self.taken}"


class MakingPromise(TenantModel):
    """Pieces promised to an order (`reference`) for a making day, until it is cancelled or expires."""

    day = models.ForeignKey(MakingDay, on_delete=models.PROTECT, related_name="promises")
    reference = models.CharField(max_length=60)
    quantity = models.PositiveIntegerField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reference", "day"], condition=Q(released_at=None), name="one_living_making_promise"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="promise_something"),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.quantity} on {self.day_id}"
