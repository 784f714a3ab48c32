"""The legal passport: what a document does to the shelf, and who may say what."""

import io
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from PIL import Image

from catalog.models import Document, Product, ProductEvent
from catalog.passport import papers, standing
from catalog.passport.papers import Paper
from lib.photo_files import BadPhoto, Fresh, redraw
from notifications.models import Message
from orders import placing
from tenants.context import TenantExecutor, in_tenant
from tenants.models import Cooperative, Due
from tests import make

Kind, State = Document.Kind, Document.State
TODAY = date(2026, 11, 23)
PIRT = "2061171010123-29"


def photo() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 400), "white").save(buffer, "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0")
    return buffer.getvalue()


def paper(kind: str = Kind.PIRT, **fields: object) -> Paper:
    numbers = {
        Kind.PIRT: PIRT,
        Kind.HALAL: "ID11110000123450922",
        Kind.NIB: "9120304567890",
        Kind.BPOM: "MD867031110021",
    }
    ends = {Kind.PIRT: date(2029, 5, 1), Kind.BPOM: date(2030, 1, 1)}
    about = {"number": numbers.get(kind, ""), "holder": "Budi Santoso", "valid_until": ends.get(kind), "photo": photo()}
    return Paper(kind=kind, **{**about, **fields})


def accepted(product: Product, kind: str = Kind.PIRT, **fields: object) -> Document:
    return papers.hand_in(
        paper=paper(kind, **fields), member=product.member, product=product, accept=True, by="Rina", now=make.NOW
    )


def demand(product: Product, *kinds: str) -> None:
    standing.set_requirements(category_id=product.category_id, kinds=kinds, by="Rina", now=make.NOW)
    product.refresh_from_db()


def files_of(cooperative: Cooperative) -> set[Path]:
    return set((Path(settings.MEDIA_ROOT) / cooperative.uid.hex).rglob("*"))


def history(product: Product) -> list[tuple[str, str, dict[str, str]]]:
    return list(product.events.order_by("pk").values_list("kind", "actor", "detail"))


def test_a_category_that_demands_takes_what_lacks_it_off_the_shelf_and_says_so(kopi):
    product = make.product()
    Due.objects.all().delete()
    demand(product, Kind.PIRT, Kind.HALAL)
    assert (product.lacks, product.marks) == ("pirt", [])
    assert not Product.objects.on_sale().filter(pk=product.pk).exists()
    assert history(product) == [("blocked", "Rina", {"reason": "pirt"})]
    assert Due.objects.filter(kind="push").exists()


def test_an_order_of_what_lacks_a_document_is_refused(kopi):
    variant = make.variant()
    make.order(cart={variant.pk: 1})
    demand(variant.product, Kind.PIRT)
    with pytest.raises(placing.NotForSale):
        make.order(cart={variant.pk: 1})


def test_the_next_thing_that_is_missing_is_named_until_nothing_is(kopi):
    product = make.product()
    demand(product, Kind.HALAL, Kind.PIRT)
    accepted(product)
    product.refresh_from_db()
    assert (product.lacks, product.marks) == ("halal", ["pirt"])
    accepted(product, Kind.HALAL)
    product.refresh_from_db()
    assert (product.lacks, product.marks) == ("", ["pirt", "halal"])
    assert [kind for kind, _actor, _detail in history(product)] == ["blocked", "unblocked"]
    assert Product.objects.on_sale().filter(pk=product.pk).exists()


def test_a_document_of_the_member_is_one_of_all_their_products_and_of_nobody_elses(kopi):
    first, second = make.product(title="Satu"), make.product(title="Dua")
    other = make.product(title="Tiga", seller=make.member(name="Sari"))
    demand(first, Kind.NIB)
    papers.hand_in(paper=paper(Kind.NIB), member=first.member, accept=True, by="Rina", now=make.NOW)
    mine = Product.objects.filter(pk__in=[first.pk, second.pk, other.pk]).order_by("pk")
    assert list(mine.values_list("lacks", "marks")) == [("", ["nib"]), ("", ["nib"]), ("nib", [])]


def test_what_a_category_above_demands_counts_below_it(kopi):
    food = make.category("Makanan")
    product = make.product(in_category=make.category("Keripik", parent=food))
    beside = make.product(title="Kopi", in_category=make.category("Kopi"))
    standing.set_requirements(category_id=food.pk, kinds=[Kind.PIRT], by="Rina", now=make.NOW)
    assert dict(Product.objects.values_list("pk", "lacks")) == {product.pk: "pirt", beside.pk: ""}
    assert standing.required(product.category) == ["pirt"]
    standing.set_requirements(category_id=food.pk, kinds=[], by="Rina", now=make.NOW)
    assert dict(Product.objects.values_list("pk", "lacks")) == {product.pk: "", beside.pk: ""}


