"""The checkout form between requests: what was typed, and the key that makes two submits one order."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib.sessions.backends.base import SessionBase
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Variant
from inventory import stock
from lib.rupiah import rupiah
from orders import placing
from orders.models import Order
from shipping import quoting
from storefront.cart import Cart
from storefront.forms import CheckoutForm

DRAFT = "checkout_draft"
CHECKOUT_KEY = "checkout_key"
MINE = "my_orders"
MOST_REMEMBERED = 20
REFUSALS = (
    placing.EmptyCart,
    placing.NotForSale,
    placing.NotSoMany,
    placing.PriceChanged,
    placing.OnHoliday,
    placing.KeyReused,
    quoting.NoRate,
    stock.OutOfStock,
)


@dataclass(frozen=True, kw_only=True)
class Totals:
    """What the buyer is shown before ordering. `shipping` is None until a province with a rate is chosen."""

    goods: int
    province: str
    shipping: quoting.Quote | None

    @property
    def total(self) -> int:
        return self.goods + (self.shipping.cost if self.shipping else 0)

    @property
    def has_no_rate(self) -> bool:
        return bool(self.province) and self.shipping is None


def totals(cart: Cart, *, province: str) -> Totals:
    try:
        quote = quoting.quote(province=province, weight_g=cart.weight_g) if province else None
    except quoting.NoRate:
        quote = None
    return Totals(goods=cart.goods_total, province=province, shipping=quote)


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What shipping will cost: the same figure twice where the visitor has said a province before."""

    province: str
    low: int
    high: int
    days_from: int
    days_to: int
    least_total: int  # with the goods


def estimate(session: SessionBase, cart: Cart) -> Estimate | None:
    """None for an empty cart, and where the cooperative does not ship."""
    if not cart.lines:
        return None
    province = draft(session).get("province", "")
    if province:
        try:
            quote = quoting.quote(province=province, weight_g=cart.weight_g)
        except quoting.NoRate:
            return None
        low = high = quote
    else:
        span = quoting.span(weight_g=cart.weight_g)
        if span is None:
            return None
        low, high = span
    return Estimate(
        province=province,
        low=low.cost,
        high=high.cost,
        days_from=low.days_from,
        days_to=max(low.days_to, high.days_to),
        least_total=cart.goods_total + low.cost,
    )


def draft(session: SessionBase) -> dict[str, str]:
    return dict(session.get(DRAFT, {}))


def remember(session: SessionBase, data: Mapping[str, str]) -> None:
    session[DRAFT] = CheckoutForm.draft(data)


def key(session: SessionBase) -> str:
    """The key of the order that this checkout will become."""
    if CHECKOUT_KEY not in session:
        session[CHECKOUT_KEY] = uuid.uuid4().hex
    return str(session[CHECKOUT_KEY])


def usable(posted: str) -> str:
    """A key as we hand them out, or nothing."""
    return posted if re.fullmatch(r"[0-9a-f]{32}", posted) else ""


def order_of(posted: str) -> Order | None:
    """The order that a key has already become."""
    return Order.objects.filter(idempotency_key=posted).first() if usable(posted) else None


def renew_key(session: SessionBase) -> None:
    session.pop(CHECKOUT_KEY, None)


def done(session: SessionBase, order: Order) -> None:
    """The order stands: this visitor may look at it, and the next checkout is another order. Who and where stays
    typed in, the note does not."""
    mine = [token for token in my_tokens(session) if token != order.token]
    session[MINE] = [order.token, *mine][:MOST_REMEMBERED]
    session[DRAFT] = {**draft(session), "note": ""}
    renew_key(session)


def my_tokens(session: SessionBase) -> list[str]:
    """The orders that were placed in this session, newest first."""
    return list(session.get(MINE, []))


def explain(refusal: Exception, cart: Cart) -> str:
    """Why there is no order, and what to do now."""
    match refusal:
        case placing.PriceChanged(shown=shown, total=total):
            return _(
                "Totalnya berubah dari %(shown)s menjadi %(total)s. Periksa rinciannya, lalu tekan “Buat pesanan” lagi."
            ) % {"shown": rupiah(shown), "total": rupiah(total)}
        case placing.NotForSale():
            return _("Ada barang yang tidak dijual lagi dan sudah dikeluarkan dari keranjang. Periksa totalnya lagi.")
        case placing.NotSoMany(limits=limits):
            return _not_so_many(limits, cart)
        case stock.OutOfStock(short=short):
            return _out_of_stock(short, cart)
        case placing.OnHoliday(back=back):
            return _on_holiday(back)
        case placing.KeyReused():
            return _(
                "Formulir ini sudah menjadi pesanan. Kalau Anda ingin memesan sekali lagi, tekan “Buat pesanan” lagi."
            )
        case quoting.NoRate():
            return _("Koperasi belum mengirim ke provinsi ini. Hubungi kami lewat WhatsApp.")
        case _:
            return _("Keranjang Anda kosong.")


def _not_so_many(limits: Mapping[int, tuple[int, int | None]], cart: Cart) -> str:
    titles = {line.variant.product_id: line.variant.product.label for line in cart.lines}
    told = [_limits(titles[pk], *limits[pk]) for pk in limits if pk in titles]
    return " ".join([*told, _("Ubah jumlahnya di keranjang; isian Anda tetap tersimpan.")])


def _limits(title: str, least: int, most: int | None) -> str:
    if most is None:
        return _("“%(title)s”: paling sedikit %(least)d per pesanan.") % {"title": title, "least": least}
    return _("“%(title)s”: %(least)d sampai %(most)d per pesanan.") % {"title": title, "least": least, "most": most}


def _on_holiday(back: date | None) -> str:
    kept = _("Keranjang dan isian Anda tetap tersimpan.")
    if back is None:
        return _("Koperasi sedang libur dan tidak menerima pesanan.") + f" {kept}"
    told = _("Koperasi sedang libur dan menerima pesanan lagi mulai %(date)s.") % {"date": date_format(back, "j F Y")}
    return f"{told} {kept}"


def _out_of_stock(short: Mapping[int, int], cart: Cart) -> str:
    told = [_left(line.variant, short[line.variant.pk]) for line in cart.lines if line.variant.pk in short]
    return " ".join([*told, _("Ubah jumlahnya di keranjang; isian Anda tetap tersimpan.")])


def _left(variant: Variant, left: int) -> str:
    title = f"{variant.product.label} {variant.name}".strip()
    if left <= 0:
        return _("“%(title)s” baru saja habis.") % {"title": title}
    return ngettext("“%(title)s” tinggal %(left)d.", "“%(title)s” tinggal %(left)d.", left) % {
        "title": title,
        "left": left,
    }
