"""A member lists goods: what is typed is kept, what is sent twice is one, nothing of others is reached."""

import io
import uuid

import brotli
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from PIL import Image

from backoffice.listing import desk as desks
from catalog.models import Picture, Product, Proposal
from inventory import approving
from inventory.models import Stock
from members.models import Member
from tenants.models import Cooperative
from tests import make
from tests.browsing import Browser

NEW = "/kelola/saya/produk/baru/"
SAVE = "/kelola/saya/produk/simpan/"
PHOTO = "/kelola/saya/produk/foto/"
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def rahma(kopi: Cooperative) -> Member:
    return make.member(name="Ibu Rahma", number="A-007", email="rahma@kopi.example")


@pytest.fixture
def phone(rahma: Member) -> Browser:
    return Browser(user=rahma.user)


def form(**changes: object) -> dict[str, object]:
    """A whole listing, as the page sends it."""
    fields = {
        "key": str(uuid.uuid4()), "version": "0", "rows": "1", "title": "Keripik Pisang Manis",
        "category": make.category("Makanan").pk, "description": "Renyah, digoreng pagi hari.",
        "condition": "new", "min_per_order": "1",
        "c0-price": "15rb", "c0-weight_g": "0,25 kg", "c0-pieces": "12", "do": "ajukan",
    }  # fmt: skip
    return {**fields, **changes}


def image(colour: str = "peru", *, side: int = 900) -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(file, "JPEG")
    file.name = "foto.jpg"
    file.seek(0)
    return file


def test_a_listing_goes_to_the_officers_and_says_all_that_was_typed(phone, rahma):
    answer = phone.post(NEW, form())
    assert (answer.status_code, answer["Location"]) == (302, "/kelola/saya/")
    proposal = Proposal.objects.get()
    assert (proposal.state, proposal.member, Product.objects.count()) == ("submitted", rahma, 0)
    (choice,) = proposal.content["choices"]
    assert (choice["price"], choice["weight_g"], choice["pieces"]) == (15_000, 250, 12)


def test_where_nobody_is_asked_it_is_on_sale_at_once_with_its_pieces(phone, rahma):
    Member.objects.filter(pk=rahma.pk).update(is_trusted=True)
    phone.post(NEW, form(photos=[image(), image("navy")]))
    product = Product.objects.get()
    variant = product.variants.get()
    assert (product.title, product.state, product.pictures.count()) == ("Keripik Pisang Manis", "live", 2)
    assert (variant.price, Stock.objects.get(pk=variant.pk).on_hand) == (15_000, 12)


def test_sent_twice_it_is_one(phone, rahma):
    Member.objects.filter(pk=rahma.pk).update(is_trusted=True)
    sent = form()
    for _time in range(2):
        answer = phone.post(NEW, sent)
        assert (answer.status_code, answer["Location"]) == (302, "/kelola/saya/")
    assert (Product.objects.count(), Proposal.objects.count(), Stock.objects.get().on_hand) == (1, 1, 12)
    assert phone.post(NEW, sent, **JSON).json() == {"go": "/kelola/saya/"}


def save(phone: Browser, fields: dict, **changes: object) -> dict:
    answer = phone.post(SAVE, {**fields, **changes}, **JSON)
    assert answer.status_code == 200, answer.text
    return {name: value for name, value in answer.json().items() if name in ("version", "state", "taken")}


def test_a_save_that_arrives_late_does_not_undo_a_newer_one_and_says_so(phone, rahma):
    fields = form(title="Keripik")
    assert save(phone, fields, version="2", title="Keripik Pisang") == {"version": 2, "state": "draft", "taken": True}
    assert save(phone, fields, version="1") == {"version": 2, "state": "draft", "taken": False}
    assert save(phone, fields, version="2", title="Keripik Pisang")["taken"] is True  # the same one, sent again
    assert Proposal.objects.get().content["title"] == "Keripik Pisang"
    phone.post(NEW, {**fields, "do": "simpan", "title": "Keripik Singkong"})  # a button counts, whatever its version
    assert Proposal.objects.get().content["title"] == "Keripik Singkong"


