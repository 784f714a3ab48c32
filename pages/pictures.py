"""Pictures that dress the shop: logo, cover, banners. Each is drawn anew and kept in the sizes that pages need.

Names are relative to the cooperative's own folder, so that a shop that moves to another server takes them along
(tenants/leaving); `stored` says where a file really is.
"""

import io
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from lib import colours
from lib.photo_files import BadPhoto, redraw
from tenants import context
from tenants.models import Cooperative

FOLDER = "face"
WIDE = (1280, 640)  # pixels; the first is the one that is named
LOGO = (192, 512)
ICON_SOURCE = 512
LEAST_LOGO = 96
ENCODING = {"format": "WEBP", "quality": 75, "method": 4}
VIVID = 0.04  # chroma
ALIKE = 0.1
SUGGESTED = 4


@dataclass(frozen=True, kw_only=True)
class Kept:
    """`name` below the cooperative's folder; width and height of that file. `colours` are those it is made of."""

    name: str
    width: int
    height: int
    colours: Sequence[str] = ()


def keep_wide(*, data: bytes, filename: str, cooperative: Cooperative) -> Kept:
    """A cover or banner, at most 1280 pixels wide. Raises BadPhoto; nothing is stored then."""
    image = _redrawn(data, filename)
    return _keep([image.resize(_scaled(image, width), Image.Resampling.LANCZOS) for width in WIDE], WIDE, cooperative)


def keep_logo(*, data: bytes, filename: str, cooperative: Cooperative) -> Kept:
    """A logo as a square on white. Raises BadPhoto; nothing is stored then."""
    image = _redrawn(data, filename)
    if max(image.size) < LEAST_LOGO:
        raise BadPhoto(_("Logonya terlalu kecil: paling sedikit %(least)s piksel.") % {"least": LEAST_LOGO})
    squares = [ImageOps.pad(image, (width, width), Image.Resampling.LANCZOS, color=colours.WHITE) for width in LOGO]
    return _keep(squares, LOGO, cooperative)


def stored(name: str, cooperative: Cooperative) -> str:
    """The name in the storage."""
    return f"{cooperative.uid.hex}/{name}"


def forget(stored_name: str, cooperative: Cooperative) -> None:
    """Remove all sizes of a picture when the change that replaces it is committed. Names of others are left alone."""
    if not stored_name.startswith(f"{cooperative.uid.hex}/") or ".." in stored_name:
        return
    names = {stored_name, *(resized(stored_name, width) for width in (*WIDE, *LOGO))}
    context.on_commit(lambda: _delete(names))


def resized(name: str, width: int) -> str:
    """The name of another size of the same picture; of a picture that has none, its own."""
    stem, _dash, ending = name.rpartition("-")
    for widths in (WIDE, LOGO):
        if width in widths and ending in {f"{known}.webp" for known in widths}:
            return f"{stem}-{width}.webp"
    return name


def colours_of(image: Image.Image) -> list[str]:
    """The colours that a picture is made of, the most telling first: at most SUGGESTED, none of them grey."""
    few = image.convert("RGB").resize((64, 64)).quantize(8, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    table = few.getpalette() or []
    weighed = []
    for count, index in few.getcolors() or []:
        place = 3 * int(str(index))
        found = "#{:02x}{:02x}{:02x}".format(*table[place : place + 3])
        if (chroma := colours.shade(found).chroma) >= VIVID:
            weighed.append((count * chroma, found))
    told: list[str] = []
    for _weight, found in sorted(weighed, reverse=True):
        if all(colours.distance(found, other) >= ALIKE for other in told):
            told.append(found)
    return told[:SUGGESTED]


def colours_in(stored_name: str) -> list[str]:
    """Those of a stored picture; none where it cannot be read."""
    try:
        with default_storage.open(stored_name) as file, Image.open(file) as image:
            return colours_of(image)
    except (OSError, ValueError):
        return []


def _redrawn(data: bytes, filename: str) -> Image.Image:
    fresh = redraw(data, name=filename)
    return Image.open(io.BytesIO(fresh.data), formats=["WEBP"]).convert("RGB")


def _keep(sizes: Sequence[Image.Image], widths: Sequence[int], cooperative: Cooperative) -> Kept:
    unique = uuid.uuid4().hex
    for size, width in zip(sizes, widths, strict=True):
        with io.BytesIO() as buffer:
            size.save(buffer, **ENCODING)  # type: ignore[arg-type]
            name = stored(f"{FOLDER}/{unique}-{width}.webp", cooperative)
            default_storage.save(name, ContentFile(buffer.getvalue()))
    first = sizes[0]
    return Kept(
        name=f"{FOLDER}/{unique}-{widths[0]}.webp", width=first.width, height=first.height, colours=colours_of(first)
    )


def _scaled(image: Image.Image, width: int) -> tuple[int, int]:
    width = min(width, image.width)
    return width, max(1, round(image.height * width / image.width))


def _delete(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)
