"""I5 and I6: what must always be true of orders and their money."""

from collections.abc import Iterator

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from orders.models import Order
from payments.models import Fact, Payment


def broken() -> Iterator[str]:
    """One line per broken invariant in the present cooperative."""
    captured = Coalesce(Sum("payments__facts__amount", filter=Q(payments__facts__kind=Fact.Kind.CAPTURED)), 0)
    refunded = Coalesce(Sum("payments__facts__amount", filter=Q(payments__facts__kind=Fact.Kind.REFUNDED)), 0)
    own = Order.objects.filter(channel=Order.SHOP).annotate(captured=captured, refunded=refunded)
    for order in own.filter(paid_at__isnull=False, captured__lt=F("total")):
        yield f"I5 order {order.code}: paid, but captured {order.captured} of {order.total}"
    for payment in Payment.objects.filter(state=Payment.State.PAID, order__paid_at=None).select_related("order"):
        yield f"I5 payment {payment.reference}: paid, but order {payment.order.code} is {payment.order.state}"
    for order in own.filter(refunded__gt=F("captured")):
        yield f"I6 order {order.code}: refunded {order.refunded} of {order.captured}"
