"""I7 and I10: what must always be true of orders."""

from collections.abc import Iterator

from django.db.models import Count, F, Max, Sum
from django.db.models.functions import Coalesce

from orders.models import DocumentCounter, Order


def broken() -> Iterator[str]:
    """One line per broken invariant in the present cooperative."""
    shares = F("lines__member_share") + F("lines__cooperative_fee") + F("lines__channel_fee") + F("lines__tax")
    shared = Order.objects.annotate(shared=Coalesce(Sum(shares), 0))
    for order in shared.exclude(total=F("shared") + F("shipping_cost")):
        yield f"I7 order {order.code}: total {order.total}, shares {order.shared} + shipping {order.shipping_cost}"
    for counter in DocumentCounter.objects.all():
        numbers = Order.objects.filter(invoice_number__startswith=f"{counter.kind}/{counter.year}/")
        given = numbers.aggregate(count=Count("pk"), highest=Max("invoice_number"))
        highest = int((given["highest"] or "0").rpartition("/")[2])
        if not given["count"] == highest == counter.last:
            yield f"I10 {counter}: {given['count']} documents, highest number {highest}"
