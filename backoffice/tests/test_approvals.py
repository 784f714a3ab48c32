"""Officers look at what members submit."""

import uuid
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog import content as contents
from catalog import proposing
from catalog.content import Choice, Content
from catalog.models import Product, Proposal
from inventory import approving
from tests import make
from tests.browsing import Browser

QUEUE = "/kelola/produk/persetujuan/"


@pytest.fixture
def rahma(seller):
    return seller


@pytest.fixture
def pengurus(people):
    return people["pengurus"]


def submitted(member, *, product=None, **fields):
    base = (
        contents.of(product)
        if product
        else Content(
            title="Keripik Tempe", category=make.category("Camilan").pk, choices=(Choice(price=15_000, weight_g=250),)
        )
    )
    proposal = proposing.save_draft(
        key=uuid.uuid4(), member=member, content=contents.as_json(replace(base, **fields)), version=1,
        product=product, by=member.name, now=make.NOW,
    )  # fmt: skip
    return approving.submit(proposal_id=proposal.pk, by=member.name, now=make.NOW)


def test_the_queue_shows_what_waits_and_the_home_page_counts_it(pengurus: Browser, rahma):
    submitted(rahma)
    page = pengurus.get(QUEUE)
    assert "Keripik Tempe" in page.text and "produk baru" in page.text
    assert "Produk menunggu persetujuan" in pengurus.get("/kelola/").text


def test_a_change_is_shown_beside_what_is_on_sale(pengurus: Browser, rahma):
    product = make.product(title="Kopi", seller=rahma, price=65_000)
    before = contents.of(product)
    proposal = submitted(
        rahma, product=product, description="Kopi dari kebun <b>kami</b>.",
        choices=(replace(before.choices[0], price=70_000),),
    )  # fmt: skip
    page = pengurus.get(f"{QUEUE}{proposal.pk}/").text
    assert "Rp65.000" in page and "Rp70.000" in page
    assert "<del>anggota</del>" in page and "<ins>&lt;b&gt;kami&lt;/b&gt;</ins>" in page.replace("</ins><ins>", "")
    assert "<b>kami" not in page


def test_an_approved_listing_is_on_sale(pengurus: Browser, rahma):
    proposal = submitted(rahma)
    page = pengurus.post(f"{QUEUE}{proposal.pk}/setujui/", follow=True)
    assert "“Keripik Tempe” sekarang dijual." in page.text
    assert Product.objects.on_sale().get().title == "Keripik Tempe"
    assert "Sudah diputuskan oleh pengurus lain." in pengurus.post(f"{QUEUE}{proposal.pk}/setujui/", follow=True).text


def test_a_listing_goes_back_only_with_a_reason(pengurus: Browser, rahma):
    proposal = submitted(rahma)
    assert pengurus.post(f"{QUEUE}{proposal.pk}/kembalikan/", {"reason": " "}).status_code == 422
    assert Proposal.objects.get().state == "submitted"
    pengurus.post(f"{QUEUE}{proposal.pk}/kembalikan/", {"reason": "Fotonya gelap."})
    assert (Proposal.objects.get().state, Proposal.objects.get().reason) == ("returned", "Fotonya gelap.")
    assert "Keripik Tempe" in pengurus.get(f"{QUEUE}?dikembalikan=1").text
    assert "Fotonya gelap." in pengurus.get(f"{QUEUE}{proposal.pk}/").text


def test_ticked_ones_are_approved_together(pengurus: Browser, rahma):
    first, _, third = (submitted(rahma, title=title) for title in ("Satu saja", "Dua saja", "Tiga saja"))
    page = pengurus.post(f"{QUEUE}setujui/", {"pk": [first.pk, third.pk, "x", "999999", "9" * 30]}, follow=True)
    assert "2 produk sekarang dijual." in page.text
    assert set(Product.objects.values_list("title", flat=True)) == {"Satu saja", "Tiga saja"}
    assert "Centang dulu" in pengurus.post(f"{QUEUE}setujui/", follow=True).text


def test_the_cooperative_chooses_what_is_looked_at(pengurus: Browser, rahma):
    pengurus.post(f"{QUEUE}aturan/", {"prices": "on"})
    rule = proposing.rule()
    assert (rule.new_products, rule.texts, rule.prices, rule.pictures) == (False, False, True, False)
    assert submitted(rahma).state == "applied"


@pytest.mark.parametrize("role", ["bendahara", "pengawas"])
def test_who_only_reads_decides_nothing(people, role, rahma):
    reader: Browser = people[role]
    proposal = submitted(rahma)
    assert reader.get(f"{QUEUE}{proposal.pk}/").status_code == 200
    for path, data in (("setujui/", {}), ("kembalikan/", {"reason": "x"})):
        assert reader.post(f"{QUEUE}{proposal.pk}/{path}", data).status_code == 404
    assert reader.post(f"{QUEUE}setujui/", {"pk": proposal.pk}).status_code == 404
    assert reader.post(f"{QUEUE}aturan/", {"prices": "on"}).status_code == 404
    assert (Proposal.objects.get().state, proposing.rule().pk, Product.objects.count()) == ("submitted", None, 0)


def test_the_queue_asks_as_often_for_three_as_for_one(pengurus: Browser, rahma):
    submitted(rahma)
    pengurus.get(QUEUE)
    with CaptureQueriesContext(connection) as one:
        pengurus.get(QUEUE)
    for title in ("Satu saja", "Dua saja"):
        submitted(rahma, title=title)
    with CaptureQueriesContext(connection) as three:
        pengurus.get(QUEUE)
    assert len(three) == len(one)
