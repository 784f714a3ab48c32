"""Photos on pages: the right sizes once they exist, the upload until then."""

import io
import re

import pytest
from PIL import Image

from catalog import photos, picturing
from catalog.models import Picture, Product
from tests import make
from tests.browsing import Browser

pytestmark = pytest.mark.django_db


def with_photo(size: int, alt: str = "Biji kopi di atas kain") -> Product:
    product = make.product()
    upload = io.BytesIO()
    Image.new("RGB", (size, size), "brown").save(upload, "PNG")
    photos.attach(product=product, data=upload.getvalue(), alt=alt, now=make.NOW)
    return product


def test_until_its_sizes_exist_the_upload_is_shown(visitor):
    product = with_photo(400)
    page = visitor.get(product.get_absolute_url()).text
    assert f'<img src="{Picture.objects.get().image.url}" class="photo tone-9" alt="Biji kopi di atas kain"' in page
    assert "srcset" not in page


def test_sizes_are_offered_in_two_formats_and_every_one_of_them_exists(visitor):
    product = with_photo(800)
    picturing.render_waiting(now=make.NOW)
    page = visitor.get(product.get_absolute_url()).text
    base = Picture.objects.get().image.url.rpartition(".")[0]
    widths = (180, 360, 540, 720)
    for kind in ("avif", "webp"):
        addresses = [f"{base}/1/{width}w.{kind}" for width in widths]
        assert ", ".join(f"{address} {width}w" for address, width in zip(addresses, widths, strict=True)) in page
        for address in addresses:
            answer = visitor.get(address)
            assert answer.status_code == 200
            assert answer["Content-Type"] == f"image/{kind}"
    assert '<source type="image/avif"' in page
    assert 'width="540" height="540" fetchpriority="high"' in page


@pytest.mark.parametrize(("path", "width"), [("/", 180), ("", 360)])
def test_who_saves_data_gets_one_small_size_of_each(kopi, path, width):
    product = with_photo(800)
    picturing.render_waiting(now=make.NOW)
    path = path or product.get_absolute_url()
    page = Browser(HTTP_SAVE_DATA="on").get(path).text
    base = Picture.objects.get().image.url.rpartition(".")[0]
    assert set(re.findall(r"/1/(\d+)w\.", page)) == {str(width)}
    assert f'<source type="image/avif" srcset="{base}/1/{width}w.avif"><img src="{base}/1/{width}w.webp"' in page
    assert set(re.findall(r"/1/(\d+)w\.", Browser().get(path).text)) == {"180", "360", "540", "720"}


def test_an_upload_smaller_than_every_size_is_shown_itself(visitor):
    product = with_photo(800)
    picturing.render_waiting(now=make.NOW)
    Picture.objects.update(width=100, height=100)
    assert "srcset" not in visitor.get(product.get_absolute_url()).text


def test_photos_below_the_first_screen_wait(visitor):
    with_photo(400)
    assert 'loading="lazy" decoding="async"' in visitor.get("/").text


def test_a_product_without_photo_has_a_plain_square(visitor):
    product = make.product()
    for address in ("/", product.get_absolute_url()):
        assert '<span class="photo photo-none"></span>' in visitor.get(address).text


def test_a_photo_on_its_way_has_about_its_colour(visitor):
    with_photo(400)  # brown: 165, 42, 42
    assert Picture.objects.get().tone == 9
    assert 'class="photo tone-9"' in visitor.get("/").text
    Picture.objects.update(tone=None)  # one from before there were colours
    assert 'class="photo"' in visitor.get("/").text
    picturing.render_waiting(now=make.NOW)
    assert Picture.objects.get().tone == 9


def test_a_photo_that_cannot_be_read_is_a_plain_square(visitor):
    with_photo(400)
    Picture.objects.update(is_broken=True)
    page = visitor.get("/").text
    assert '<span class="photo photo-none"></span>' in page
    assert Picture.objects.get().image.url not in page
