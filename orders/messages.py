"""What buyers and members are told about an order."""

from collections.abc import Callable
from datetime import datetime

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from notifications import writing
from orders.models import Order, OrderLine
from tenants.addresses import absolute
from tenants.context import current_cooperative


def placed(order: Order, *, now: datetime) -> None:
    """To the buyer: the order is here, this is how to pay."""
    _tell_buyer(order, "placed", lambda: _("Pesanan %(code)s menunggu pembayaran") % {"code": order.code}, now)


def paid(order: Order, *, now: datetime) -> None:
    """To the buyer, and to every member whose goods were bought."""
    _tell_buyer(order, "paid", lambda: _("Pesanan %(code)s sudah dibayar") % {"code": order.code}, now)
    for user, lines in _lines_by_member(order).items():
        with translation.override(user.language):
            body = render_to_string("orders/emails/sold.txt", {**_context(order), "lines": lines})
            subject = _("Terjual: pesanan %(code)s") % {"code": order.code}
        writing.write(key=f"{order.code}:sold:{user.pk}", to=user.email, subject=subject, body=body, now=now)


def shipped(order: Order, *, now: datetime) -> None:
    """To the buyer: the parcels are on their way."""
    _tell_buyer(order, "shipped", lambda: _("Pesanan %(code)s sudah dikirim") % {"code": order.code}, now)


def expired(order: Order, *, now: datetime) -> None:
    """To the buyer: the time to pay is over."""
    _tell_buyer(order, "expired", lambda: _("Pesanan %(code)s kedaluwarsa") % {"code": order.code}, now)


def _tell_buyer(order: Order, what: str, subject: Callable[[], str], now: datetime) -> None:
    if not order.buyer_email:
        return
    with translation.override(order.language):
        body = render_to_string(f"orders/emails/{what}.txt", {**_context(order), "lines": order.lines.all()})
        writing.write(key=f"{order.code}:{what}", to=order.buyer_email, subject=subject(), body=body, now=now)


def _context(order: Order) -> dict[str, object]:
    return {
        "order": order,
        "cooperative": current_cooperative(),
        "link": absolute(reverse("storefront:order", args=[order.token])),
    }


def _lines_by_member(order: Order) -> dict[User, list[OrderLine]]:
    found: dict[User, list[OrderLine]] = {}
    for line in order.lines.select_related("member__user"):
        if line.member and line.member.user:
            found.setdefault(line.member.user, []).append(line)
    return found
