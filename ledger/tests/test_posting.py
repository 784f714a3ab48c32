"""Every rupiah of an order is in the books once, with a name."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from ledger import balances, posting
from ledger.models import Account, Entry, Journal
from orders import placing
from orders.models import FeeRule, OrderLine
from tests import make


def in_books() -> dict[str, int]:
    return {row.code: row.amount for row in balances.every_account() if row.amount}


def check_balanced() -> None:
    """What the database does at commit, which a test never reaches."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def two_sellers_order(now):
    FeeRule.objects.create(channel="shop", cooperative_bp=500, from_date=now.date())
    budi, ani = make.member(name="Budi", number="A-007"), make.member(name="Ani", number="A-008")
    coffee = make.variant(price=65_333, seller=budi)
    honey = make.variant(title="Madu", price=41_111, seller=ani)
    return make.order(cart={coffee.pk: 2, honey.pk: 1}, now=now)


def capture(order, now, **changed):
    facts = {"payment_reference": "P-1", "clearing": "stripe", "amount": order.total, "actor": "stripe", "now": now}
    return posting.captured(order=order, **{**facts, **changed})


def test_a_sale_is_shared_among_members_cooperative_and_courier_to_the_last_rupiah(kopi, now):
    order = two_sellers_order(now)
    capture(order, now)
    check_balanced()
    # 5 % of 130.666 is 6.533,3 and of 41.111 is 2.055,55: rounded half up, the member takes the rest
    assert in_books() == {
        "clearing:stripe": 191_777,
        "payable:member:A-007": -124_133,
        "payable:member:A-008": -39_055,
        "income:cooperative_fee": -8_589,
        "payable:shipping": -20_000,
    }
    assert order.total == 191_777


def test_the_same_payment_is_booked_once(kopi, now):
    order = two_sellers_order(now)
    first = capture(order, now)
    assert capture(order, now + timedelta(hours=1)) == first
    assert Journal.objects.count() == 1
    assert balances.balance("clearing:stripe") == 191_777


def test_an_amount_that_is_not_the_total_is_refused_and_nothing_is_written(kopi, now):
    order = two_sellers_order(now)
    with pytest.raises(posting.DoesNotAddUp):
        capture(order, now, amount=order.total - 1)
    assert Journal.objects.count() == 0
    assert Account.objects.count() == 0


@pytest.mark.breaks("I7")
def test_lines_that_do_not_sum_to_the_total_are_refused_and_nothing_is_written(kopi, now):
    order = two_sellers_order(now)
    line = order.lines.first()
    OrderLine.objects.filter(pk=line.pk).update(
        price=line.price + 1, gross=line.gross + line.quantity, member_share=line.member_share + line.quantity
    )
    with pytest.raises(posting.DoesNotAddUp):
        capture(order, now)
    assert Journal.objects.count() == 0


def test_a_marketplace_keeps_its_fee_and_an_unknown_sku_earns_for_nobody_yet(kopi, now):
    FeeRule.objects.create(channel="shopee", cooperative_bp=500, channel_bp=650, from_date=now.date())
    known = make.variant(price=100_000, seller=make.member(number="A-007"), sku="GAYO-250")
    order = placing.record_channel_order(
        channel="shopee",
        external_id="SH-1",
        buyer=make.buyer(),
        lines=[
            placing.ChannelLine(sku=known.sku, title="Kopi", price=100_000, quantity=1),
            placing.ChannelLine(sku="???", title="Tas", price=10_000, quantity=1),
        ],
        placed_at=now,
        now=now,
    )
    capture(order, now, clearing="shopee", actor="shopee")
    check_balanced()
    assert in_books() == {
        "clearing:shopee": 102_850,
        "expense:channel_fee": 7_150,
        "payable:member:A-007": -88_500,
        "payable:unknown": -8_850,
        "income:cooperative_fee": -5_500,
        "income:channel_fee": -7_150,
    }
    posting.reversed_(order=order, actor="shopee", now=now)
    check_balanced()
    assert in_books() == {}


def test_a_cancelled_sale_of_our_shop_is_booked_back_once_and_its_money_is_owed(kopi, now):
    order = two_sellers_order(now)
    capture(order, now)
    for _ in range(2):
        posting.reversed_(order=order, actor="Ibu Rahma", now=now)
    check_balanced()
    assert in_books() == {"clearing:stripe": 191_777, "liability:unassigned": -191_777}
    assert Journal.objects.count() == 2


def test_money_that_belongs_to_no_order_is_owed(kopi, now):
    order = two_sellers_order(now)
    for _ in range(2):
        posting.unassigned(
            order=order, payment_reference="P-2", clearing="transfer", amount=50_000, actor="Ibu Rahma", now=now
        )
    check_balanced()
    assert in_books() == {"clearing:transfer": 50_000, "liability:unassigned": -50_000}


def test_a_member_reads_what_they_earned_with_a_running_balance(kopi, now):
    order = two_sellers_order(now)
    capture(order, now)
    posting.reversed_(order=order, actor="Ibu Rahma", now=now + timedelta(hours=1))
    budi = order.lines.get(member__number="A-007").member
    rows = balances.member_statement(member_id=budi.pk)
    assert [(row.order_code, row.amount, row.balance) for row in rows] == [
        (order.code, 124_133, 124_133),
        (order.code, -124_133, 0),
    ]


def test_the_database_refuses_a_journal_that_does_not_balance(kopi, now):
    account = Account.objects.create(code="clearing:stripe", kind=Account.Kind.ASSET)
    with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic():
        journal = Journal.objects.create(reference="x", memo="x", actor="x", at=now)
        Entry.objects.create(journal=journal, account=account, amount=1)
        check_balanced()
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("change", ["memo", "amount", "delete journal", "delete entry"])
def test_the_database_refuses_to_edit_what_is_written(kopi, now, change):
    journal = capture(two_sellers_order(now), now)
    before = in_books()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        match change:
            case "memo":
                Journal.objects.update(memo="lain")
            case "amount":
                journal.entries.update(amount=1)
            case "delete journal":
                Journal.objects.filter(pk=journal.pk)._raw_delete("default")
            case "delete entry":
                journal.entries.all()._raw_delete("default")
    assert in_books() == before
    assert Journal.objects.get().memo == journal.memo
