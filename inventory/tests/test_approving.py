"""A member's listing: typed, submitted, decided. What is on sale stays until then."""

import uuid
from dataclasses import replace

import pytest

from catalog import content as contents
from catalog import photos, proposing, writing
from catalog.content import Choice, Content, Shown
from catalog.models import Product, ProductEvent, Proposal
from inventory import approving
from notifications.models import Message
from tenants.backup.tests.conftest import photo
from tests import make


@pytest.fixture
def rahma(kopi):
    return make.member(name="Ibu Rahma", email="rahma@kopi.example")


def listing(**fields):
    made = Content(
        title="Keripik Tempe",
        category=make.category("Camilan").pk,
        choices=(Choice(price=15_000, weight_g=250, pieces=4),),
    )
    return contents.as_json(replace(made, **fields))


def draft(member, content=None, *, product=None, key=None, version=1):
    return proposing.save_draft(
        key=key or uuid.uuid4(),
        member=member,
        content=content if content is not None else listing(),
        version=version,
        product=product,
        by=member.name,
        now=make.NOW,
    )


def submit(proposal):
    return approving.submit(proposal_id=proposal.pk, by="Ibu Rahma", now=make.NOW)


def approve(proposal):
    return approving.approve(proposal_id=proposal.pk, by="Rosmaidar", now=make.NOW)


def on_sale(member):
    product = approve(submit(draft(member))).product
    Message.objects.all().delete()
    return product


def change(product, **fields):
    """A proposal that changes these fields of a product."""
    wanted = replace(contents.of(product), **fields)
    return submit(draft(product.member, contents.as_json(wanted), product=product))


def asked(**rule):
    proposing.set_rule(**{"new_products": False, "texts": False, "prices": False, "pictures": False, **rule})


def history():
    return list(ProductEvent.objects.order_by("pk").values_list("kind", "actor"))


def test_what_is_typed_is_kept_under_its_key_and_a_late_save_undoes_nothing(rahma):
    key = uuid.uuid4()
    first = draft(rahma, {"title": "Ker"}, key=key, version=1)
    assert draft(rahma, {"title": "Keripik"}, key=key, version=3).pk == first.pk
    draft(rahma, {"title": "Kerip"}, key=key, version=2)
    proposal = Proposal.objects.get()
    assert (proposal.content, proposal.version, proposal.state) == ({"title": "Keripik"}, 3, "draft")


def test_a_key_is_one_members_own(rahma):
    proposal = draft(rahma)
    with pytest.raises(proposing.NotYours):
        draft(make.member(name="Pak Budi"), {"title": "Milik saya"}, key=proposal.key, version=9)
    assert Proposal.objects.get().content["title"] == "Keripik Tempe"


def test_nobody_proposes_a_change_of_somebody_elses_product(rahma):
    theirs = make.product(seller=make.member(name="Pak Budi"))
    with pytest.raises(proposing.NotYours):
        draft(rahma, product=theirs)
    assert not Proposal.objects.exists()


def test_a_product_has_one_open_proposal(rahma):
    product = on_sale(rahma)
    first = draft(rahma, product=product)
    with pytest.raises(proposing.AlreadyOpen) as refusal:
        draft(rahma, product=product)
    assert refusal.value.proposal == first
    proposing.withdraw(proposal_id=first.pk, by="Rahma", now=make.NOW)
    assert draft(rahma, product=product).pk != first.pk


def test_a_new_listing_waits_for_an_officer_and_is_then_on_sale_with_its_pieces(rahma):
    proposal = submit(draft(rahma))
    assert proposal.state == "submitted"
    assert not Product.objects.exists()
    product = approve(proposal).product
    assert (product.title, product.state, product.variants.get().stock.on_hand) == ("Keripik Tempe", "live", 4)
    assert history() == [("submitted", "Ibu Rahma"), ("created", "Ibu Rahma"), ("applied", "Rosmaidar")]
    letter = Message.objects.get()
    assert (letter.to, letter.subject) == ("rahma@kopi.example", "Sudah dijual: Keripik Tempe")
    assert product.get_absolute_url() in letter.body


def test_submitting_or_approving_twice_is_once(rahma):
    proposal = draft(rahma)
    submit(proposal)
    submit(proposal)
    approve(proposal)
    with pytest.raises(approving.NotWaiting):
        approve(proposal)
    assert submit(proposal).state == "applied"
    assert (Product.objects.count(), ProductEvent.objects.count()) == (1, 3)


def test_what_is_not_complete_is_not_submitted(rahma):
    proposal = draft(rahma, {"title": "Keripik"})
    with pytest.raises(writing.Refused) as refusal:
        submit(proposal)
    assert [problem.field for problem in refusal.value.problems] == ["category", "choices"]
    proposal.refresh_from_db()
    assert (proposal.state, history()) == ("draft", [])


