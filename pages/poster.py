"""A poster to print: a product, or the whole shop, with a code for phones."""

import io
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import segno
import typst
from django.core.files.storage import default_storage
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from catalog.models import Picture, Product
from lib.rupiah import rupiah
from pages import icons
from tenants.addresses import absolute
from tenants.models import Cooperative

PAPERS = ("a4", "a6")  # on a wall; beside the goods
TEMPLATE = Path(__file__).with_name("poster.typ")
PHOTO_SIDE = 900  # pixels: 200 dots an inch where it is largest


@dataclass(frozen=True, kw_only=True)
class Poster:
    """What is on it. `address` is what the code says; `photo` is a stored name, empty without one."""

    title: str
    price: str
    seller: str
    shop: str
    address: str
    photo: str
    alt: str
    colour: str


def of_product(product: Product, cooperative: Cooperative) -> Poster:
    """`product` as the shelf has it (catalog.shelf.for_cards), in the reader's language."""
    price = rupiah(product.price_from)
    photos: list[Picture] = product.photos  # type: ignore[attr-defined]
    return Poster(
        title=product.label,
        price=_("mulai %(price)s") % {"price": price} if product.price_to > product.price_from else price,
        seller=product.member.name,
        shop=cooperative.name,
        address=absolute(product.get_absolute_url()),
        photo=str(photos[0].image.name) if photos else "",
        alt=photos[0].alt if photos else "",
        colour=icons.colour_of(cooperative),
    )


def of_shop(cooperative: Cooperative) -> Poster:
    return Poster(
        title=_("Belanja langsung dari anggota koperasi"),
        price="",
        seller=", ".join(filter(None, (cooperative.regency, cooperative.province))),
        shop=cooperative.name,
        address=absolute("/"),
        photo="",
        alt="",
        colour=icons.colour_of(cooperative),
    )


def pdf(poster: Poster, *, paper: str) -> bytes:
    """One page of `paper` (one of PAPERS). A photo that cannot be read is left out.

    Words go in as data and are never read as markup.
    """
    photo = _photo(poster.photo)
    facts = {
        **asdict(poster),
        "paper": paper,
        "language": get_language() or "id",
        "has_photo": photo is not None,
        "call": _("Pindai untuk belanja"),
        "shown_address": poster.address.partition("://")[2].rstrip("/"),
    }
    with TemporaryDirectory() as name:
        folder = Path(name)
        main = folder / TEMPLATE.name
        main.write_bytes(TEMPLATE.read_bytes())
        main.with_name("code.svg").write_bytes(_code(poster.address))
        if photo is not None:
            main.with_name("photo.jpg").write_bytes(photo)
        said = {"facts": json.dumps(facts)}
        return bytes(typst.compile(main, root=folder, format="pdf", sys_inputs=said, ignore_system_fonts=True))


def _code(address: str) -> bytes:
    """An SVG; with error correction M it still reads when a corner is torn or wet."""
    with io.BytesIO() as buffer:
        segno.make(address, error="m", micro=False).save(buffer, kind="svg", border=2, scale=10, xmldecl=False)
        return buffer.getvalue()


def _photo(name: str) -> bytes | None:
    if not name:
        return None
    try:
        with default_storage.open(name) as file, Image.open(file, formats=["WEBP", "JPEG", "PNG"]) as photo:
            square = ImageOps.fit(photo.convert("RGB"), (PHOTO_SIDE, PHOTO_SIDE))
    except (OSError, ValueError):
        return None
    with io.BytesIO() as buffer:
        square.save(buffer, "JPEG", quality=85)
        return buffer.getvalue()
