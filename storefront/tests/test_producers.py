"""Members who sell, as visitors meet them."""

from datetime import timedelta

import pytest

from catalog.models import Product
from members.models import Member
from orders.models import Order, OrderState
from reviews import moderating, writing
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def rahma(kopi) -> Member:
    member = make.member(name="Ibu Rahma")
    fields = {"origin_code": "11.04", "story": "Kebun di lereng.", "story_en": "A garden on the slope."}
    Member.objects.filter(pk=member.pk).update(phone="+6281200000001", bank_account="0102030405", **fields)
    member.refresh_from_db()
    return member


def page(visitor, path: str) -> str:
    answer = visitor.get(path)
    assert answer.status_code == 200, answer.headers.get("Location")
    return answer.content.decode()


def reviewed(product: Product, stars: int) -> None:
    order = make.order(cart={product.variants.get().pk: 1})
    Order.objects.filter(pk=order.pk).update(state=OrderState.COMPLETED)
    line = order.lines.get()
    review = writing.write_review(line_id=line.pk, stars=stars, text="", language="id", now=make.NOW)
    moderating.show(seen={review.pk: make.NOW}, by="Petugas", now=make.NOW)
    moderating.reply(review_id=review.pk, text="Ya.", by="Rahma", now=make.NOW + timedelta(hours=30))


def test_a_producer_has_place_story_goods_and_figures_that_are_true(visitor, rahma):
    product = make.product(title="Kopi Wine", seller=rahma, on_hand=50)
    make.product(title="Kopi Madu", seller=rahma)
    make.product(title="Batik", seller=make.member(name="Orang Lain"))
    make.product(title="Kopi Disembunyikan", seller=rahma, state=Product.State.PAUSED)
    shown = page(visitor, rahma.get_absolute_url())
    assert rahma.get_absolute_url() == f"/produsen/{rahma.pk}/ibu-rahma/"
    for part in ("Ibu Rahma", "Bebesen, Kab. Aceh Tengah", "Kebun di lereng.", "2019", "Kopi Wine", "Kopi Madu"):
        assert part in shown
    for part in ("Batik", "Kopi Disembunyikan", "dari 5 bintang", "Biasanya menjawab"):
        assert part not in shown
    for stars in (5, 4, 4):
        reviewed(product, stars)
    shown = page(visitor, rahma.get_absolute_url())
    assert "4,3" in shown and "dalam 2 hari" in shown


def test_phone_and_bank_account_are_nobody_s_to_read(visitor, rahma):
    make.product(seller=rahma)
    for path in (rahma.get_absolute_url(), "/produsen/"):
        shown = page(visitor, path)
        assert "81200000001" not in shown and "0102030405" not in shown


def test_a_story_that_was_translated_is_read_in_english_and_one_that_was_not_says_so(visitor, rahma):
    make.product(seller=rahma)
    address = f"/en/produsen/{rahma.pk}/ibu-rahma/"
    english = page(visitor, address)
    assert "A garden on the slope." in english and 'lang="en">' in english and "Kebun" not in english
    Member.objects.filter(pk=rahma.pk).update(story_en="")
    untranslated = page(visitor, address)
    assert '<div class="story prose-shop mt-5" lang="id"><p>Kebun di lereng.</p>' in untranslated


def test_who_sells_nothing_has_no_page_and_is_in_no_list(visitor, rahma):
    make.product(seller=rahma, state=Product.State.PAUSED)
    assert visitor.get(rahma.get_absolute_url()).status_code == 404
    assert "Ibu Rahma" not in page(visitor, "/produsen/")
    assert visitor.get("/produsen/999999/siapa/").status_code == 404


def test_an_old_name_in_the_address_leads_to_the_new_one(visitor, rahma):
    make.product(seller=rahma)
    answer = visitor.get(f"/produsen/{rahma.pk}/rahmawati/")
    assert (answer.status_code, answer["Location"]) == (301, rahma.get_absolute_url())


def test_a_name_without_latin_letters_has_an_address(visitor, rahma):
    make.product(seller=rahma)
    Member.objects.filter(pk=rahma.pk).update(name="ꦫꦃꦩ")
    rahma.refresh_from_db()
    assert rahma.get_absolute_url() == f"/produsen/{rahma.pk}/produsen/"
    page(visitor, rahma.get_absolute_url())


def test_the_list_counts_what_is_on_sale_and_goes_on_by_links(visitor, kopi):
    for number in range(26):
        make.product(title=f"Barang {number}", seller=make.member(name=f"Anggota {number:02d}"))
    first, second = page(visitor, "/produsen/"), page(visitor, "/produsen/?halaman=2")
    assert first.count("1 produk") == 24 and "?halaman=2" in first and "?halaman=1" not in first
    assert second.count("1 produk") == 2 and "Anggota 25" in second and "?halaman=1" in second


def test_the_page_can_be_passed_on_without_javascript(visitor, rahma):
    make.product(seller=rahma)
    shown = page(visitor, rahma.get_absolute_url())
    assert "https://wa.me/?text=Ibu%20Rahma%2C%20produsen%20di%20Koperasi%20Kopi%20Gayo%20" in shown
    assert "kopi-gayo.localhost" in shown and f"%2Fprodusen%2F{rahma.pk}%2Fibu-rahma%2F" in shown


def test_goods_come_in_pages_and_in_the_wanted_order(visitor, rahma):
    for number in range(25):
        make.product(title=f"Barang {number:02d}", seller=rahma, price=10_000 + number)
    shown = page(visitor, f"{rahma.get_absolute_url()}?urut=termurah")
    assert "Barang 00" in shown and "Barang 24" not in shown and "urut=termurah&amp;page=2" in shown
    assert "Barang 24" in page(visitor, f"{rahma.get_absolute_url()}?urut=termurah&page=2")
