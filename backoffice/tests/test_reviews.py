"""Officers decide about reviews, members answer."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from catalog.models import Product
from members.models import Member
from reviews import moderating, writing
from reviews.models import Review
from tests import make
from tests.browsing import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def petugas(people) -> Browser:
    return people["petugas"]


@pytest.fixture
def review(world) -> Review:
    return world.review


def seen(review: Review) -> str:
    return f"{review.pk}:{review.created_at.isoformat()}"


def state(review: Review) -> str:
    return Review.objects.get(pk=review.pk).state


def shown(review: Review) -> Review:
    moderating.show(seen={review.pk: review.created_at}, by="Petugas", now=make.NOW)
    return review


def test_what_waits_stands_on_the_page_and_among_the_tasks(petugas, review):
    page = petugas.get("/kelola/ulasan/").content.decode()
    assert "Harum." in page and "Siti A." in page and "Menunggu (1)" in page
    assert f"/kelola/ulasan/foto/{review.photos.get().pk}/?kecil" in page
    assert seen(review) in page.replace("&amp;", "&")
    assert "Ulasan perlu diperiksa" in petugas.get("/kelola/").content.decode()


def test_ticked_ones_are_shown_and_the_shelf_counts_them(petugas, review):
    answer = petugas.post("/kelola/ulasan/tayangkan/", {"seen": [seen(review), "x", "1:gestern", "-1:2026-01-01"]})
    assert (answer.status_code, answer["Location"]) == (302, "/kelola/ulasan/")
    assert state(review) == "shown"
    assert Review.objects.get().decided_by == "Petugas"
    assert Product.objects.values_list("rating_sum", "rating_count").get(pk=review.product_id) == (4, 1)


def test_what_was_written_anew_meanwhile_waits_on(petugas, review):
    read = seen(review)
    Review.objects.filter(pk=review.pk).update(text="Kasar", created_at=make.NOW + timedelta(minutes=1))
    petugas.post("/kelola/ulasan/tayangkan/", {"seen": [read]})
    petugas.post(f"/kelola/ulasan/{review.pk}/sembunyikan/", {"reason": "rude", "seen": read.partition(":")[2]})
    assert state(review) == "waiting"


def test_hidden_with_a_reason_from_the_list_and_with_no_other(petugas, review):
    path, moment = f"/kelola/ulasan/{review.pk}/sembunyikan/", review.created_at.isoformat()
    for wrong in ({"reason": "bintang sedikit", "seen": moment}, {"seen": moment}, {"reason": "rude"}):
        petugas.post(path, wrong)
        assert state(review) == "waiting", wrong
    petugas.post(path, {"reason": "private", "seen": moment, "status": "shown"})
    found = Review.objects.get()
    assert (found.state, found.reason, found.decided_by) == ("hidden", "private", "Petugas")
    page = petugas.get("/kelola/ulasan/?status=hidden").content.decode()
    assert "memuat data pribadi" in page and "Tayangkan yang dicentang" in page


def test_a_photo_that_waits_is_seen_by_officers_alone(petugas, people, review):
    photo = review.photos.get()
    path = f"/kelola/ulasan/foto/{photo.pk}/"
    answer = petugas.get(path)
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, b"RIFF")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in answer["Cache-Control"]
    for who in ("member", "customer", "pengurus of another cooperative"):
        assert people[who].get(path).status_code in (302, 404), who
    assert people["nobody"].get(f"/media/{photo.name}").status_code == 404
    default_storage.delete(str(photo.name))
    assert petugas.get(path).status_code == 404


def test_the_cooperative_answers_in_its_own_name(petugas, review):
    shown(review)
    petugas.post(f"/kelola/ulasan/{review.pk}/balas/", {"reply": "Terima kasih.", "status": "shown"})
    found = Review.objects.get()
    assert (found.reply, found.replied_by) == ("Terima kasih.", "Koperasi Kopi Gayo")
    petugas.post(f"/kelola/ulasan/{review.pk}/balas/", {"reply": "x" * 501})
    assert Review.objects.get().reply == "Terima kasih."


def test_a_member_answers_what_is_said_about_their_own_goods(people, review):
    member = people["member"]
    assert "Harum." not in member.get("/kelola/saya/ulasan/").content.decode()  # it still waits
    assert member.post(f"/kelola/saya/ulasan/{review.pk}/balas/", {"reply": "x"}).status_code == 404
    shown(review)
    assert "Harum." in member.get("/kelola/saya/ulasan/?status=belum").content.decode()
    member.post(f"/kelola/saya/ulasan/{review.pk}/balas/", {"reply": "Terima kasih, Bu."})
    found = Review.objects.get()
    assert (found.reply, found.replied_by) == ("Terima kasih, Bu.", "Ibu Rahma")
    assert "Semua ulasan sudah dijawab." in member.get("/kelola/saya/ulasan/?status=belum").content.decode()


def test_a_member_cannot_answer_for_another(kopi, review):
    shown(review)
    other = make.member(name="Pak Lain", number="B-1", email="lain@kopi.example")
    make.product(seller=other)
    answer = Browser(user=other.user).post(f"/kelola/saya/ulasan/{review.pk}/balas/", {"reply": "Bohong."})
    assert answer.status_code == 404
    assert Review.objects.get().reply == ""


def test_a_page_of_reviews_asks_the_database_a_fixed_number_of_times(
    petugas, world, seller, django_assert_max_num_queries
):
    product = make.product(title="Kopi Lain", seller=seller, on_hand=50)
    for number in range(12):
        order = make.order(cart={product.variants.get().pk: 1})
        type(order).objects.filter(pk=order.pk).update(state="delivered")
        writing.write_review(line_id=order.lines.get().pk, stars=5, text=f"Nomor {number}", language="id", now=make.NOW)
    with django_assert_max_num_queries(14):
        page = petugas.get("/kelola/ulasan/").content.decode()
    assert "Nomor 11" in page


def test_no_order_of_a_member_is_named_to_them(people, review):
    """The buyer is the cooperative's to know."""
    shown(review)
    page = people["member"].get("/kelola/saya/ulasan/").content.decode()
    assert review.line.order.code not in page and "Siti Aminah" not in page
    assert Member.objects.count() == 1
