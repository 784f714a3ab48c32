"""A buyer wants to pay: what they can choose, and the attempt that begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from lib import codes, http
from lib.rupiah import rupiah
from lib.secrets import CannotOpen
from orders import lifecycle
from orders.models import Order, OrderState
from payments import gateways, turns, watching
from payments.models import Gateway, Payment
from payments.providers import PROVIDERS
from payments.providers.base import Asked, Down, Provider, Refused
from tenants import due
from tenants.context import current_cooperative

MARGIN = timedelta(minutes=1)  # between our clock and the provider's


class CannotPay(Exception):
    """No payment begins. `str()` says to the buyer why, and what to do."""


class NotPayable(CannotPay):
    """The order does not wait for money (any more)."""


class NotOffered(CannotPay):
    """The cooperative does not offer this way to pay, or not for this amount."""


class ProviderRefused(CannotPay):
    """The provider will not take this payment."""


class ProviderAway(CannotPay):
    """The provider does not answer; the same attempt goes on when the buyer tries again."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One way to pay. `settings` may be shown (bank, account number); `unavailable` says why not this time."""

    provider: str
    label: str
    settings: Mapping[str, str]
    unavailable: str


def choices(order: Order) -> list[Choice]:
    """How `order` can be paid, in the order of PROVIDERS."""
    active = {gateway.provider: gateway for gateway in Gateway.objects.filter(is_active=True)}
    return [
        Choice(
            provider=name,
            label=active[name].label,
            settings={shown: active[name].settings[shown] for shown in adapter.setting_names},
            unavailable=_unavailable(adapter, order.total),
        )
        for name, adapter in PROVIDERS.items()
        if name in active
    ]


def start(*, order_id: int, provider: str, return_url: str, now: datetime) -> Payment:
    """Begin to pay the whole order through `provider`; the buyer goes to `pay_url` when there is one.

    A second click returns the attempt that is open. Our row is committed before the provider is called, so an
    answer that is lost is asked for again in the same words and with the same key.
    Raises NotPayable, NotOffered, ProviderRefused, ProviderAway, Order.DoesNotExist.
    """
    payment = _attempt(order_id, provider, return_url, now)
    if payment.state == Payment.State.PENDING:
        return payment
    if PROVIDERS[provider].remote:
        http.refuse_inside_transaction(f"start {payment.reference}")
    try:
        with turns.alone(payment.pk):
            return _tell_provider(payment.pk)
    except Refused as error:
        _note(payment, error, state=Payment.State.FAILED)
        raise ProviderRefused(
            _("Pembayaran ini ditolak penyedia. Coba sekali lagi atau pilih cara bayar lain.")
        ) from error
    except (Down, turns.Busy, CannotOpen) as error:
        _note(payment, error, state=Payment.State.STARTED)
        raise ProviderAway(
            _("Layanan pembayaran ini sedang tidak menjawab. Pesanan Anda aman; coba lagi atau pilih cara bayar lain.")
        ) from error


def _unavailable(adapter: Provider, total: int) -> str:
    if total < adapter.smallest:
        return _("Mulai dari %(amount)s") % {"amount": rupiah(adapter.smallest)}
    if total > adapter.largest:
        return _("Paling banyak %(amount)s") % {"amount": rupiah(adapter.largest)}
    return ""


@transaction.atomic
def _attempt(order_id: int, provider: str, return_url: str, now: datetime) -> Payment:
    order = lifecycle.lock(order_id)
    if order.state != OrderState.AWAITING_PAYMENT or (order.expires_at and order.expires_at <= now):
        raise NotPayable(_("Pesanan ini tidak menunggu pembayaran lagi."))
    existing = Payment.objects.filter(order=order, gateway__provider=provider, state__in=Payment.OPEN).first()
    if existing and not _is_stale(existing, PROVIDERS[provider], now):
        return existing
    if existing:
        _note(existing, "stale", state=Payment.State.CLOSED)
    gateway = Gateway.objects.filter(provider=provider, is_active=True).first()
    if gateway is None:
        raise NotOffered(_("Cara bayar ini tidak tersedia. Pilih cara bayar lain."))
    unavailable = _unavailable(PROVIDERS[provider], order.total)
    if unavailable:
        raise NotOffered(unavailable)
    due.note("watch_payments", now=now, at=now + watching.FIRST[0])
    return Payment.objects.create(
        order=order,
        gateway=gateway,
        reference=f"{order.code}-{codes.readable_code(6)}",
        amount=order.total,
        return_url=return_url,
        created_at=now,
        expires_at=_expiry(order, PROVIDERS[provider], now),
    )


def _is_stale(payment: Payment, adapter: Provider, now: datetime) -> bool:
    # Nobody was ever given an address to pay at, and the provider would refuse so short a time.
    return payment.state == Payment.State.STARTED and payment.expires_at - now < adapter.shortest


def _expiry(order: Order, adapter: Provider, now: datetime) -> datetime:
    wanted = order.expires_at or now + adapter.longest
    return min(max(wanted, now + adapter.shortest + MARGIN), now + adapter.longest - MARGIN)


def _tell_provider(payment_id: int) -> Payment:
    payment = Payment.objects.select_related("gateway", "order").get(pk=payment_id)
    if payment.state != Payment.State.STARTED:  # a click before this one was quicker
        return payment
    started = PROVIDERS[payment.gateway.provider].start(gateways.opened(payment.gateway), _asked(payment))
    payment.external_id, payment.pay_url = started.external_id, started.pay_url
    payment.state, payment.last_error = Payment.State.PENDING, ""
    payment.save(update_fields=["external_id", "pay_url", "state", "last_error"])
    return payment


def _asked(payment: Payment) -> Asked:
    order = payment.order
    with translation.override(order.language):
        title = _("Pesanan %(code)s di %(shop)s") % {"code": order.code, "shop": current_cooperative().name}
    return Asked(
        reference=payment.reference,
        amount=payment.amount,
        title=title,
        email=order.buyer_email,
        language=order.language,
        return_url=payment.return_url,
        expires_at=payment.expires_at,
    )


def _note(payment: Payment, error: object, *, state: Payment.State) -> None:
    words = f"{type(error).__name__}: {error}" if isinstance(error, Exception) else str(error)
    Payment.objects.filter(pk=payment.pk, state=Payment.State.STARTED).update(state=state, last_error=words[:200])
