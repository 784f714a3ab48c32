"""A photo comes in: once, drawn anew, for a product or for a listing that is still being written."""

import io
import uuid
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from catalog import photos
from catalog.models import Picture, Proposal
from tenants.context import TenantExecutor, in_tenant
from tenants.models import Due
from tests import make


def photo(colour: str = "brown", *, size: tuple[int, int] = (400, 300)) -> bytes:
    upload = io.BytesIO()
    Image.new("RGB", size, colour).save(upload, "JPEG")
    return upload.getvalue()


def proposal(**fields: object) -> Proposal:
    member = fields.pop("member", None) or make.member()
    return Proposal.objects.create(
        key=uuid.uuid4(), member=member, created_at=make.NOW, updated_at=make.NOW, by="Budi", **fields
    )


def test_a_listing_that_is_being_written_gets_its_photos_in_order_and_the_job_is_told(kopi):
    draft = proposal()
    first = photos.attach(proposal=draft, data=photo("red"), alt="Depan", now=make.NOW)
    second = photos.attach(proposal=draft, data=photo("blue"), alt="Belakang", now=make.NOW)
    assert list(draft.pictures.order_by("position").values_list("pk", "alt", "position", "product")) == [
        (first.pk, "Depan", 0, None),
        (second.pk, "Belakang", 1, None),
    ]
    assert Due.objects.filter(cooperative=kopi, kind="pictures").exists()


def test_the_same_photo_sent_again_is_the_same_picture(kopi):
    draft, product = proposal(), make.product()
    for owner in ({"proposal": draft}, {"product": product}):
        first = photos.attach(**owner, data=photo(), alt="Depan", now=make.NOW)
        files = default_storage.listdir(f"{kopi.uid.hex}/products")[1]
        assert photos.attach(**owner, data=photo(), alt="Lain", now=make.NOW) == first
        assert default_storage.listdir(f"{kopi.uid.hex}/products")[1] == files
    assert Picture.objects.count() == 2


def test_a_change_of_what_is_on_sale_knows_the_photos_that_are_there(kopi):
    product = make.product()
    there = photos.attach(product=product, data=photo(), alt="Depan", now=make.NOW)
    change = proposal(product=product, member=product.member)
    assert photos.attach(proposal=change, data=photo(), alt="Depan", now=make.NOW) == there
    assert photos.attach(proposal=proposal(member=product.member), data=photo(), alt="", now=make.NOW) != there


def test_sent_twice_at_once_it_is_one_picture_with_one_file(own_cooperative):
    with in_tenant(own_cooperative):
        draft = proposal()
        with TenantExecutor(4) as pool:
            sent = [pool.submit(photos.attach, proposal=draft, data=photo(), alt="", now=make.NOW) for _ in range(4)]
            assert len({each.result().pk for each in sent}) == 1
        assert Picture.objects.count() == 1
        assert len(default_storage.listdir(f"{own_cooperative.uid.hex}/products")[1]) == 1


def test_photos_that_nobody_took_are_forgotten_a_week_after_the_decision(kopi, django_capture_on_commit_callbacks):
    States = Proposal.State
    old, new = make.NOW - timedelta(days=8), make.NOW - timedelta(days=6)
    drafts = {
        (state, at): proposal(member=make.member(), state=state)
        for state in (States.DRAFT, States.RETURNED, States.APPLIED, States.WITHDRAWN)
        for at in (old, new)
    }
    sent = {}
    for (state, at), draft in drafts.items():
        sent[state, at] = photos.attach(proposal=draft, data=photo(), alt="", now=make.NOW)
        Proposal.objects.filter(pk=draft.pk).update(updated_at=at)
    product = make.product()
    taken = photos.attach(proposal=drafts[States.APPLIED, old], data=photo("blue"), alt="", now=make.NOW)
    Picture.objects.filter(pk=taken.pk).update(product=product)
    with django_capture_on_commit_callbacks(execute=True):
        assert photos.forget_loose(now=make.NOW) == 2
    gone = {(States.APPLIED, old), (States.WITHDRAWN, old)}
    kept = [picture.pk for key, picture in sent.items() if key not in gone]
    assert set(Picture.objects.values_list("pk", flat=True)) == {taken.pk, *kept}
    for key, picture in sent.items():
        assert default_storage.exists(picture.image.name) == (key not in gone)


def test_more_photos_than_a_listing_may_have_are_refused(kopi, monkeypatch):
    monkeypatch.setattr(photos, "MOST_PICTURES", 1)
    draft = proposal()
    photos.attach(proposal=draft, data=photo("red"), alt="", now=make.NOW)
    with pytest.raises(photos.BadPhoto, match="paling banyak"):
        photos.attach(proposal=draft, data=photo("blue"), alt="", now=make.NOW)
    assert Picture.objects.count() == 1
