"""Money becomes journals. Debit above zero, credit below, whole rupiah, every journal sums to zero.

sale on our shop      Dr clearing:stripe          150.000
                          Cr payable:member:A-007     123.500
                          Cr income:cooperative_fee     6.500
                          Cr payable:shipping          20.000

sale on a marketplace, which keeps its fee before it pays us, at the expense of the member's share
                      Dr clearing:shopee           95.000
                      Dr expense:channel_fee        5.000
                          Cr payable:member:A-007      90.000
                          Cr income:cooperative_fee     5.000
                          Cr income:channel_fee         5.000

money that belongs to no order
                      Dr clearing:stripe          150.000
                          Cr liability:unassigned     150.000
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from ledger.models import Account, Entry, Journal
from members.models import Member
from orders.models import Order

UNASSIGNED = "liability:unassigned"
KIND_BY_PREFIX = {
    "clearing": Account.Kind.ASSET,
    "payable": Account.Kind.LIABILITY,
    "liability": Account.Kind.LIABILITY,
    "income": Account.Kind.INCOME,
    "expense": Account.Kind.EXPENSE,
}


class DoesNotAddUp(ValueError):
    """The amount is not the order's total, or its parts do not sum to it. Nothing is written."""


def captured(*, order: Order, payment_reference: str, clearing: str, amount: int, actor: str, now: datetime) -> Journal:
    """`amount` rupiah, the whole total of `order`, came in through `clearing` (`stripe`, `transfer`, `shopee`).

    Shares are the ones frozen on the lines. What nobody's SKU earned waits in `payable:unknown`. The same
    `payment_reference` again returns the journal as it is. Raises DoesNotAddUp.
    """
    if amount != order.total:
        raise DoesNotAddUp(f"{order.code}: {amount} is not {order.total}")
    return _write(
        reference=f"captured:{payment_reference}",
        order=order,
        memo=f"Penjualan {order.code}",
        actor=actor,
        amounts=_shares(order, f"clearing:{clearing}"),
        now=now,
    )


def unassigned(
    *, order: Order, payment_reference: str, clearing: str, amount: int, actor: str, now: datetime
) -> Journal:
    """`amount` rupiah came in for `order` which it cannot take: late, another amount, or a second time. It is owed
    to somebody until a person decides. The same `payment_reference` again returns the journal as it is."""
    return _write(
        reference=f"unassigned:{payment_reference}",
        order=order,
        memo=f"Uang belum bertuan, pesanan {order.code}",
        actor=actor,
        amounts={f"clearing:{clearing}": amount, UNASSIGNED: -amount},
        now=now,
    )


def reversed_(*, order: Order, actor: str, now: datetime) -> list[Journal]:
    """A paid order was cancelled: what its sale had booked is booked back, once.

    A marketplace never pays us then, so the clearing account goes back too. Money of our own shop is still in
    our hands: it is owed (`liability:unassigned`) until it is refunded.
    """
    return [
        _write(
            reference=f"reversed:{journal.reference}",
            order=order,
            memo=f"Pembatalan {order.code}",
            actor=actor,
            amounts=_mirror(journal, keeps_money=order.channel == Order.SHOP),
            now=now,
        )
        for journal in Journal.objects.filter(order=order, reference__startswith="captured:").order_by("pk")
    ]


def _shares(order: Order, clearing: str) -> dict[str, int]:
    amounts: dict[str, int] = defaultdict(int)
    for line in order.lines.select_related("member"):
        amounts[payable_to(line.member)] -= line.member_share
        amounts["income:cooperative_fee"] -= line.cooperative_fee
        amounts["income:channel_fee"] -= line.channel_fee
        amounts["payable:tax"] -= line.tax
    amounts["payable:shipping"] = -order.shipping_cost
    # The provider of our own shop pays the whole sum out; its fee is booked when it is known, at settlement.
    kept = 0 if order.channel == Order.SHOP else -amounts["income:channel_fee"]
    amounts["expense:channel_fee"] = kept
    amounts[clearing] = order.total - kept
    return amounts


def payable_to(member: Member | None) -> str:
    """The account of what the cooperative owes a member."""
    return f"payable:member:{member.number}" if member else "payable:unknown"


def _mirror(journal: Journal, *, keeps_money: bool) -> dict[str, int]:
    amounts: dict[str, int] = defaultdict(int)
    for entry in journal.entries.select_related("account"):
        code = entry.account.code
        amounts[UNASSIGNED if keeps_money and code.startswith("clearing:") else code] -= entry.amount
    return amounts


@transaction.atomic
def _write(
    *, reference: str, order: Order, memo: str, actor: str, amounts: Mapping[str, int], now: datetime
) -> Journal:
    if sum(amounts.values()):
        raise DoesNotAddUp(f"{reference}: {dict(amounts)}")
    journal, is_new = Journal.objects.get_or_create(
        reference=reference, defaults={"order": order, "memo": memo, "actor": actor, "at": now}
    )
    if is_new:
        accounts = _accounts([code for code, amount in amounts.items() if amount])
        Entry.objects.bulk_create(
            Entry(journal=journal, account=account, amount=amounts[code]) for code, account in accounts.items()
        )
    return journal


def _accounts(codes: list[str]) -> dict[str, Account]:
    found = Account.objects.in_bulk(codes, field_name="code")
    # In one order everywhere, so that two journals that open the same accounts do not wait for each other in a circle.
    missing = sorted(set(codes) - found.keys())
    if missing:
        Account.objects.bulk_create([_new_account(code) for code in missing], ignore_conflicts=True)
        found |= Account.objects.in_bulk(missing, field_name="code")
    return {code: found[code] for code in codes}


def _new_account(code: str) -> Account:
    prefix, _, rest = code.partition(":")
    member = Member.objects.get(number=rest.removeprefix("member:")) if rest.startswith("member:") else None
    return Account(code=code, kind=KIND_BY_PREFIX[prefix], member=member)
