"""A photo drawn anew from its pixels: small, upright, opaque, and nothing else in the file."""

import io
from dataclasses import dataclass
from threading import Lock

from PIL import Image

from lib.photo_files import reading
from lib.photo_files.photo import Photo, broken

LONGEST_SIDE = 1600
ENCODING = {"format": "WEBP", "quality": 85, "method": 2}
# How EXIF's ways of lying become upright
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
STRIP = 64  # rows
# Decoding takes up to 180 MB: however many send photos, a process decodes one at a time.
_decoding = Lock()


@dataclass(frozen=True, kw_only=True)
class Fresh:
    """A WebP file. `tone` is the placeholder colour that is most like it, 0 to 26 (`tone_of`)."""

    data: bytes
    width: int
    height: int
    tone: int


def redraw(data: bytes, *, name: str = "", longest: int = LONGEST_SIDE) -> Fresh:
    """The photo in `data`, at most `longest` pixels wide and high. Raises BadPhoto; see reading.read for `name`."""
    photo = reading.read(data, name=name)
    with _decoding:
        try:
            picture = _drawn(photo, longest)
        except Exception as error:  # whatever a decoder says to the bytes of a stranger: it is no whole photo
            raise broken() from error
    with io.BytesIO() as buffer:
        picture.save(buffer, **ENCODING)  # type: ignore[arg-type]
        return Fresh(data=buffer.getvalue(), width=picture.width, height=picture.height, tone=tone_of(picture))


def tone_of(picture: Image.Image) -> int:
    """One of 27: a third of the range of red, green and blue each, of the mean colour."""
    red, green, blue = picture.convert("RGB").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))  # type: ignore[misc]
    return int(red) // 86 * 9 + int(green) // 86 * 3 + int(blue) // 86


def _drawn(photo: Photo, longest: int) -> Image.Image:
    with Image.open(io.BytesIO(photo.data), formats=[photo.kind]) as opened:
        if opened.size != (photo.width, photo.height):
            raise broken()
        opened.draft("RGB", (longest, longest))  # a JPEG is decoded at half, a quarter, an eighth of its size
        opened.load()
        picture = _eight_bits(opened)
    if (times := max(picture.size) // longest) > 1:
        picture = _reduced(picture, times)
    picture.thumbnail((longest, longest))
    picture = _on_white(picture)
    return picture.transpose(TURNS[photo.orientation]) if photo.orientation in TURNS else picture


def _eight_bits(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):
        return picture.point(lambda value: value * (1 / 256)).convert("L")
    if picture.mode in ("RGB", "RGBA", "L", "LA") and "transparency" not in picture.info:
        return picture
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _reduced(picture: Image.Image, times: int) -> Image.Image:
    """So many times smaller, strip by strip: what is transparent is copied for it, and 25 megapixels are 100 MB."""
    small = Image.new(picture.mode, (picture.width // times, picture.height // times))
    for top in range(0, small.height, STRIP):
        rows = min(STRIP, small.height - top)
        strip = picture.crop((0, top * times, small.width * times, (top + rows) * times))
        small.paste(strip.reduce(times), (0, top))
    return small


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    paper = Image.new("RGB", layer.size, "white")
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper
