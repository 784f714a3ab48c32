from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Variant
from lib import codes
from members.models import Member
from tenants.sealing import TenantModel, TenantQuerySet


class FeeRule(TenantModel):
    """What the cooperative keeps of a sale on a channel, from a date on (dated configuration, never edited)."""

    channel = models.CharField(max_length=20)
    cooperative_bp = models.PositiveIntegerField()  # 1/100 of a percent
    channel_bp = models.PositiveIntegerField(default=0, db_default=0)
    from_date = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "from_date"], name="one_rule_per_channel_and_day"),
            models.CheckConstraint(
                condition=Q(cooperative_bp__lte=10_000 - F("channel_bp")), name="fees_leave_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.cooperative_bp / 100:g} % since {self.from_date}"


class OrderState(models.TextChoices):
    AWAITING_PAYMENT = "awaiting_payment", _("Menunggu pembayaran")
    PAID = "paid", _("Dibayar")
    PACKED = "packed", _("Dikemas")
    SHIPPED = "shipped", _("Dikirim")
    DELIVERED = "delivered", _("Sampai")
    COMPLETED = "completed", _("Selesai")
    CANCELLED = "cancelled", _("Dibatalkan")
    EXPIRED = "expired", _("Kedaluwarsa")
    RETURNED = "returned", _("Dikembalikan")


S = OrderState
NEXT_STATES: dict[str, frozenset[OrderState]] = {
    S.AWAITING_PAYMENT: frozenset({S.PAID, S.CANCELLED, S.EXPIRED}),
    S.PAID: frozenset({S.PACKED, S.SHIPPED, S.CANCELLED}),
    S.PACKED: frozenset({S.SHIPPED, S.CANCELLED}),
    S.SHIPPED: frozenset({S.DELIVERED, S.COMPLETED, S.RETURNED}),
    S.DELIVERED: frozenset({S.COMPLETED, S.RETURNED}),
    S.COMPLETED: frozenset({S.RETURNED}),
    # late money: an expired order whose goods are still there is taken up again (payments/settling.py)
    S.EXPIRED: frozenset({S.PAID}),
    S.CANCELLED: frozenset(),
    S.RETURNED: frozenset(),
}


class OrderQuerySet(TenantQuerySet["Order"]):
    def unpaid(self) -> "OrderQuerySet":
        return self.filter(state=OrderState.AWAITING_PAYMENT)


class Order(TenantModel):
    """An order from any channel. Its row is the lock for everything that belongs to it."""

    SHOP = "shop"

    code = models.CharField(max_length=12, unique=True, default=codes.readable_code)
    token = models.CharField(max_length=32, unique=True, default=codes.link_token)
    invoice_number = models.CharField(max_length=20, null=True, unique=True)
    channel = models.CharField(max_length=20, default=SHOP)
    external_id = models.CharField(max_length=40, blank=True)  # the channel's own number
    idempotency_key = models.CharField(max_length=64, null=True, unique=True)
    request_hash = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=20, choices=OrderState, default=OrderState.AWAITING_PAYMENT)
    problem = models.CharField(max_length=30, blank=True)  # a named case that waits for a person, see Problem

    buyer_name = models.CharField(_("nama"), max_length=80)
    buyer_phone = models.CharField(_("nomor HP"), max_length=20, blank=True)
    buyer_email = models.EmailField(_("e-mail"), blank=True)
    address = models.CharField(_("alamat"), max_length=300, blank=True)
    district = models.CharField(_("kecamatan"), max_length=60, blank=True)
    regency = models.CharField(_("kabupaten/kota"), max_length=60, blank=True)
    province = models.CharField(_("provinsi"), max_length=60, blank=True)
    postcode = models.CharField(_("kode pos"), max_length=5, blank=True)
    note = models.CharField(_("catatan"), max_length=300, blank=True)
    language = models.CharField(max_length=2, default="id", db_default="id")

    goods_total = models.BigIntegerField()
    shipping_cost = models.BigIntegerField()
    total = models.BigIntegerField()
    days_from = models.PositiveSmallIntegerField(null=True)
    days_to = models.PositiveSmallIntegerField(null=True)

    placed_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)

    objects = OrderQuerySet.as_manager()  # type: ignore[assignment,misc]

    class Problem(models.TextChoices):
        OVERSOLD = "oversold", _("terjual melebihi stok")
        LATE_MONEY = "late_money", _("dibayar setelah kedaluwarsa, stok habis")
        WRONG_AMOUNT = "wrong_amount", _("jumlah pembayaran tidak cocok")
        DOUBLE_MONEY = "double_money", _("dibayar dua kali")
        UNKNOWN_SKU = "unknown_sku", _("SKU dari kanal tidak dikenal")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(total=F("goods_total") + F("shipping_cost")), name="total_adds_up"),
            models.CheckConstraint(condition=Q(goods_total__gte=0, shipping_cost__gte=0), name="nothing_negative"),
            models.UniqueConstraint(
                fields=["channel", "external_id"],
                condition=~Q(external_id=""),
                name="one_order_per_channel_number",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "expires_at"]),
            models.Index(fields=["-placed_at"]),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def problem_name(self) -> str:
        """The case in words; empty when there is none."""
        return str(self.Problem(self.problem).label) if self.problem else ""


class OrderLine(TenantModel):
    """What was bought, with names, price and fees as they were at that moment.

    `gross = member_share + cooperative_fee + channel_fee + tax` (invariant I7).
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey(Variant, null=True, on_delete=models.SET_NULL, related_name="+")
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="order_lines")
    title = models.CharField(max_length=200)
    variant_name = models.CharField(max_length=60, blank=True)
    sku = models.CharField(max_length=100)
    price = models.BigIntegerField()
    price_kind = models.CharField(max_length=6, blank=True, db_default="")  # why not the usual one: step, member
    ready_date = models.DateField(null=True)  # made to order or pre-ordered: ready to be sent on this day
    quantity = models.PositiveIntegerField()
    weight_g = models.PositiveIntegerField()
    gross = models.BigIntegerField()
    fee_rule = models.CharField(max_length=60)
    cooperative_fee = models.BigIntegerField()
    channel_fee = models.BigIntegerField()
    tax = models.BigIntegerField(default=0, db_default=0)
    member_share = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(gross=F("price") * F("quantity")), name="line_adds_up"),
            models.CheckConstraint(
                condition=Q(gross=F("member_share") + F("cooperative_fee") + F("channel_fee") + F("tax")),
                name="line_shares_add_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku}"


class OrderEvent(TenantModel):
    """What happened to an order, who did it, when. Appended, never edited: a trigger refuses."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=30)
    state = models.CharField(max_length=20, blank=True)
    actor = models.CharField(max_length=80)  # a person's name, or what acted: `buyer`, `stripe`, `shopee`, `clock`
    detail = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.order_id} {self.kind}"


class Parcel(TenantModel):
    """One parcel of an order: what one member packs and sends."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="parcels")
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="parcels")
    courier = models.CharField(_("kurir"), max_length=40, blank=True)
    tracking_number = models.CharField(_("nomor resi"), max_length=60, blank=True)
    packed_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.order_id}/{self.pk}"


class DocumentCounter(TenantModel):
    """The last number given, per kind and year: numbers without gaps (invariant I10)."""

    kind = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "year"], name="one_counter_per_kind_and_year")]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"
