"""What buyers say, on the order's page, on the product's, and on one of its own."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from catalog.models import Product
from orders.models import Order, OrderState
from reviews import moderating, writing
from reviews.models import Reason, Review, ReviewPhoto
from tests import make

pytestmark = pytest.mark.django_db


def arrived(product: Product | None = None, *, state: str = OrderState.DELIVERED) -> Order:
    product = product or make.product(title="Kopi Gayo Wine", on_hand=50)
    order = make.order(cart={product.variants.get().pk: 1})
    Order.objects.filter(pk=order.pk).update(state=state)
    return Order.objects.get(pk=order.pk)


def address(order: Order) -> str:
    return f"/pesanan/{order.token}/ulasan/{order.lines.get().pk}/"


def shown(product: Product, *, stars: int, text: str = "Harum.", **more: object) -> Review:
    order = arrived(product)
    review = writing.write_review(
        line_id=order.lines.get().pk, stars=stars, text=text, language="id", now=make.NOW, **more
    )
    moderating.show(seen={review.pk: review.created_at}, by="Petugas", now=make.NOW)
    return review


def photo(name: str = "kopi.jpg") -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", (400, 300), "peru").save(buffer, "JPEG")
    return SimpleUploadedFile(name, buffer.getvalue(), "image/jpeg")


def test_a_buyer_finds_the_form_on_their_order_and_writes_without_javascript(visitor):
    order = arrived()
    page = visitor.get(f"/pesanan/{order.token}/").content.decode()
    assert "Bagaimana barangnya?" in page and address(order) in page
    form = visitor.get(address(order)).content.decode()
    assert 'type="radio"' in form and " checked" not in form  # nobody is led to five stars
    answer = visitor.post(address(order), {"stars": "4", "text": "Harum sekali.", "photos": [photo(), photo("b.jpg")]})
    assert (answer.status_code, answer["Location"]) == (302, f"/pesanan/{order.token}/")
    review = Review.objects.get()
    assert (review.stars, review.text, review.name, review.state, review.language) == (
        4, "Harum sekali.", "Siti A.", "waiting", "id",
    )  # fmt: skip
    assert ReviewPhoto.objects.count() == 2
    again = visitor.get(f"/pesanan/{order.token}/").content.decode()
    assert "Menunggu diperiksa pengurus" in again and "Ubah ulasan" in again


@pytest.mark.parametrize("state", [OrderState.AWAITING_PAYMENT, OrderState.SHIPPED, OrderState.RETURNED])
def test_before_the_goods_are_there_nothing_is_asked_and_nothing_taken(visitor, state):
    order = arrived(state=state)
    assert "Bagaimana barangnya?" not in visitor.get(f"/pesanan/{order.token}/").content.decode()
    for answer in (visitor.get(address(order)), visitor.post(address(order), {"stars": "5"})):
        assert (answer.status_code, answer["Location"]) == (302, f"/pesanan/{order.token}/")
    assert Review.objects.count() == 0


def test_the_key_is_the_order_s_own_link(visitor):
    order, other = arrived(), arrived(make.product(title="Madu"))
    assert visitor.post(f"/pesanan/{'x' * 22}/ulasan/{order.lines.get().pk}/", {"stars": "1"}).status_code == 404
    crossed = f"/pesanan/{order.token}/ulasan/{other.lines.get().pk}/"
    assert visitor.post(crossed, {"stars": "1"}).status_code == 404
    assert Review.objects.count() == 0


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Pilih 1 sampai 5 bintang."),
        ({"stars": "6"}, "6"),
        ({"stars": "5", "text": "x" * 1001}, "1000"),
        ({"stars": "5", "photos": [b"<svg/>"]}, "foto"),
        ({"stars": "5", "photos": [b"a", b"b", b"c", b"d"]}, "Paling banyak 3 foto."),
    ],
    ids=["no stars", "six stars", "too long", "no photo", "too many"],
)
def test_a_mistake_is_said_beside_what_was_written(visitor, sent, said):
    order = arrived()
    files = [SimpleUploadedFile(f"{number}.jpg", data) for number, data in enumerate(sent.get("photos", []))]
    answer = visitor.post(address(order), {"text": "Enak.", **sent, "photos": files})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert sent.get("text", "Enak.") in answer.content.decode()
    assert Review.objects.count() == 0


def test_no_more_than_ten_times_an_hour(visitor):
    order = arrived()
    sent = [visitor.post(address(order), {"stars": "5", "text": str(number)}).status_code for number in range(11)]
    assert sent == [302] * 10 + [422]
    assert Review.objects.get().text == "9"


def test_a_waiting_review_is_nowhere_in_the_shop(visitor):
    product = make.product(on_hand=50)
    order = arrived(product)
    writing.write_review(
        line_id=order.lines.get().pk, stars=1, text="RAHASIA", language="id", now=make.NOW,
        pictures=[("a.jpg", photo().read())],
    )  # fmt: skip
    page = visitor.get(f"/produk/{product.slug}/ulasan/")
    assert "RAHASIA" not in page.content.decode() and "Belum ada ulasan." in page.content.decode()
    stored = ReviewPhoto.objects.get()
    assert [visitor.get(f"/media/{name}").status_code for name in (stored.name, stored.thumb)] == [404, 404]


def test_a_hidden_one_is_counted_in_the_open_and_its_buyer_reads_why(visitor):
    product = make.product(on_hand=50)
    review = shown(product, stars=1, text="Kasar.")
    moderating.hide(review_id=review.pk, seen=review.created_at, reason=Reason.RUDE, by="Ketua", now=make.NOW)
    page = visitor.get(f"/produk/{product.slug}/ulasan/").content.decode()
    assert "Kasar." not in page and "1 ulasan tidak ditayangkan karena melanggar aturan." in page
    mine = visitor.get(f"/pesanan/{review.line.order.token}/").content.decode()
    assert "Ulasan Anda tidak ditayangkan: kata kasar atau menyerang orang" in mine
    assert "Ubah ulasan" not in mine


def test_shown_reviews_with_summary_photos_and_answer(visitor, django_capture_on_commit_callbacks):
    product = make.product(title="Kopi", on_hand=50)
    with django_capture_on_commit_callbacks(execute=True):
        review = shown(product, stars=5, text="Harum.\n\nBeli lagi.", pictures=[("a.jpg", photo().read())])
    shown(product, stars=2, text="<b>Pahit</b>", is_named=False)
    moderating.reply(review_id=review.pk, text="Terima kasih!", by="Ibu Rahma", now=make.NOW)
    page = visitor.get(f"/produk/{product.slug}/ulasan/").content.decode()
    assert "3,5" in page and "2 ulasan" in page
    assert "&lt;b&gt;Pahit&lt;/b&gt;" in page and "<p>Beli lagi.</p>" in page
    assert "Siti A." in page and "Siti Aminah" not in page and "Jawaban Ibu Rahma" in page
    stored = ReviewPhoto.objects.get()
    assert f"/media/{stored.thumb}" in page
    assert visitor.get(f"/media/{stored.name}").status_code == 200


def test_stars_in_the_address_narrow_and_nonsense_does_not(visitor):
    product = make.product(on_hand=50)
    shown(product, stars=5, text="Lima.")
    shown(product, stars=1, text="Satu.")
    base = f"/produk/{product.slug}/ulasan/"
    one = visitor.get(f"{base}?bintang=1").content.decode()
    assert "Satu." in one and "Lima." not in one and 'aria-current="true"' in one
    assert "Tidak ada ulasan dengan bintang ini." in visitor.get(f"{base}?bintang=3").content.decode()
    for nonsense in ("?bintang=9", "?bintang=%C2%B2", "?bintang=-1&halaman=0", "?halaman=99999999"):
        answer = visitor.get(base + nonsense)
        assert answer.status_code == 200 and "Lima." in answer.content.decode(), nonsense


def test_htmx_gets_the_part_alone_and_pages_are_links(visitor):
    product = make.product(on_hand=50)
    for number in range(7):
        shown(product, stars=5, text=f"Nomor {number}.")
    base = f"/produk/{product.slug}/ulasan/"
    part = visitor.get(base, headers={"HX-Request": "true", "HX-Target": "ulasan"}).content.decode()
    assert part.startswith("<section") and "<html" not in part and f"{base}?halaman=2" in part
    second = visitor.get(f"{base}?halaman=2").content.decode()
    assert "Nomor 0." in second and "Nomor 6." not in second and f"{base}?halaman=1" in second


def test_reviews_of_what_is_not_on_sale_are_not_there(visitor):
    product = make.product(state=Product.State.PAUSED)
    assert visitor.get(f"/produk/{product.slug}/ulasan/").status_code == 404
    assert visitor.get("/produk/tidak-ada/ulasan/").status_code == 404


def test_the_product_s_page_has_them(visitor):
    make.rate()
    product = make.product(on_hand=50)
    shown(product, stars=4, text="Enak.")
    page = visitor.get(product.get_absolute_url()).content.decode()
    assert "Enak." in page and 'id="ulasan"' in page


def test_the_card_says_stars_and_pieces_only_where_there_are_some(visitor):
    product = make.product(title="Kopi", on_hand=50)
    card = visitor.get("/kategori/kopi/").content.decode()
    assert "★" not in card and "Terjual" not in card
    shown(product, stars=5)
    shown(product, stars=4)
    Product.objects.filter(pk=product.pk).update(sold=1_234)
    card = visitor.get("/kategori/kopi/").content.decode()
    assert "4,5" in card and "dari 5 bintang" in card and "Terjual 1,2\N{NO-BREAK SPACE}rb+" in card
    assert "Budi Santoso<span> · Bebesen</span>" in card
    product.member.origin_code = "11.04"
    product.member.save()
    assert "Budi Santoso<span> · Kab. Aceh Tengah</span>" in visitor.get("/kategori/kopi/").content.decode()


def test_nothing_is_ticked_beforehand_and_nothing_counts_down(visitor):
    """Honest design: the buyer's own choice, and times as they are on a clock."""
    make.rate()
    product = make.product(on_hand=50)
    order = arrived(product)
    visitor.post("/keranjang/tambah/", {"v": product.variants.get().pk, "quantity": 1})
    for path in (product.get_absolute_url(), "/keranjang/", "/checkout/", address(order)):
        page = visitor.get(path).content.decode()
        boxes = [part.split(">")[0] for part in page.split("<input")[1:] if 'type="checkbox"' in part.split(">")[0]]
        assert [box for box in boxes if "checked" in box] == [], path
        assert "data-countdown" not in page and "orang sedang melihat" not in page, path
