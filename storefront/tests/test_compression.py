"""Pages travel compressed, pictures as they are."""

import gzip
import io

import pytest
from PIL import Image

from catalog import photos
from catalog.models import Picture
from tests import make

pytestmark = pytest.mark.django_db


def test_a_page_is_compressed_for_browsers_that_can(visitor):
    for number in range(5):
        make.product(title=f"Kopi {number}")
    page = visitor.get("/", HTTP_ACCEPT_ENCODING="gzip")
    assert page["Content-Encoding"] == "gzip"
    assert "Kopi 4" in gzip.decompress(page.content).decode()
    assert "Content-Encoding" not in visitor.get("/")


def test_a_picture_is_not_compressed_again(visitor):
    upload = io.BytesIO()
    Image.new("RGB", (200, 200), "red").save(upload, "PNG")
    photos.attach(product=make.product(), data=upload.getvalue(), alt="Foto", now=make.NOW)
    page = visitor.get(Picture.objects.get().image.url, HTTP_ACCEPT_ENCODING="gzip")
    assert page.status_code == 200
    assert "Content-Encoding" not in page
