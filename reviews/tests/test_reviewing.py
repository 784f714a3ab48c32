"""A buyer writes, an officer decides, a shelf counts."""

import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from catalog.models import Product
from coop_shop.verifying import broken_invariants
from lib.photo_files import BadPhoto
from orders.models import Order, OrderLine, OrderState
from reviews import moderating, reading, writing
from reviews.models import Reason, Review, ReviewPhoto
from tests import make

NOW = make.NOW
pytestmark = pytest.mark.django_db


def arrived(state: str = OrderState.DELIVERED, **buyer: str) -> OrderLine:
    order = make.order(**buyer)
    Order.objects.filter(pk=order.pk).update(state=state)
    return order.lines.get()


def write(line: OrderLine, stars: int = 5, text: str = "Harum sekali.", **more: object) -> Review:
    return writing.write_review(line_id=line.pk, stars=stars, text=text, language="id", now=NOW, **more)


def show(review: Review) -> list[Review]:
    return moderating.show(seen={review.pk: review.created_at}, by="Petugas", now=NOW)


def stars_of(review: Review) -> tuple[int, int]:
    return Product.objects.values_list("rating_sum", "rating_count").get(pk=review.product_id)


def photo(colour: str = "peru", size: tuple[int, int] = (1600, 1200)) -> tuple[str, bytes]:
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "GPS Bener Meriah"
    Image.new("RGB", size, colour).save(buffer, "JPEG", exif=exif)
    return "IMG_1.jpg", buffer.getvalue()


def stored(review: Review) -> list[str]:
    return [str(name) for names in review.photos.order_by("pk").values_list("name", "thumb") for name in names]


def test_a_review_waits_and_counts_nothing_until_an_officer_shows_it(kopi, django_capture_on_commit_callbacks):
    review = write(arrived(), stars=4)
    assert (review.state, review.name, review.text) == ("waiting", "Siti A.", "Harum sekali.")
    assert stars_of(review) == (0, 0)
    assert show(review) == [review]
    review.refresh_from_db()
    assert (review.state, review.decided_by, review.decided_at) == ("shown", "Petugas", NOW)
    assert stars_of(review) == (4, 1)


@pytest.mark.parametrize(
    "state", [state for state in OrderState.values if state not in (OrderState.DELIVERED, OrderState.COMPLETED)]
)
def test_nobody_reviews_what_has_not_arrived(kopi, state):
    with pytest.raises(writing.NotArrived):
        write(arrived(state))
    assert Review.objects.count() == 0


def test_a_buyer_at_a_marketplace_speaks_there(kopi):
    line = arrived()
    Order.objects.update(channel="shopee")
    with pytest.raises(writing.NothingToReview):
        write(line)
    assert Review.objects.count() == 0


@pytest.mark.parametrize(
    "buyer", [{"email": "Rahma@Kopi.example"}, {"email": "", "phone": "0812-0000-0001"}], ids=["e-mail", "phone"]
)
def test_a_member_does_not_praise_their_own_goods(kopi, buyer):
    seller = make.member(email="rahma@kopi.example")
    seller.phone = "+6281200000001"
    seller.save()
    order = make.order(cart={make.variant(seller=seller).pk: 1}, **buyer)
    Order.objects.update(state=OrderState.DELIVERED)
    with pytest.raises(writing.OwnGoods):
        write(order.lines.get())
    assert (Review.objects.count(), writing.places(Order.objects.get())) == (0, [])


def test_written_twice_it_is_one_and_after_the_decision_it_stays(kopi):
    line = arrived()
    first = write(line, stars=1, text="Pecah.")
    again = write(line, stars=2, text="Pecah satu.")
    assert (first.pk, Review.objects.get().text, Review.objects.get().stars) == (again.pk, "Pecah satu.", 2)
    show(again)
    with pytest.raises(writing.Decided):
        write(line, stars=5)
    assert Review.objects.get().stars == 2


