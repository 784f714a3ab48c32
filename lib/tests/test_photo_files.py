"""Photos as phones make them are taken, and nothing but their pixels goes on."""

import io
import struct
import subprocess
import sys
import zlib

import pytest
from PIL import Image, ImageOps

from lib.photo_files import BadPhoto, read, redraw

GPS, ORIENTATION = 0x8825, 0x0112


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def two_colours(size: tuple[int, int] = (80, 60)) -> Image.Image:
    """Red on the left, a blue corner at the top right: every way of turning it looks different."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, size[0], size[1] // 2))
    return picture


def shown(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def alike(one: Image.Image, other: Image.Image) -> bool:
    """In size, and in colour in the middle of each quarter."""
    width, height = one.size
    spots = [(width * x // 4, height * y // 4) for x in (1, 3) for y in (1, 3)]
    near = (abs(a - b) < 40 for spot in spots for a, b in zip(one.getpixel(spot), other.getpixel(spot), strict=True))
    return one.size == other.size and all(near)


def with_exif(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS)[2] = (4.0, 38.0, 12.5)  # where it was taken
    exif[0x010E] = "kebun Pak Budi"
    return exif


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_it_stands_upright_and_tells_nobody_where_it_was_taken(kind, orientation):
    upload = encoded(two_colours(), kind, exif=with_exif(orientation), quality=95)
    fresh = redraw(upload)
    assert alike(shown(fresh.data), ImageOps.exif_transpose(Image.open(io.BytesIO(upload))).convert("RGB"))
    assert not Image.open(io.BytesIO(fresh.data)).getexif()
    assert b"kebun Pak Budi" in upload
    assert b"kebun Pak Budi" not in fresh.data


@pytest.mark.parametrize(
    "tail",
    [bytes(300), b"\xff\xd8\xff\xe0 the gain map", b"\0\0\0\x18ftypmp42 a moving picture", b"MotionPhoto_Data x SEFT"],
    ids=["filled up", "gain map", "video", "samsung"],
)
def test_what_cameras_put_behind_a_picture_is_left_out(tail):
    upload = encoded(two_colours(), "JPEG")
    assert read(upload + tail, name="IMG_2031.JPG").data == read(upload).data


def test_only_what_a_picture_needs_goes_on_to_the_decoder():
    upload = encoded(two_colours(), "JPEG", exif=with_exif(1), comment=b"catatan", icc_profile=bytes(400))
    assert read(upload).data == read(encoded(two_colours(), "JPEG")).data
    head, rest = (png := encoded(two_colours(), "PNG"))[:33], png[33:]
    growing = b"".join(_chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(2_000_000), 9)) for _ in range(64))
    profile = _chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(9_000_000), 9))
    assert read(head + growing + profile + rest).data == png
    webp = encoded(two_colours(), "WEBP", exif=with_exif(1), xmp=b"<x/>", icc_profile=bytes(400))
    assert [name in read(webp).data for name in (b"EXIF", b"XMP ", b"ICCP", b"VP8 ")] == [False, False, False, True]


@pytest.mark.parametrize("name", ["a.jpg", "a.JPG", "a.jpeg", "a.jfif", "foto saya (1).jpg", "foto", ""])
def test_a_jpeg_may_be_called_so(name):
    assert read(encoded(two_colours(), "JPEG"), name=name).kind == "JPEG"


@pytest.mark.parametrize(
    ("mode", "options"),
    [("L", {}), ("1", {}), ("P", {}), ("LA", {}), ("RGBA", {}), ("I;16", {}), ("P", {"transparency": 0})],
)
def test_every_way_of_writing_colours_in_a_png_is_understood(mode, options):
    fresh = redraw(encoded(Image.new(mode, (60, 40)), "PNG", **options))
    white = mode in ("LA", "RGBA") or "transparency" in options  # what is transparent lies on white
    assert alike(shown(fresh.data), Image.new("RGB", (60, 40), "white" if white else "black"))


def test_the_grey_of_sixteen_bits_is_the_same_grey():
    fresh = redraw(encoded(Image.new("I;16", (60, 40), 0x8000), "PNG"))
    assert alike(shown(fresh.data), Image.new("RGB", (60, 40), (128, 128, 128)))


def test_progressive_and_interlaced_ones_are_understood():
    assert alike(shown(redraw(encoded(two_colours(), "JPEG", progressive=True)).data), two_colours())
    assert alike(shown(redraw(encoded(two_colours(), "WEBP", lossless=True)).data), two_colours())


def test_a_large_one_is_made_small_and_its_colour_is_known():
    fresh = redraw(encoded(Image.new("RGB", (4000, 2000), (200, 100, 20)), "JPEG"))
    assert (fresh.width, fresh.height) == (1600, 800)
    assert shown(fresh.data).size == (1600, 800)
    assert fresh.tone == 2 * 9 + 1 * 3 + 0
    assert redraw(encoded(Image.new("RGBA", (4000, 2000)), "PNG"), longest=500).width == 500


def test_the_most_that_is_allowed_is_taken_and_one_row_more_is_not():
    assert redraw(encoded(Image.new("1", (5000, 5000), 1), "PNG")).width == 1600
    with pytest.raises(BadPhoto, match="25 megapiksel"):
        redraw(encoded(Image.new("1", (5000, 5001), 1), "PNG"))


@pytest.mark.parametrize(
    "largest",
    [
        'Image.new("RGBA", (5000, 5000), (9, 9, 9, 99)), "PNG", {}',
        'Image.new("RGB", (5000, 5000)), "JPEG", {"progressive": True, "subsampling": 0}',
        'Image.new("RGBA", (3162, 3162), (9, 9, 9, 99)), "WEBP", {"lossless": True, "method": 0}',
    ],
    ids=["PNG", "JPEG", "WEBP"],
)
def test_the_largest_of_each_kind_takes_less_than_200_mb(largest, tmp_path):
    made = tmp_path / "made"
    make = f"import sys; from PIL import Image\nim, kind, options = {largest}\nim.save(sys.argv[1], kind, **options)"
    subprocess.run([sys.executable, "-c", make, str(made)], check=True)
    look = """
import io, sys
from pathlib import Path
from PIL import Image
from lib.photo_files import redraw
peak = lambda: int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
out = io.BytesIO(); Image.new("RGB", (8, 8)).save(out, "JPEG"); redraw(out.getvalue())
data = open(sys.argv[1], "rb").read()
before = peak()
redraw(data)
print(peak() - before)
"""
    grown = subprocess.run([sys.executable, "-c", look, str(made)], check=True, capture_output=True, text=True)
    assert int(grown.stdout) < 200 * 1024


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
