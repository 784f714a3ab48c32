"""What a shop needs before visitors may buy in it. Each point says why, and where it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import F
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from members.models import Officer
from orders.models import FeeRule, Order
from payments.models import Gateway
from shipping.models import Rate
from tenants import lifecycle
from tenants.models import Cooperative


class NotReady(Exception):
    """`missing` are the points that are not met yet. Nothing has changed."""

    def __init__(self, missing: list["Point"]) -> None:
        super().__init__([point.key for point in missing])
        self.missing = missing


@dataclass(frozen=True, kw_only=True)
class Point:
    key: str
    name: str | Promise
    why: str | Promise
    link: str
    is_met: bool


def points(*, cooperative_id: int, now: datetime) -> list[Point]:
    """All points, in the order in which one does them. Stands in the cooperative's schema."""
    cooperative = Cooperative.objects.get(pk=cooperative_id)  # as it is now, not as the process remembers it
    return [
        Point(key=key, name=name, why=why, link=reverse(where), is_met=asked(cooperative, now))
        for key, name, why, where, asked in POINTS
    ]


def open_shop(*, cooperative_id: int, by: str, now: datetime) -> Cooperative:
    """Visitors may buy from now on. Raises NotReady, lifecycle.Refused."""
    missing = [point for point in points(cooperative_id=cooperative_id, now=now) if not point.is_met]
    if missing:
        raise NotReady(missing)
    return lifecycle.open_shop(cooperative_id=cooperative_id, by=by, now=now)


def _has_proven_officer(cooperative: Cooperative, now: datetime) -> bool:
    return Officer.objects.filter(role=Officer.Role.PENGURUS, user__emailaddress__verified=True).exists()


def _has_contact(cooperative: Cooperative, now: datetime) -> bool:
    return bool(cooperative.email and (cooperative.whatsapp or cooperative.phone))


def _has_address(cooperative: Cooperative, now: datetime) -> bool:
    return bool(cooperative.address and cooperative.regency and cooperative.province)


def _has_legal_number(cooperative: Cooperative, now: datetime) -> bool:
    return bool(cooperative.legal_number or cooperative.nib)


def _has_fee_rule(cooperative: Cooperative, now: datetime) -> bool:
    today = now.astimezone(ZoneInfo(cooperative.zone)).date()
    return FeeRule.objects.filter(channel=Order.SHOP, from_date__lte=today).exists()


def _has_rate(cooperative: Cooperative, now: datetime) -> bool:
    return Rate.objects.exists()


def _has_gateway(cooperative: Cooperative, now: datetime) -> bool:
    return Gateway.objects.filter(is_active=True).exists()


def _has_product(cooperative: Cooperative, now: datetime) -> bool:
    on_shelf = {"variants__is_active": True, "variants__stock__on_hand__gt": F("variants__stock__reserved")}
    return Product.objects.on_sale().filter(pictures__is_broken=False, **on_shelf).exists()


POINTS: tuple[tuple[str, Promise, Promise, str, Callable[[Cooperative, datetime], bool]], ...] = (
    (
        "officer",
        _("Pengurus yang bisa dihubungi"),
        _("Paling sedikit satu pengurus sudah masuk dengan kode yang dikirim ke e-mailnya."),
        "account_home",
        _has_proven_officer,
    ),
    (
        "contact",
        _("E-mail dan nomor telepon koperasi"),
        _("Pembeli harus bisa bertanya dan mengadu."),
        "backoffice:shop",
        _has_contact,
    ),
    (
        "address",
        _("Alamat koperasi"),
        _("Pembeli berhak tahu siapa penjualnya dan di mana."),
        "backoffice:shop",
        _has_address,
    ),
    (
        "legal",
        _("Nomor badan hukum atau NIB"),
        _("Penjual daring wajib mencantumkan identitas usahanya."),
        "backoffice:shop",
        _has_legal_number,
    ),
    (
        "fee",
        _("Bagian koperasi dari setiap penjualan"),
        _("Dicatat tetap pada setiap pesanan, jadi harus diputuskan sebelum pesanan pertama. Boleh 0%."),
        "backoffice:fees",
        _has_fee_rule,
    ),
    (
        "rate",
        _("Ongkos kirim"),
        _("Tanpa tarif, tidak ada alamat yang bisa dikirimi."),
        "backoffice:rates",
        _has_rate,
    ),
    (
        "gateway",
        _("Cara bayar"),
        _("Uang pembeli langsung masuk ke rekening koperasi."),
        "backoffice:gateways",
        _has_gateway,
    ),
    (
        "product",
        _("Produk yang bisa dibeli"),
        _("Paling sedikit satu produk dijual, dengan stok dan foto."),
        "backoffice:product_new",
        _has_product,
    ),
)
