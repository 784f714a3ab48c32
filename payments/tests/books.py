"""What a test looks at to see that money went where it should, once."""

from ledger import balances
from ledger.models import Journal
from orders.models import Order, OrderEvent
from payments.models import Fact, Payment


def state(payment: Payment) -> tuple[str, str, str]:
    """The payment's state, its order's state, and the order's problem."""
    row = Payment.objects.select_related("order").get(pk=payment.pk)
    return row.state, row.order.state, row.order.problem


def facts(payment: Payment) -> list[tuple[str, int]]:
    return list(Fact.objects.filter(payment=payment).values_list("kind", "amount"))


def times_paid(order: Order) -> int:
    return OrderEvent.objects.filter(order=order, kind="moved", state="paid").count()


def journals(order: Order) -> list[str]:
    return sorted(reference.partition(":")[0] for reference in _references(order))


def _references(order: Order) -> list[str]:
    return list(Journal.objects.filter(order=order).values_list("reference", flat=True))


def owed_to_nobody_yet() -> int:
    return -balances.balance("liability:unassigned")


def paid_once(payment: Payment) -> None:
    """One capture, one step to paid, one journal, invariants I1 and I7."""
    order = payment.order
    assert state(payment) == ("paid", "paid", "")
    assert facts(payment) == [("captured", order.total)]
    assert times_paid(order) == 1
    assert journals(order) == ["captured"]
    assert balances.balance(f"clearing:{payment.gateway.provider}") == order.total
    assert sum(row.amount for row in balances.every_account()) == 0


def nothing_happened(payment: Payment) -> None:
    assert state(payment) == ("pending", "awaiting_payment", "")
    assert facts(payment) == []
    assert journals(payment.order) == []