def test_that_it_is_not_halal_is_said_and_counts_at_once(kopi):
    product = make.product()
    demand(product, Kind.HALAL)
    said = papers.hand_in(
        paper=Paper(kind=Kind.NOT_HALAL), member=product.member, product=product, by="Budi", now=make.NOW
    )
    product.refresh_from_db()
    assert (said.state, product.lacks, product.marks) == (State.ACCEPTED, "", ["not_halal"])
    papers.take_back(document_id=said.pk, by="Budi", now=make.NOW)
    product.refresh_from_db()
    assert (product.lacks, product.marks) == ("halal", [])


def test_nothing_is_shown_as_halal_and_not_halal(kopi):
    product, rest = make.product(), make.product(title="Kopi lain")
    papers.hand_in(paper=paper(Kind.HALAL), member=product.member, accept=True, by="Rina", now=make.NOW)
    papers.hand_in(paper=Paper(kind=Kind.NOT_HALAL), member=product.member, product=product, by="B", now=make.NOW)
    assert dict(Product.objects.values_list("pk", "marks")) == {product.pk: ["not_halal"], rest.pk: ["halal"]}


def test_of_two_that_contradict_each_other_the_weaker_counts(kopi):
    product = make.product()
    accepted(product, Kind.HALAL)
    papers.hand_in(paper=Paper(kind=Kind.NOT_HALAL), member=product.member, product=product, by="B", now=make.NOW)
    product.refresh_from_db()
    assert product.marks == ["not_halal"]


def test_one_product_of_a_member_who_says_not_halal_may_have_a_certificate(kopi):
    product, rest = make.product(), make.product(title="Kopi lain")
    papers.hand_in(paper=Paper(kind=Kind.NOT_HALAL), member=product.member, by="B", now=make.NOW)
    accepted(product, Kind.HALAL)
    assert dict(Product.objects.values_list("pk", "marks")) == {product.pk: ["halal"], rest.pk: ["not_halal"]}


def test_a_document_counts_when_an_officer_has_accepted_it_and_no_longer_when_refused(kopi):
    product = make.product(seller=make.member(email="budi@kopi.example"))
    demand(product, Kind.PIRT)
    handed = papers.hand_in(paper=paper(), member=product.member, product=product, by="Budi", now=make.NOW)
    product.refresh_from_db()
    assert (handed.state, product.lacks) == (State.WAITING, "pirt")
    papers.accept(document_id=handed.pk, by="Rina", now=make.NOW)
    product.refresh_from_db()
    assert (product.lacks, product.marks) == ("", ["pirt"])
    with pytest.raises(papers.Decided):
        papers.accept(document_id=handed.pk, by="Joko", now=make.NOW)
    papers.refuse(document_id=handed.pk, reason="Nama di dokumen bukan nama Anda.", by="Joko", now=make.NOW)
    product.refresh_from_db()
    handed.refresh_from_db()
    assert (product.lacks, product.marks) == ("pirt", [])
    assert (handed.state, handed.checked_by) == (State.REFUSED, "Joko")
    letter = Message.objects.get()
    assert letter.to == "budi@kopi.example"
    assert "Nama di dokumen bukan nama Anda." in letter.body
    with pytest.raises(papers.Decided):
        papers.refuse(document_id=handed.pk, reason="", by="Rina", now=make.NOW)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "ijazah"}, "kind"),
        ({"number": "123"}, "number"),
        ({"holder": "  "}, "holder"),
        ({"photo": b""}, "photo"),
        ({"valid_until": None}, "valid_until"),
        ({"kind": Kind.BPOM, "valid_until": TODAY - timedelta(days=1)}, "valid_until"),
        ({"valid_until": date(2030, 1, 1)}, "valid_until"),  # the number says 2029
        ({"issued_date": TODAY + timedelta(days=1)}, "issued_date"),
        ({"issued_date": date(2026, 11, 1), "valid_until": date(2026, 10, 1)}, "valid_until"),
    ],
)
def test_what_cannot_be_is_not_taken(kopi, changes, field):
    product = make.product()
    with pytest.raises(papers.Refused) as caught:
        papers.hand_in(paper=paper(**changes), member=product.member, product=product, by="Budi", now=make.NOW)
    assert set(caught.value.problems) == {field}
    assert not Document.objects.exists()


def test_a_document_of_another_members_product_is_not_taken(kopi):
    product, stranger = make.product(), make.member(name="Orang lain")
    with pytest.raises(papers.Refused) as caught:
        papers.hand_in(paper=paper(), member=stranger, product=product, by="Orang lain", now=make.NOW)
    assert set(caught.value.problems) == {"product"}
    assert not Document.objects.exists()


def test_its_photo_is_drawn_anew_and_has_no_address(kopi, client):
    document = accepted(make.product())
    assert document.file.name.startswith(f"{kopi.uid.hex}/private/documents/")
    with default_storage.open(document.file.name) as file:
        content = file.read()
    assert b"Exif" not in content
    assert Image.open(io.BytesIO(content)).format == "WEBP"
    assert client.get(f"/media/{document.file.name}", HTTP_HOST="kopi-gayo.localhost").status_code == 404