def test_a_draft_is_found_again_with_what_cannot_be_read(phone, rahma):
    fields = form(**{"c0-price": "nanti tanya Ibu", "origin": "kampung"})
    save(phone, fields, version="1")
    assert "Keripik Pisang Manis" in phone.get("/kelola/saya/").text
    page = phone.get(f"{NEW}?draf={fields['key']}")
    assert 'value="nanti tanya Ibu"' in page.text
    assert 'value="kampung"' in page.text
    refused = phone.post(NEW, {**fields, "version": "1"})
    assert refused.status_code == 422
    assert [one.target for one in refused.context["troubles"]] == ["id_origin", "id_c0-price"]
    assert Proposal.objects.get().state == "draft"


def send_photo(phone: Browser, key: str, file: io.BytesIO, **more: object) -> HttpResponse:
    return phone.post(PHOTO, {"key": key, "photo": file, **more}, **JSON)


def test_a_photo_comes_before_the_first_word_and_twice_is_once(phone, rahma):
    key = str(uuid.uuid4())
    first, second = (send_photo(phone, key, image()).json()["picture"] for _time in range(2))
    assert first == second == Picture.objects.get().pk
    phone.post(NEW, form(key=key, **{f"alt-{first}": "Keripik dalam mangkuk"}))
    shown = Proposal.objects.get().content["pictures"]
    assert shown == [{"picture": first, "alt": "Keripik dalam mangkuk"}]


def test_a_save_that_was_under_way_when_a_photo_arrived_does_not_lose_the_photo(phone, rahma):
    fields = form()
    picture = send_photo(phone, fields["key"], image()).json()["picture"]
    save(phone, fields, version="1")  # written before the photo had its place in the form
    assert Proposal.objects.get().content["pictures"] == [{"picture": picture, "alt": ""}]


def photos_on(phone: Browser, key: str) -> list[int]:
    return [photo.pk for photo, _alt in phone.get(f"{NEW}?draf={key}").context["photos"]]


def test_a_photo_that_was_taken_out_stays_out_and_one_that_has_no_place_yet_is_shown(phone, rahma):
    fields = form()
    first, second = (send_photo(phone, fields["key"], image(colour)).json()["picture"] for colour in ("red", "blue"))
    assert photos_on(phone, fields["key"]) == [first, second]  # the tab was closed before anything was saved
    save(phone, fields, version="1", picture=[first, second], drop=[first])
    assert photos_on(phone, fields["key"]) == [second]
    save(phone, fields, version="2", picture=[second])  # a page that does not know the first one any more
    assert photos_on(phone, fields["key"]) == [second]
    save(phone, fields, version="3", picture=[second, first], main=first)  # a page on which it was put back
    assert photos_on(phone, fields["key"]) == [first, second]


def test_what_is_no_photo_is_refused_with_the_reason_and_not_kept(phone, rahma):
    file = io.BytesIO(b"GIF89a not really")
    file.name = "foto.jpg"
    answer = send_photo(phone, str(uuid.uuid4()), file)
    assert (answer.status_code, bool(answer.json()["error"]), Picture.objects.count()) == (422, True, 0)


def test_twelve_photos_are_enough_but_the_twelfth_may_come_again(phone, rahma, monkeypatch):
    monkeypatch.setattr(desks, "MOST_PICTURES", 2)
    key = str(uuid.uuid4())
    for colour in ("red", "blue", "blue"):
        assert send_photo(phone, key, image(colour)).status_code == 200
    answer = send_photo(phone, key, image("green"))
    assert (answer.status_code, answer.json()["error"]) == (422, "Paling banyak 2 foto.")
    assert Picture.objects.count() == 2