def test_what_an_officer_has_not_read_is_not_shown(kopi):
    line = arrived()
    read = write(line, text="Bagus.").created_at
    review = writing.write_review(
        line_id=line.pk, stars=1, text="Kata kasar.", language="id", now=NOW + timedelta(seconds=9)
    )
    assert moderating.show(seen={review.pk: read}, by="Petugas", now=NOW) == []
    with pytest.raises(moderating.Changed):
        moderating.hide(review_id=review.pk, seen=read, reason=Reason.RUDE, by="Petugas", now=NOW)
    review.refresh_from_db()
    assert (review.state, review.decided_by) == ("waiting", "")


def test_hidden_it_counts_no_more_and_shown_again_it_does(kopi):
    review = write(arrived(), stars=3)
    show(review)
    hidden = moderating.hide(review_id=review.pk, seen=review.created_at, reason=Reason.ADVERT, by="Ketua", now=NOW)
    assert (hidden.state, hidden.reason, hidden.decided_by) == ("hidden", "advert", "Ketua")
    assert stars_of(review) == (0, 0)
    assert reading.summary(Product.objects.get()).hidden == 1
    show(hidden)
    assert stars_of(review) == (3, 1)
    assert Review.objects.get().reason == ""


def test_photos_are_drawn_anew_and_out_of_reach_until_they_are_shown(kopi, django_capture_on_commit_callbacks):
    review = write(arrived(), pictures=[photo(), photo("navy", (300, 500))])
    waiting = stored(review)
    assert all(name.startswith(f"{kopi.uid.hex}/private/reviews/") for name in waiting)
    with default_storage.open(waiting[0]) as file, Image.open(file) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("WEBP", (1080, 810), {})
    with default_storage.open(waiting[3]) as file, Image.open(file) as image:
        assert image.size == (240, 240)

    with django_capture_on_commit_callbacks(execute=True):
        show(review)
    shown = stored(review)
    assert all(name.startswith(f"{kopi.uid.hex}/reviews/") for name in shown)
    assert [default_storage.exists(name) for name in waiting + shown] == [False] * 4 + [True] * 4

    with django_capture_on_commit_callbacks(execute=True):
        moderating.hide(review_id=review.pk, seen=review.created_at, reason="private", by="Ketua", now=NOW)
    assert [default_storage.exists(name) for name in shown] == [False] * 4
    assert all("/private/" in name and default_storage.exists(name) for name in stored(review))


def test_new_photos_take_the_place_of_the_ones_before(kopi, django_capture_on_commit_callbacks):
    line = arrived()
    before = stored(write(line, pictures=[photo()]))
    with django_capture_on_commit_callbacks(execute=True):
        review = write(line, text="Lagi.", keeps_pictures=True)
    assert stored(review) == before
    with django_capture_on_commit_callbacks(execute=True):
        after = stored(write(line, pictures=[photo("navy")]))
    assert [default_storage.exists(name) for name in before + after] == [False, False, True, True]
    write(line, keeps_pictures=False)
    assert ReviewPhoto.objects.count() == 0


def test_a_file_that_is_no_photo_is_refused_and_nothing_of_the_review_stays(kopi):
    with pytest.raises(BadPhoto):
        write(arrived(), pictures=[photo(), ("b.jpg", b"<svg onload=alert(1)>")])
    assert (Review.objects.count(), ReviewPhoto.objects.count()) == (0, 0)


def test_files_of_a_review_that_is_not_written_after_all_are_gone(kopi, monkeypatch):
    line, kept = arrived(), []
    save = default_storage.save

    def save_until_the_disk_is_full(name: str, content: object) -> str:
        if len(kept) == 3:
            raise OSError("no space left")
        kept.append(save(name, content))
        return kept[-1]

    monkeypatch.setattr(default_storage, "save", save_until_the_disk_is_full)
    with pytest.raises(OSError, match="no space"):
        write(line, pictures=[photo(), photo()])
    assert len(kept) == 3
    assert [default_storage.exists(name) for name in kept] == [False] * 3
    assert Review.objects.count() == 0


