from datetime import UTC, datetime

import pytest
from django.utils import translation

from backoffice import history
from orders.models import OrderEvent

NOW = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
TOLD = [
    ("moved", "packed", "", "Dikemas", ""),
    ("moved", "cancelled", "pembeli minta batal", "Dibatalkan", "pembeli minta batal"),
    ("cancel_asked", "", "IN_CANCEL", "Pembeli meminta pembatalan", "IN_CANCEL"),
    ("solved", "", "oversold: stok ditambah", "Masalah diselesaikan", "Terjual melebihi stok: stok ditambah"),
    ("solved", "", "kata: biasa", "Masalah diselesaikan", "kata: biasa"),
    ("late_money", "", "A-1: 85000 IDR, the order was cancelled", "Dibayar setelah kedaluwarsa, stok habis",
     "A-1: 85000 IDR, pesanan saat itu “dibatalkan”"),
    ("wrong_amount", "", "A-1: 85001 IDR, 85001 instead of 85000", "Jumlah pembayaran tidak cocok",
     "A-1: 85001 IDR, 85001, seharusnya 85000"),
    ("wrong_amount", "", "A-1: 85000 IDR, something new", "Jumlah pembayaran tidak cocok",
     "A-1: 85000 IDR, something new"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "state", "detail", "title", "said"), TOLD)
def test_the_history_is_told_in_words(kind, state, detail, title, said):
    [told] = history.of([OrderEvent(kind=kind, state=state, detail=detail, actor="shopee", at=NOW)])
    assert (told.title, told.detail, told.actor) == (title, said, "shopee")


def test_buyer_and_clock_are_named_in_the_readers_language():
    events = [OrderEvent(kind="moved", state="expired", actor=actor, at=NOW) for actor in ("buyer", "clock")]
    assert [told.actor for told in history.of(events)] == ["pembeli", "otomatis"]
    with translation.override("en"):
        assert [(told.title, told.actor) for told in history.of(events)] == [
            ("Expired", "buyer"),
            ("Expired", "automatic"),
        ]
