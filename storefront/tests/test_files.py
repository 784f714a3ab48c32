"""Uploaded files: pictures of this cooperative and nothing else."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

pytestmark = pytest.mark.django_db


def stored(name: str) -> str:
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4), "brown").save(buffer, "WEBP")
    return default_storage.save(name, ContentFile(buffer.getvalue()))


def test_a_picture_is_served_and_nothing_below_private_is(visitor, kopi):
    public = stored(f"{kopi.uid.hex}/products/a.webp")
    assert visitor.get(f"/media/{public}").status_code == 200
    for folder in ("private", "private/documents", "Private/documents", "products/private", "PRIVATE"):
        name = stored(f"{kopi.uid.hex}/{folder}/a.webp")
        assert visitor.get(f"/media/{name}").status_code == 404, name


@pytest.mark.parametrize(
    "way", ["products/../private/documents/a.webp", "products/%2e%2e/private/documents/a.webp",
            "/private/documents/a.webp", "./private/documents/a.webp", "private%2fdocuments%2fa.webp",
            "products/a.webp%00.webp", "private/documents/a%00.webp"],
)  # fmt: skip
def test_no_other_way_of_writing_it_leads_there(visitor, kopi, way):
    stored(f"{kopi.uid.hex}/private/documents/a.webp")
    assert visitor.get(f"/media/{kopi.uid.hex}/{way}").status_code == 404


def test_another_cooperatives_picture_is_not_there(visitor, kopi, batik):
    name = stored(f"{batik.uid.hex}/products/a.webp")
    assert visitor.get(f"/media/{name}").status_code == 404
