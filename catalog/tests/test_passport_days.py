"""Documents come to their end at the midnight of where the cooperative is, and people hear of it in time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from time_machine import travel

from catalog import tasks
from catalog.models import Document, Product
from catalog.passport import standing, watching
from catalog.tests.test_passport import PIRT, demand, history
from members.models import Officer
from notifications.models import Message
from tenants import sweeping
from tenants.models import Due
from tests import make

Kind, State = Document.Kind, Document.State
LAST = date(2026, 12, 31)
DAYS = (95, 91, 90, 89, 60, 31, 30, 29, 8, 7, 6, 1, 0, -1, -2, -40)  # before the last one, as a clock counts them


def document(product: Product, *, until: date | None = LAST, **fields: object) -> Document:
    made = Document.objects.create(
        **{"kind": Kind.PIRT, "product": product, "number": PIRT, "holder": "Budi", "state": State.ACCEPTED,
           "valid_until": until, **fields}
    )  # fmt: skip
    standing.refresh([product.pk], by="Rina", now=make.NOW)
    return made


def lacking(product: Product) -> str:
    return Product.objects.values_list("lacks", flat=True).get(pk=product.pk)


@pytest.mark.parametrize(
    ("zone", "midnight"),  # the end of 31 December, in UTC
    [
        ("Asia/Jakarta", datetime(2026, 12, 31, 17, 0, tzinfo=UTC)),
        ("Asia/Makassar", datetime(2026, 12, 31, 16, 0, tzinfo=UTC)),
        ("Asia/Jayapura", datetime(2026, 12, 31, 15, 0, tzinfo=UTC)),
    ],
)
def test_it_is_valid_on_its_last_day_and_not_a_second_longer(kopi, zone, midnight):
    kopi.zone = zone
    product = make.product()
    demand(product, Kind.PIRT)
    document(product)
    watching.check(now=midnight - timedelta(seconds=1))
    assert lacking(product) == ""
    watching.check(now=midnight)
    assert lacking(product) == "pirt"
    assert not Product.objects.on_sale().filter(pk=product.pk).exists()
    assert history(product)[-1] == ("blocked", "clock", {"reason": "pirt"})


@pytest.mark.parametrize(
    ("zone", "at"),
    [
        ("Asia/Jakarta", datetime(2026, 11, 23, 17, 0, tzinfo=UTC)),
        ("Asia/Makassar", datetime(2026, 11, 23, 16, 0, tzinfo=UTC)),
        ("Asia/Jayapura", datetime(2026, 11, 23, 15, 0, tzinfo=UTC)),
    ],
)
def test_the_next_look_is_at_the_midnight_of_the_cooperative_and_noted_once(kopi, zone, at):
    kopi.zone = zone
    document(make.product())
    for _ in range(3):
        watching.come_back(now=make.NOW)
    assert list(Due.objects.filter(cooperative=kopi, kind="passport").values_list("at", flat=True)) == [at]


def test_at_midnight_the_sweep_offers_it_and_the_task_takes_the_product_off_and_comes_back_tomorrow(kopi):
    product = make.product()
    demand(product, Kind.PIRT)
    document(product)
    midnight = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)
    watching.come_back(now=midnight - timedelta(hours=5))
    with travel(midnight + timedelta(seconds=3), tick=False):
        tasks.check_passports.apply(headers={"_schema_name": kopi.schema_name}, throw=True)
    assert lacking(product) == "pirt"
    assert list(Due.objects.filter(kind="passport").values_list("at", flat=True)) == [midnight + timedelta(days=1)]


def test_while_nothing_has_a_last_day_nobody_comes_back(kopi):
    document(make.product(), until=None, kind=Kind.HALAL)
    watching.come_back(now=make.NOW)
    watching.set_clock(now=make.NOW)
    assert not Due.objects.filter(kind="passport").exists()


def test_the_clock_stands_while_something_has_a_last_day(kopi):
    made = document(make.product())
    watching.set_clock(now=make.NOW)
    assert Due.objects.get(kind="passport").every == watching.CLOCK_SECONDS
    made.delete()
    watching.set_clock(now=make.NOW)
    assert not Due.objects.filter(kind="passport").exists()


@pytest.mark.parametrize(
    ("left", "reached"),
    [(200, None), (91, None), (90, 90), (31, 90), (30, 30), (8, 30), (7, 7), (0, 7), (-1, 0), (-400, 0)],
)
def test_which_warning_a_document_has_reached(left, reached):
    assert watching.warning(LAST, LAST - timedelta(days=left)) == reached


def told(*, now: datetime) -> list[str]:
    """To whom the check of this moment writes."""
    Message.objects.all().delete()
    watching.check(now=now)
    return sorted(Message.objects.values_list("to", flat=True))


def test_the_member_and_the_officers_are_warned_90_30_and_7_days_before_and_after_the_end_once_each(kopi):
    product = make.product(seller=make.member(email="budi@kopi.example"))
    for role in Officer.Role:
        make.officer(role=role)
    demand(product, Kind.PIRT)
    document(product)
    both = ["budi@kopi.example", "pengurus@kopi.example", "petugas@kopi.example"]
    noon = datetime(2026, 12, 31, 5, 0, tzinfo=UTC)
    days = {left: told(now=noon - timedelta(days=left)) for left in DAYS}
    assert {left: to for left, to in days.items() if to} == {90: both, 30: both, 7: both, -1: both}


def test_a_check_that_runs_twice_writes_once(kopi):
    document(make.product(seller=make.member(email="budi@kopi.example")))
    now = datetime(2026, 12, 28, 5, 0, tzinfo=UTC)
    assert (watching.check(now=now), watching.check(now=now)) == (1, 0)
    assert Message.objects.count() == 1


def test_a_document_that_is_handed_in_late_brings_only_the_warning_that_is_near(kopi):
    made = document(make.product(seller=make.member(email="budi@kopi.example")))
    watching.check(now=datetime(2026, 12, 27, 5, 0, tzinfo=UTC))
    made.refresh_from_db()
    letter = Message.objects.get()
    assert made.warned_days == 7
    assert letter.subject == "Dokumen P-IRT segera habis masa berlakunya"
    assert "Berlaku sampai 31 Desember 2026." in letter.body
    assert "Tinggal 4 hari." in letter.body


def test_the_last_letter_names_what_came_off_the_shelf(kopi):
    product = make.product(title="Keripik Pisang", seller=make.member(email="budi@kopi.example"))
    demand(product, Kind.PIRT)
    document(product)
    watching.check(now=datetime(2027, 1, 1, 5, 0, tzinfo=UTC))
    letter = Message.objects.get()
    assert letter.subject == "Dokumen P-IRT sudah habis masa berlakunya"
    assert "- Keripik Pisang" in letter.body
    assert "http://kopi-gayo.localhost" in letter.body
    assert "/kelola/saya/dokumen/" in letter.body


def test_whoever_reads_english_is_written_to_in_english(kopi):
    seller = make.member(email="budi@kopi.example")
    seller.user.language = "en"
    seller.user.save()
    document(make.product(seller=seller))
    watching.check(now=datetime(2026, 12, 28, 5, 0, tzinfo=UTC))
    assert "December" in Message.objects.get().body


@pytest.mark.parametrize("until", [date(2031, 12, 31), None])
def test_nobody_is_warned_of_a_document_that_has_a_successor(kopi, until):
    product = make.product(seller=make.member(email="budi@kopi.example"))
    demand(product, Kind.PIRT)
    document(product)
    document(product, until=until)
    for day in (datetime(2026, 12, 28, 5, 0, tzinfo=UTC), datetime(2027, 1, 2, 5, 0, tzinfo=UTC)):
        assert watching.check(now=day) == 0
    assert lacking(product) == ""
    assert not Message.objects.exists()


def test_a_successor_that_nobody_has_accepted_yet_is_none(kopi):
    product = make.product(seller=make.member(email="budi@kopi.example"))
    document(product)
    document(product, until=date(2031, 12, 31), state=State.WAITING)
    assert watching.check(now=datetime(2026, 12, 28, 5, 0, tzinfo=UTC)) == 1


def test_a_refused_document_is_nobodys_worry(kopi):
    document(make.product(seller=make.member(email="budi@kopi.example")), state=State.REFUSED)
    assert watching.check(now=datetime(2026, 12, 28, 5, 0, tzinfo=UTC)) == 0


def test_a_later_zone_keeps_it_longer_and_an_earlier_one_not(kopi):
    """The cooperative moves its clock: the same moment is another day."""
    product = make.product()
    demand(product, Kind.PIRT)
    document(product)
    moment = datetime(2026, 12, 31, 15, 30, tzinfo=UTC)  # 22.30 WIB, 00.30 WIT
    watching.check(now=moment)
    assert lacking(product) == ""
    kopi.zone = "Asia/Jayapura"
    watching.check(now=moment)
    assert lacking(product) == "pirt"
    kopi.zone = "Asia/Jakarta"
    watching.check(now=moment)
    assert lacking(product) == ""


def test_the_check_reads_a_large_shelf_in_few_queries(kopi, django_assert_max_num_queries):
    seller = make.member()
    for number in range(40):
        make.product(title=f"Kopi {number}", seller=seller)
    demand(Product.objects.first(), Kind.PIRT)
    Document.objects.create(kind=Kind.PIRT, member=seller, number=PIRT, state=State.ACCEPTED, valid_until=LAST)
    assert len(standing.refresh_all(by="clock", now=make.NOW)) == 40
    assert not Product.objects.exclude(lacks="").exists()
    with django_assert_max_num_queries(14):
        watching.check(now=make.NOW)


def test_sweeping_sets_the_clock(kopi, settings):
    assert "catalog.passport.watching.set_clock" in settings.STANDING_ORDERS
    document(make.product())
    sweeping.upkeep(now=make.NOW)
    assert Due.objects.filter(kind="passport", every=watching.CLOCK_SECONDS).exists()
