"""Photos of buyers: drawn anew, small, and out of everybody's reach until an officer has seen them.

A stored name says where a photo stands: below `private/` while its review waits or is hidden (no address serves it but
the back office's), beside the other pictures of the shop while the review is shown.
"""

import io
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps

from lib.photo_files import redraw
from reviews.models import Review, ReviewPhoto
from tenants.context import current_cooperative, on_commit

LONGEST_SIDE = 1080
THUMB = 240
PRIVATE = "private/reviews"
PUBLIC = "reviews"


@dataclass(frozen=True, kw_only=True)
class Drawn:
    large: bytes
    thumb: bytes
    width: int
    height: int


def draw(*, name: str, data: bytes) -> Drawn:
    """The photo from its pixels alone, in the two sizes that are kept. Raises photo_files.BadPhoto."""
    large = redraw(data, name=name, longest=LONGEST_SIDE)
    with Image.open(io.BytesIO(large.data), formats=["WEBP"]) as image:
        thumb = ImageOps.fit(image.convert("RGB"), (THUMB, THUMB))
    return Drawn(large=large.data, thumb=_webp(thumb), width=large.width, height=large.height)


@contextmanager
def undone_on_error() -> Iterator[list[str]]:
    """Names that are put into the list are files that go away again when what is inside fails."""
    stored: list[str] = []
    try:
        yield stored
    except BaseException:
        for name in stored:
            default_storage.delete(name)
        raise


def replace(review: Review, drawn: Sequence[Drawn], stored: list[str]) -> None:
    """These instead of the photos that the review has. In a transaction, inside `undone_on_error`."""
    _forget(review.photos.all())
    review.photos.all().delete()
    for position, each in enumerate(drawn):
        ReviewPhoto.objects.create(
            review=review,
            name=_keep(each.large, PRIVATE, stored),
            thumb=_keep(each.thumb, PRIVATE, stored),
            width=each.width,
            height=each.height,
            position=position,
        )


def move(review: Review, *, to: str, stored: list[str]) -> None:
    """Bring the photos of `review` to PUBLIC or PRIVATE. In a transaction, inside `undone_on_error`.

    They get names that nobody has seen, so that who kept the address of a shown photo does not have it when it is
    hidden.
    """
    for photo in review.photos.select_for_update().order_by("pk"):
        if _stands_in(photo, to):
            continue
        _forget([photo])
        photo.name = _keep(_read(photo.name), to, stored)
        photo.thumb = _keep(_read(photo.thumb), to, stored)
        photo.save(update_fields=["name", "thumb"])


def _stands_in(photo: ReviewPhoto, folder: str) -> bool:
    return str(photo.name).partition("/")[2].startswith(f"{folder}/")


def _forget(photos_: Iterable[ReviewPhoto]) -> None:
    for photo in photos_:
        for name in (str(photo.name), str(photo.thumb)):
            on_commit(partial(default_storage.delete, name))


def _keep(data: bytes, folder: str, stored: list[str]) -> str:
    name = f"{current_cooperative().uid.hex}/{folder}/{uuid.uuid4().hex}.webp"
    stored.append(default_storage.save(name, ContentFile(data)))
    return name


def _read(name: object) -> bytes:
    with default_storage.open(str(name)) as file:
        return bytes(file.read())


def _webp(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format="WEBP", quality=75, method=4)
    return buffer.getvalue()
