import pytest
from django.db import DatabaseError, transaction

from inventory import stock
from inventory.models import Movement, Reservation, Stock
from tenants.models import Due
from tests import make


@pytest.fixture
def coffee(kopi):
    return make.variant(on_hand=10)


def numbers(variant):
    row = Stock.objects.get(pk=variant.pk)
    return row.on_hand, row.reserved, row.available


def reserve(variant, quantity, now, reference="O-1"):
    stock.reserve(reference=reference, wanted={variant.pk: quantity}, expires_at=None, now=now)


def test_a_reservation_promises_pieces_and_moves_none(coffee, now):
    reserve(coffee, 3, now)
    assert numbers(coffee) == (10, 3, 7)
    assert stock.available([coffee.pk]) == {coffee.pk: 7}
    assert Movement.objects.filter(kind="sold").count() == 0


def test_more_than_is_left_is_refused_and_says_what_is_left(coffee, now):
    reserve(coffee, 8, now)
    with pytest.raises(stock.OutOfStock) as refused:
        reserve(coffee, 3, now, "O-2")
    assert refused.value.short == {coffee.pk: 2}
    assert numbers(coffee) == (10, 8, 2)
    assert Reservation.objects.count() == 1


def test_one_short_variant_refuses_the_whole_order(coffee, now):
    honey = make.variant(title="Madu", on_hand=1)
    with pytest.raises(stock.OutOfStock) as refused:
        stock.reserve(reference="O-1", wanted={coffee.pk: 2, honey.pk: 2}, expires_at=None, now=now)
    assert refused.value.short == {honey.pk: 1}
    assert (numbers(coffee), numbers(honey)) == ((10, 0, 10), (1, 0, 1))
    assert Reservation.objects.count() == 0


def test_payment_takes_the_promised_pieces_off_the_shelf_once(coffee, now):
    reserve(coffee, 3, now)
    for _ in range(2):
        stock.commit(reference="O-1", now=now)
    assert numbers(coffee) == (7, 0, 7)
    assert list(Movement.objects.filter(reference="O-1").values_list("kind", "quantity")) == [("sold", -3)]


def test_release_makes_the_pieces_free_again_once(coffee, now):
    reserve(coffee, 3, now)
    for _ in range(2):
        stock.release(reference="O-1", now=now)
    assert numbers(coffee) == (10, 0, 10)
    stock.commit(reference="O-1", now=now)
    assert numbers(coffee) == (10, 0, 10)


def test_a_paid_order_that_is_cancelled_gives_back_once(coffee, now):
    reserve(coffee, 3, now)
    stock.commit(reference="O-1", now=now)
    for _ in range(2):
        stock.give_back(reference="O-1", now=now)
    assert numbers(coffee) == (10, 0, 10)
    assert sum(Movement.objects.values_list("quantity", flat=True)) == 10


def test_counting_the_shelf_is_a_movement_by_the_difference(coffee, now):
    stock.count(variant_id=coffee.pk, on_hand=4, reference="rak", now=now)
    assert numbers(coffee) == (4, 0, 4)
    assert Movement.objects.get(reference="rak").quantity == -6
    stock.count(variant_id=coffee.pk, on_hand=4, reference="rak lagi", now=now)
    assert not Movement.objects.filter(reference="rak lagi").exists()


def test_counting_less_than_is_promised_is_refused(coffee, now):
    reserve(coffee, 5, now)
    with pytest.raises(stock.OutOfStock):
        stock.count(variant_id=coffee.pk, on_hand=4, reference="rak", now=now)
    assert numbers(coffee) == (10, 5, 5)


def test_the_database_refuses_to_promise_more_than_there_is(coffee):
    with pytest.raises(DatabaseError, match="never_promise_more_than_there_is"), transaction.atomic():
        Stock.objects.filter(pk=coffee.pk).update(reserved=11)
    assert numbers(coffee) == (10, 0, 10)


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_edit_a_movement(coffee, change):
    rows = Movement.objects.filter(stock_id=coffee.pk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(quantity=99) if change == "update" else rows.delete()
    assert [row.quantity for row in rows] == [10]


def test_every_change_of_what_can_be_bought_notes_that_channels_must_hear_it(coffee, now):
    def heard():
        return Due.objects.filter(kind="push").count()

    steps = [
        lambda: reserve(coffee, 3, now),
        lambda: stock.release(reference="O-1", now=now),
        lambda: stock.count(variant_id=coffee.pk, on_hand=20, reference="rak", now=now),
    ]
    for step in steps:
        before = heard()
        step()
        assert heard() == before + 1
