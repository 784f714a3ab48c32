"""The shop with its stock guard taken out, for the negative control of tests/test_race_over_http.py: it reads what is
left and writes later, as shops do that oversell. It exists in tests only; the product has no such switch."""

import time

from django.db.models import F

from coop_shop.wsgi import application
from inventory import stock
from inventory.models import Stock

THINKING_SECONDS = 0.5


def careless_promise(variant_id: int, quantity: int) -> bool:
    left = Stock.objects.get(pk=variant_id).available
    time.sleep(THINKING_SECONDS)
    if left < quantity:
        return False
    return bool(Stock.objects.filter(pk=variant_id).update(reserved=F("reserved") + quantity))


stock._promise = careless_promise

__all__ = ["application"]