def test_a_listing_is_returned_with_a_reason_mended_and_submitted_again(rahma):
    proposal = submit(draft(rahma))
    approving.return_to_member(proposal_id=proposal.pk, reason="Fotonya gelap.", by="Rosmaidar", now=make.NOW)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.reason) == ("returned", "Fotonya gelap.")
    letter = Message.objects.get()
    assert letter.subject == "Perlu diperbaiki: Keripik Tempe"
    assert "Fotonya gelap." in letter.body
    draft(rahma, listing(title="Keripik Tempe Renyah"), key=proposal.key, version=2)
    assert approve(submit(proposal)).product.title == "Keripik Tempe Renyah"
    assert [kind for kind, _ in history()] == ["submitted", "returned", "submitted", "created", "applied"]


def test_the_old_version_stays_on_sale_until_the_change_is_approved(rahma):
    product = on_sale(rahma)
    proposal = change(product, title="Keripik Tempe Pedas")
    product.refresh_from_db()
    assert (proposal.state, product.title) == ("submitted", "Keripik Tempe")
    assert [(d.field, d.before, d.after) for d in proposing.changes(proposal)] == [
        ("title", "Keripik Tempe", "Keripik Tempe Pedas")
    ]
    approve(proposal)
    product.refresh_from_db()
    assert product.title == "Keripik Tempe Pedas"


def test_what_an_officer_changed_meanwhile_is_not_undone(rahma):
    product = on_sale(rahma)
    proposal = change(product, title="Keripik Tempe Pedas")
    edited = replace(contents.of(product), description="Ditulis pengurus.")
    writing.write_product(content=edited, member=rahma, product=product, by="Rosmaidar", now=make.NOW)
    approve(proposal)
    product.refresh_from_db()
    assert (product.title, product.description) == ("Keripik Tempe Pedas", "Ditulis pengurus.")


@pytest.mark.parametrize(
    ("rule", "fields", "state"),
    [
        ({"texts": True}, {"description": "Baru"}, "submitted"),
        ({"prices": True}, {"description": "Baru"}, "applied"),
        ({"prices": True}, {"choices": "dearer"}, "submitted"),
        ({"texts": True}, {"choices": "dearer"}, "applied"),
        ({"pictures": True}, {"pictures": ()}, "submitted"),
        ({"texts": True, "prices": True}, {"pictures": ()}, "applied"),
        ({"new_products": True}, {"description": "Baru"}, "applied"),
    ],
)
def test_the_cooperative_chooses_what_is_looked_at(rahma, rule, fields, state):
    product = on_sale(rahma)
    photos.attach(product=product, data=photo(), alt="x", now=make.NOW)
    asked(**rule)
    if fields.get("choices") == "dearer":
        fields = {"choices": (replace(contents.of(product).choices[0], price=16_000),)}
    assert change(product, **fields).state == state


def test_a_trusted_member_and_a_cooperative_that_asks_nothing_sell_at_once(rahma):
    asked()
    assert submit(draft(rahma)).state == "applied"
    asked(new_products=True)
    assert submit(draft(rahma, listing(title="Dua kali"))).state == "submitted"
    rahma.is_trusted = True
    rahma.save()
    assert submit(draft(rahma, listing(title="Tiga kali"))).state == "applied"
    assert not Message.objects.filter(subject__startswith="Sudah dijual").exists()


def test_many_are_approved_each_by_itself(rahma):
    good, late, bad = (submit(draft(rahma, listing(title=title))) for title in ("Satu saja", "Dua saja", "Tiga saja"))
    proposing.withdraw(proposal_id=late.pk, by="Rahma", now=make.NOW)
    make.product(title="tiga SAJA", seller=rahma)
    done, left = approving.approve_many(proposal_ids=[bad.pk, late.pk, good.pk], by="Rosmaidar", now=make.NOW)
    assert (done, left) == ([good], [late, bad])
    assert [proposal.state for proposal in Proposal.objects.order_by("pk")] == ["applied", "withdrawn", "submitted"]


def test_photos_taken_for_a_listing_go_with_it(rahma):
    proposal = draft(rahma)
    picture = photos.attach(proposal=proposal, data=photo(), alt="Sebungkus", now=make.NOW)
    shown = listing(pictures=(Shown(picture=picture.pk, alt="Sebungkus keripik"),))
    draft(rahma, shown, key=proposal.key, version=2)
    product = approve(submit(proposal)).product
    assert [(p.pk, p.alt) for p in product.pictures.all()] == [(picture.pk, "Sebungkus keripik")]