def test_what_arrives_after_it_was_submitted_changes_nothing(phone, rahma):
    fields = form()
    phone.post(NEW, fields)
    late = save(phone, fields, version="99", title="Lain")
    assert late == {"version": 1, "state": "submitted", "taken": False}
    assert send_photo(phone, fields["key"], image()).status_code == 422
    assert (Proposal.objects.get().content["title"], Picture.objects.count()) == ("Keripik Pisang Manis", 0)
    assert "menunggu diperiksa" in phone.get(f"{NEW}?draf={fields['key']}").text


def test_what_waits_is_taken_back_changed_and_submitted_again(phone, rahma):
    fields = form()
    phone.post(NEW, fields)
    answer = phone.post("/kelola/saya/produk/tarik/", {"key": fields["key"]})
    assert answer["Location"] == f"{NEW}?draf={fields['key']}"
    assert phone.get(answer["Location"]).context["form"]["title"].value() == "Keripik Pisang Manis"
    phone.post(NEW, {**fields, "title": "Keripik Pisang Asin"})
    proposal = Proposal.objects.get()
    assert (proposal.state, proposal.content["title"]) == ("submitted", "Keripik Pisang Asin")
    kinds = proposal.events.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["submitted", "withdrawn", "submitted"]


def test_a_draft_is_thrown_away_and_what_was_decided_is_not(phone, rahma):
    fields = form()
    save(phone, fields, version="1")
    for _time in range(2):
        phone.post("/kelola/saya/produk/buang/", {"key": fields["key"]})
    assert Proposal.objects.get().state == "withdrawn"
    assert phone.get(f"{NEW}?draf={fields['key']}")["Location"] == "/kelola/saya/"
    Member.objects.filter(pk=rahma.pk).update(is_trusted=True)
    sold = form()
    phone.post(NEW, sold)
    for address in ("/kelola/saya/produk/buang/", "/kelola/saya/produk/tarik/"):
        phone.post(address, {"key": sold["key"]})
    assert Proposal.objects.get(key=sold["key"]).state == "applied"


def test_the_reason_for_which_it_came_back_is_on_the_page_and_in_the_list(phone, rahma):
    fields = form()
    phone.post(NEW, fields)
    approving.return_to_member(
        proposal_id=Proposal.objects.get().pk, reason="Fotonya gelap.", by="Petugas", now=make.NOW
    )
    for address in ("/kelola/saya/", f"{NEW}?draf={fields['key']}"):
        assert "Fotonya gelap." in phone.get(address).text


def of_product(product: Product, **changes: object) -> dict[str, object]:
    variant = product.variants.get()
    row = {"c0-variant": variant.pk, "c0-price": "65.000", "c0-weight_g": "250", "c0-sku": variant.sku}
    said = {"title": product.title, "description": product.description, "category": product.category_id}
    return form(**{**said, **row, **changes})


def test_a_change_waits_while_the_old_one_is_sold_and_two_phones_write_one_change(phone, rahma):
    product = make.product(seller=rahma)
    page = f"/kelola/saya/produk/{product.pk}/"
    fields = of_product(product, title="Kopi Gayo Honey", produk=product.pk)
    save(phone, fields, version="1")
    other = {**fields, "key": str(uuid.uuid4()), "title": "Kopi Gayo Natural"}
    answer = phone.post(SAVE, {**other, "version": "1"}, **JSON).json()
    assert (answer["key"], answer["version"], answer["taken"]) == (fields["key"], 1, False)  # the page sends it again
    assert save(phone, {**other, "key": answer["key"]}, version="2")["taken"] is True
    phone.post(page, {**other, "key": answer["key"]})
    product.refresh_from_db()
    proposal = Proposal.objects.get()
    assert (proposal.state, product.title) == ("submitted", "Kopi Arabika Gayo")
    approving.approve(proposal_id=proposal.pk, by="Petugas", now=make.NOW)
    product.refresh_from_db()
    assert (product.title, product.variants.count()) == ("Kopi Gayo Natural", 1)


