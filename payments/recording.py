"""The door for money: everything that is ever said about a payment becomes facts here, under the order's lock."""

from datetime import datetime

from django.db import transaction

from inventory import stock
from ledger import posting
from orders import lifecycle
from orders.models import Order, OrderState
from payments.facts import CURRENCY, Reading, Verdict
from payments.models import Fact, Payment

MONEY = {Verdict.CAPTURED: Fact.Kind.CAPTURED, Verdict.MISMATCH: Fact.Kind.MISMATCH}
NO_MONEY = {Verdict.FAILED: Payment.State.FAILED, Verdict.CLOSED: Payment.State.CLOSED}


@transaction.atomic
def record(*, payment_id: int, reading: Reading, actor: str, now: datetime) -> Payment:
    """Write down what `reading` says, once, and fold it: the payment's state, the order, the books.

    Saying it again, or saying something else after money has come, changes nothing: one attempt brings money
    once. Money that the order cannot take is booked as owed, and the order carries a named problem.
    """
    order = lifecycle.lock(Payment.objects.values_list("order_id", flat=True).get(pk=payment_id))
    payment = Payment.objects.select_related("gateway").get(pk=payment_id)
    if payment.state in Payment.DECIDED:
        return payment
    if reading.verdict in MONEY:
        _append(payment, reading, actor, now)
        payment.state = _take(order, payment, reading, actor, now)
    elif payment.state in Payment.OPEN:
        payment.state = NO_MONEY.get(reading.verdict, payment.state)
    payment.last_error = ""
    payment.save(update_fields=["state", "last_error"])
    return payment


def _append(payment: Payment, reading: Reading, actor: str, now: datetime) -> None:
    Fact.objects.create(
        payment=payment,
        kind=MONEY[reading.verdict],
        external_id=reading.money_id,
        amount=reading.amount,
        currency=reading.currency,
        actor=actor,
        at=now,
    )


def _take(order: Order, payment: Payment, reading: Reading, actor: str, now: datetime) -> Payment.State:
    if reading.verdict == Verdict.MISMATCH:
        _keep_aside(order, payment, reading, Order.Problem.WRONG_AMOUNT, reading.reason, actor, now)
        return Payment.State.MISMATCH
    try:
        lifecycle.mark_paid(order_id=order.pk, actor=actor, now=now)
    except lifecycle.WrongState:
        # It came to an order that is paid already, or that was called off.
        paid = order.paid_at is not None and order.state != OrderState.CANCELLED
        problem = Order.Problem.DOUBLE_MONEY if paid else Order.Problem.LATE_MONEY
        _keep_aside(order, payment, reading, problem, f"the order was {order.state}", actor, now)
        return Payment.State.LATE
    except stock.OutOfStock:
        _keep_aside(order, payment, reading, Order.Problem.LATE_MONEY, "the stock is gone", actor, now)
        return Payment.State.LATE
    posting.captured(
        order=order,
        payment_reference=payment.reference,
        clearing=payment.gateway.provider,
        amount=reading.amount,
        actor=actor,
        now=now,
    )
    return Payment.State.PAID


def _keep_aside(
    order: Order,
    payment: Payment,
    reading: Reading,
    problem: Order.Problem,
    reason: str,
    actor: str,
    now: datetime,
) -> None:
    Order.objects.filter(pk=order.pk).update(problem=problem)
    detail = f"{payment.reference}: {reading.amount} {reading.currency}, {reason}"
    lifecycle.note(order, kind=problem.value, actor=actor, now=now, detail=detail[:300])
    if reading.currency == CURRENCY and reading.amount > 0:
        posting.unassigned(
            order=order,
            payment_reference=payment.reference,
            clearing=payment.gateway.provider,
            amount=reading.amount,
            actor=actor,
            now=now,
        )