def test_no_more_than_three_photos_and_a_thousand_signs_of_plain_words(kopi):
    review = write(arrived(), text="a\x00b\u202ec\r\nd" + "x" * 2000, pictures=[photo()] * 5)
    assert (review.text[:6], len(review.text)) == ("abc\ndx", 1000)
    assert review.photos.count() == 3


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Siti Aminah", "Siti A."), ("Budi", "Budi"), ("", ""), ("Ni Luh Putu sari", "Ni S."), ("x" * 60, "x" * 20)],
)
def test_a_name_is_shown_so_far_that_nobody_finds_its_bearer(name, shown):
    assert writing.shown_name(name) == shown


def test_who_wants_no_name_has_none(kopi):
    assert write(arrived(), is_named=False).name == ""


def test_a_reply_is_given_corrected_and_taken_away(kopi):
    review = write(arrived())
    replied = moderating.reply(review_id=review.pk, text=" Terima kasih. ", by="Ibu Rahma", now=NOW)
    assert (replied.reply, replied.replied_by, replied.replied_at) == ("Terima kasih.", "Ibu Rahma", NOW)
    later = NOW + timedelta(days=3)
    assert moderating.reply(review_id=review.pk, text="Makasih.", by="Koperasi", now=later).replied_at == NOW
    gone = moderating.reply(review_id=review.pk, text="", by="Koperasi", now=later)
    assert (gone.reply, gone.replied_by, gone.replied_at) == ("", "", None)


def test_the_summary_counts_by_stars(kopi):
    product = make.product(on_hand=50)
    for stars, count in ((5, 4), (4, 1), (1, 1)):
        for _each in range(count):
            order = make.order(cart={product.variants.get().pk: 1})
            Order.objects.filter(pk=order.pk).update(state=OrderState.COMPLETED)
            show(write(order.lines.get(), stars=stars))
    found = reading.summary(product)
    assert [(row.stars, row.count, row.percent) for row in found.rows] == [
        (5, 4, 67), (4, 1, 17), (3, 0, 0), (2, 0, 0), (1, 1, 17),
    ]  # fmt: skip
    assert (found.count, found.stars, found.hidden) == (6, 25, 0)
    assert reading.page(product, stars=4).reviews == [Review.objects.get(stars=4)]


def test_reviews_come_in_pages_of_six_newest_first(kopi):
    product = make.product(on_hand=50)
    for number in range(8):
        order = make.order(cart={product.variants.get().pk: 1})
        Order.objects.filter(pk=order.pk).update(state=OrderState.COMPLETED)
        at = NOW + timedelta(minutes=number)
        show(writing.write_review(line_id=order.lines.get().pk, stars=5, text=str(number), language="id", now=at))
    first, second = reading.page(product), reading.page(product, number=2)
    assert ([each.text for each in first.reviews], first.has_next) == (["7", "6", "5", "4", "3", "2"], True)
    assert ([each.text for each in second.reviews], second.has_next) == (["1", "0"], False)


def test_how_fast_a_member_answers_is_the_median_and_only_said_after_three(kopi):
    seller = make.member()
    product = make.product(seller=seller, on_hand=50)
    for hours in (1, 30, 2):
        assert reading.reply_time(seller) is None
        order = make.order(cart={product.variants.get().pk: 1})
        Order.objects.filter(pk=order.pk).update(state=OrderState.COMPLETED)
        review = write(order.lines.get())
        show(review)
        moderating.reply(review_id=review.pk, text="Ya.", by="Budi", now=NOW + timedelta(hours=hours))
    assert reading.reply_time(seller) == timedelta(hours=2)


@pytest.mark.breaks("I14")
def test_stars_that_nobody_gave_are_seen(kopi):

    Product.objects.filter(pk=make.product().pk).update(rating_sum=5, rating_count=1)
    assert [line.split()[0] for line in broken_invariants(now=NOW)] == ["I14"]


@pytest.mark.breaks("I14")
def test_a_photo_in_the_open_before_its_review_is_shown_is_seen(kopi):

    write(arrived(), pictures=[photo(size=(20, 20))])
    ReviewPhoto.objects.update(thumb=f"{kopi.uid.hex}/reviews/a.webp")
    assert [line.split()[0] for line in broken_invariants(now=NOW)] == ["I14"]
