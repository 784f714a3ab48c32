"""The history of an order in the reader's language. It is stored in codes and in the words of those who acted."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.models import Order, OrderEvent, OrderState

KINDS: dict[str, str | Promise] = {
    "solved": _("Masalah diselesaikan"),
    # told by a marketplace
    "cancel_asked": _("Pembeli meminta pembatalan"),
    "returning": _("Pembeli mengembalikan barang"),
    "cancelled_late": _("Dibatalkan di kanal setelah barang dikirim"),
}
ACTORS: dict[str, str | Promise] = {"buyer": _("pembeli"), "clock": _("otomatis")}
# Why money was kept aside (payments/facts.py, payments/recording.py), as it stands at the end of the detail.
REASONS: tuple[tuple[str, Promise], ...] = (
    (r"the order was (?P<state>\w+)", _("pesanan saat itu “%(state)s”")),
    (r"the stock is gone", _("stok sudah habis")),
    (r"another reference", _("nomor acuannya lain")),
    (r"(?P<got>\S+) instead of (?P<due>\S+)", _("%(got)s, seharusnya %(due)s")),
    (r"test money at a live account, or the other way round", _("uang percobaan di akun sungguhan, atau sebaliknya")),
    (r"session and payment differ", _("sesi dan pembayaran tidak sama")),
    (r"the amount is not a whole number", _("jumlahnya bukan angka bulat")),
    (r"parts of a rupiah", _("ada pecahan rupiah")),
)


@dataclass(frozen=True, kw_only=True)
class Happening:
    title: str
    detail: str
    actor: str
    at: datetime


def of(events: Iterable[OrderEvent]) -> list[Happening]:
    """What happened, in the order given."""
    return [
        Happening(
            title=_title(event), detail=_detail(event), actor=str(ACTORS.get(event.actor, event.actor)), at=event.at
        )
        for event in events
    ]


def _title(event: OrderEvent) -> str:
    if event.kind in Order.Problem.values:
        return _capital(Order.Problem(event.kind).label)
    if event.kind in KINDS:
        return str(KINDS[event.kind])
    return str(OrderState(event.state).label) if event.state else event.kind


def _detail(event: OrderEvent) -> str:
    """`solved` begins with the code of the case; money that was kept aside ends with a reason."""
    code, _colon, said = event.detail.partition(": ")
    if event.kind == "solved" and code in Order.Problem.values:
        return f"{_capital(Order.Problem(code).label)}: {said}"
    start, comma, reason = event.detail.partition(", ")
    return f"{start}{comma}{_reason(reason)}" if event.kind in Order.Problem.values else event.detail


def _reason(reason: str) -> str:
    for pattern, words in REASONS:
        if found := re.fullmatch(pattern, reason):
            values = found.groupdict()
            if values.get("state") in OrderState.values:
                values["state"] = str(OrderState(values["state"]).label).lower()
            return str(words) % values
    return reason


def _capital(words: str | Promise) -> str:
    return str(words)[:1].upper() + str(words)[1:]