def test_a_hostile_photo_of_a_document_leaves_nothing(kopi):
    product, before = make.product(), files_of(kopi)
    with pytest.raises(BadPhoto):
        papers.hand_in(paper=paper(photo=b"<svg/>"), member=product.member, product=product, by="Budi", now=make.NOW)
    assert not Document.objects.exists()
    assert files_of(kopi) == before


def test_who_handed_it_in_takes_it_back_with_its_photo_unless_it_is_accepted(kopi, django_capture_on_commit_callbacks):
    product = make.product()
    waiting = papers.hand_in(paper=paper(), member=product.member, product=product, by="Budi", now=make.NOW)
    kept = accepted(product, Kind.BPOM)
    with pytest.raises(papers.Decided):
        papers.take_back(document_id=kept.pk, by="Budi", now=make.NOW)
    with django_capture_on_commit_callbacks(execute=True):
        papers.take_back(document_id=waiting.pk, by="Budi", now=make.NOW)
    assert list(Document.objects.all()) == [kept]
    assert not default_storage.exists(waiting.file.name)
    assert default_storage.exists(kept.file.name)


def test_sent_again_it_is_the_same_document_until_it_is_refused(kopi):
    product = make.product()
    first = papers.hand_in(paper=paper(), member=product.member, product=product, by="Budi", now=make.NOW)
    files = files_of(kopi)
    assert papers.hand_in(paper=paper(), member=product.member, product=product, by="Budi", now=make.NOW) == first
    assert files_of(kopi) == files
    assert papers.hand_in(paper=paper(), member=product.member, by="Budi", now=make.NOW) != first
    papers.refuse(document_id=first.pk, reason="Kabur.", by="Rina", now=make.NOW)
    assert papers.hand_in(paper=paper(), member=product.member, product=product, by="Budi", now=make.NOW) != first


def test_sent_at_once_by_four_hands_it_is_one_document_with_one_file(own_cooperative, monkeypatch):
    all_have_drawn = Barrier(4)

    def drawn_together(*args: object, **options: object) -> Fresh:
        drawn = redraw(*args, **options)
        all_have_drawn.wait(30)
        return drawn

    monkeypatch.setattr(papers, "redraw", drawn_together)
    with in_tenant(own_cooperative):
        product = make.product()
        sent = {"member": product.member, "product": product, "by": "Budi", "now": make.NOW}
        with TenantExecutor(4) as pool:
            made = [pool.submit(papers.hand_in, paper=paper(), **sent) for _ in range(4)]
            assert len({each.result().pk for each in made}) == 1
        assert len([path for path in files_of(own_cooperative) if path.suffix == ".webp"]) == 1


def test_visitors_see_of_two_the_products_own_and_then_the_one_that_is_valid_longest(kopi, django_assert_num_queries):
    product = make.product()
    papers.hand_in(
        paper=paper(Kind.BPOM, number="MD867031110099"), member=product.member, accept=True, by="R", now=make.NOW
    )
    accepted(product, Kind.BPOM, valid_until=date(2028, 1, 1))
    waiting = paper(Kind.BPOM, number="MD867031110077", valid_until=date(2035, 1, 1))
    papers.hand_in(paper=waiting, member=product.member, product=product, by="Budi", now=make.NOW)
    latest = accepted(product, Kind.BPOM, valid_until=date(2029, 1, 1))
    product.refresh_from_db()
    with django_assert_num_queries(1):
        assert standing.shown(product, now=make.NOW) == [latest]
    bare = make.product(title="Tanpa dokumen", seller=make.member(name="Sari"))
    with django_assert_num_queries(0):
        assert standing.shown(bare, now=make.NOW) == []


def test_what_is_over_is_not_shown_beside_what_is_valid(kopi):
    product = make.product()
    accepted(product, Kind.BPOM, valid_until=date(2026, 12, 1))
    papers.hand_in(paper=paper(Kind.BPOM), member=product.member, accept=True, by="Rina", now=make.NOW)
    product.refresh_from_db()
    later = make.NOW + timedelta(days=20)
    assert [document.member for document in standing.shown(product, now=make.NOW)] == [None]
    assert [document.member for document in standing.shown(product, now=later)] == [product.member]


def test_a_refresh_of_what_is_right_writes_nothing(kopi, django_assert_num_queries):
    product = make.product()
    demand(product, Kind.PIRT)
    Due.objects.all().delete()
    with django_assert_num_queries(6):  # savepoints, products, documents, categories
        assert standing.refresh([product.pk], by="Rina", now=make.NOW) == []
    assert history(product) == [("blocked", "Rina", {"reason": "pirt"})]
    assert not Due.objects.exists()


def test_what_is_hidden_has_no_events_but_lacks_it_all_the_same(kopi):
    product = make.product(state=Product.State.PAUSED)
    demand(product, Kind.PIRT)
    assert product.lacks == "pirt"
    assert not ProductEvent.objects.exists()