def test_nothing_of_another_member_is_reached(phone, rahma):
    budi = make.member(name="Budi", email="budi@kopi.example")
    fields, product = form(), make.product(seller=rahma)
    save(phone, fields, version="1")
    before = list(Proposal.objects.values())
    stranger = Browser(user=budi.user)
    key = {"key": fields["key"]}
    own = f"/kelola/saya/produk/{product.pk}/"
    asked = [
        stranger.get(f"{NEW}?draf={fields['key']}"),
        stranger.post(NEW, {**fields, "title": "Curian"}),
        stranger.post(SAVE, {**fields, "title": "Curian", "version": "9"}),
        stranger.post(SAVE, {**fields, "title": "Curian", "version": "9", "anggota": rahma.pk}),
        stranger.post(SAVE, form(produk=product.pk, version="9")),
        send_photo(stranger, fields["key"], image()),
        send_photo(stranger, str(uuid.uuid4()), image(), produk=product.pk),
        stranger.post("/kelola/saya/produk/buang/", key),
        stranger.post("/kelola/saya/produk/tarik/", key),
        stranger.get(own),
        stranger.post(own, of_product(product, title="Curian")),
    ]
    assert [answer.status_code for answer in asked] == [404] * len(asked)
    assert (list(Proposal.objects.values()), Picture.objects.count()) == (before, 0)


def test_a_save_without_a_key_belongs_to_its_product_or_to_nothing(phone, rahma):
    product = make.product(title="Keripik Pisang", seller=rahma)
    fields = {name: value for name, value in form().items() if name != "key"}
    for _ in range(2):
        assert phone.post(SAVE, {**fields, "produk": product.pk}, **JSON).status_code == 200
    assert [proposal.product for proposal in Proposal.objects.all()] == [product]
    assert phone.post(SAVE, fields, **JSON).status_code == 404
    assert Proposal.objects.count() == 1


def test_an_officer_writes_for_a_member_and_it_is_sold_at_once(kopi, rahma):
    officer = Browser(user=make.officer(role="petugas"))
    fields = form(anggota=rahma.pk)
    save(officer, fields, version="1", title="Setengah")
    assert Proposal.objects.get().member == rahma
    answer = officer.post("/kelola/produk/baru/", fields)
    product = Product.objects.get()
    assert answer["Location"] == f"/kelola/produk/{product.pk}/"
    assert (product.member, product.state) == (rahma, "live")
    again = officer.post("/kelola/produk/baru/", fields)
    assert (again["Location"], Product.objects.count()) == (answer["Location"], 1)


def test_a_product_with_a_hundred_choices_fits_into_the_form(phone, rahma):
    letters = "ABCDEFGHIJ"
    fields = form(axis1="Baris", values1=", ".join(letters), axis2="Kolom", values2=", ".join(letters.lower()))
    phone.post(NEW, {**fields, "do": "simpan"})
    page = phone.get(f"{NEW}?draf={fields['key']}")
    for number, line in enumerate(page.context["lines"]):
        fields |= {f"c{number}-{name}": line.form[name].value() or "" for name in line.form.fields}
        fields |= {f"c{number}-option1": line.row.option1, f"c{number}-option2": line.row.option2}
        fields |= {f"c{number}-variant": "", f"c{number}-picture": ""}
    assert phone.post(NEW, {**fields, "rows": "100"}).status_code == 302
    choices = Proposal.objects.get().content["choices"]
    assert (len(choices), {choice["price"] for choice in choices}) == (100, {15_000})
    assert (choices[99]["option1"], choices[99]["option2"]) == ("J", "j")


def queries(phone: Browser, address: str) -> int:
    with CaptureQueriesContext(connection) as done:
        assert phone.get(address).status_code == 200
    return len(done)


def test_the_page_is_light_and_costs_the_same_for_one_choice_and_for_thirty(phone, rahma):
    one, many = (
        make.product(title=f"Kopi {count}", seller=rahma, options=tuple(f"{number} g" for number in range(count)))
        for count in (2, 30)
    )
    small, large = (f"/kelola/saya/produk/{product.pk}/" for product in (one, many))
    phone.get(small)
    assert queries(phone, small) == queries(phone, large) <= 20
    assert len(brotli.compress(phone.get(NEW).content)) <= 20_000
