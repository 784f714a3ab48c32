"""Who makes it: written by the member, or by an officer for them."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from members import describing
from members.models import Member
from tests import make

pytestmark = pytest.mark.django_db
TOLD = {"village": "Bebesen", "origin_code": "11.04", "story": " Kebun di lereng. ", "story_en": "On the slope."}


def photo(size: tuple[int, int] = (600, 900)) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "di rumah"
    Image.new("RGB", size, "peru").save(buffer, "JPEG", exif=exif)
    return SimpleUploadedFile("saya.jpg", buffer.getvalue(), "image/jpeg")


def test_a_member_tells_who_they_are_and_visitors_read_it(people, seller, django_capture_on_commit_callbacks):
    make.product(seller=seller)
    with django_capture_on_commit_callbacks(execute=True):
        answer = people["member"].post("/kelola/saya/profil/", {**TOLD, "photo": photo()})
    assert (answer.status_code, answer["Location"]) == (302, "/kelola/saya/profil/")
    seller.refresh_from_db()
    assert (seller.village, seller.origin_code, seller.story, seller.story_en) == (
        "Bebesen", "11.04", "Kebun di lereng.", "On the slope.",
    )  # fmt: skip
    with default_storage.open(str(seller.photo)) as file, Image.open(file) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("WEBP", (480, 480), {})
    page = people["nobody"].get(seller.get_absolute_url()).content.decode()
    assert f"/media/{seller.photo}" in page and "Kebun di lereng." in page
    assert people["nobody"].get(f"/media/{seller.photo}").status_code == 200


def test_another_photo_takes_the_place_and_one_can_be_taken_away(people, seller, django_capture_on_commit_callbacks):
    stored = []
    for sent in ({"photo": photo()}, {"photo": photo((90, 90))}, {"drop_photo": "on"}):
        with django_capture_on_commit_callbacks(execute=True):
            people["member"].post("/kelola/saya/profil/", {**TOLD, **sent})
        seller.refresh_from_db()
        stored.append(str(seller.photo))
    assert stored[2] == ""
    assert [default_storage.exists(name) for name in stored[:2]] == [False, False]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"photo": SimpleUploadedFile("saya.jpg", b"<svg/>")}, "foto"),
        ({"origin_code": "99.99"}, "99.99"),
        ({"story": "x" * 2001}, "2000"),
    ],
    ids=["no photo", "no regency", "too long"],
)
def test_a_mistake_changes_nothing(people, seller, wrong, said):
    before = Member.objects.values().get(pk=seller.pk)
    answer = people["member"].post("/kelola/saya/profil/", {**TOLD, **wrong})
    assert answer.status_code == 422 and said in answer.content.decode()
    assert Member.objects.values().get(pk=seller.pk) == before


def test_nothing_else_of_the_register_is_written_this_way(people, seller):
    people["member"].post("/kelola/saya/profil/", {**TOLD, "name": "Bupati", "number": "A-1", "is_trusted": "on"})
    seller.refresh_from_db()
    assert (seller.name, seller.number, seller.is_trusted) == ("Ibu Rahma", "A-007", False)


def test_an_officer_writes_for_who_does_not_come_here(people, seller):
    answer = people["pengurus"].post(f"/kelola/anggota/{seller.pk}/profil/", TOLD)
    assert answer["Location"] == "/kelola/anggota/"
    assert Member.objects.get(pk=seller.pk).story == "Kebun di lereng."
    for who in ("petugas", "pengawas", "member"):
        assert people[who].post(f"/kelola/anggota/{seller.pk}/profil/", {"story": "x"}).status_code == 404
    assert Member.objects.get(pk=seller.pk).story == "Kebun di lereng."


def test_a_code_of_no_place_is_refused_below_the_form_too(seller):
    with pytest.raises(describing.UnknownRegency):
        describing.describe(member_id=seller.pk, village="x", origin_code="00.00", story="", story_en="", now=make.NOW)
    assert Member.objects.get(pk=seller.pk).village == "Bebesen"


def test_a_file_whose_member_is_gone_is_not_kept(kopi, monkeypatch):
    saved = []
    save = default_storage.save
    monkeypatch.setattr(default_storage, "save", lambda *given: saved.append(save(*given)) or saved[-1])
    with pytest.raises(Member.DoesNotExist):
        describing.set_portrait(member_id=1, name="saya.jpg", data=photo().read())
    assert len(saved) == 1 and not default_storage.exists(saved[0])
