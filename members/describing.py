"""What a member who sells tells visitors about themselves."""

import io
import uuid
from datetime import datetime
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image, ImageOps

from lib import regencies
from lib.photo_files import redraw
from members.models import Member
from tenants import due
from tenants.context import current_cooperative, on_commit

SIDE = 480  # pixels of a portrait
FACES_ARE = (0.5, 0.35)  # in the middle, a bit above it: what is cut off a tall photo is rather the bottom


class UnknownRegency(ValueError):
    """No kabupaten or kota has this code."""


@transaction.atomic
def describe(*, member_id: int, village: str, origin_code: str, story: str, story_en: str, now: datetime) -> None:
    """Write what visitors read about a member; its products are found by the place. Raises UnknownRegency; nothing
    changes then."""
    if origin_code and origin_code not in regencies.NAMES:
        raise UnknownRegency(origin_code)
    member = Member.objects.filter(pk=member_id)
    is_elsewhere = member.exclude(village=village, origin_code=origin_code).exists()
    member.update(village=village, origin_code=origin_code, story=story.strip(), story_en=story_en.strip())
    if is_elsewhere:
        due.note("extra_words", now=now)


def set_portrait(*, member_id: int, name: str, data: bytes) -> Member:
    """The photo of a member, square and drawn anew; `name` as the file came. Raises photo_files.BadPhoto."""
    drawn = _square(redraw(data, name=name).data)
    stored = default_storage.save(
        f"{current_cooperative().uid.hex}/members/{uuid.uuid4().hex}.webp", ContentFile(drawn)
    )
    try:
        return _put(member_id, stored)
    except BaseException:
        default_storage.delete(stored)
        raise


def remove_portrait(*, member_id: int) -> Member:
    """Nobody's photo any more. Again changes nothing."""
    return _put(member_id, "")


@transaction.atomic
def _put(member_id: int, stored: str) -> Member:
    member = Member.objects.select_for_update(no_key=True).get(pk=member_id)
    if member.photo:
        on_commit(partial(default_storage.delete, str(member.photo)))
    member.photo = stored
    member.save(update_fields=["photo"])
    return member


def _square(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data), formats=["WEBP"]) as image, io.BytesIO() as buffer:
        ImageOps.fit(image.convert("RGB"), (SIDE, SIDE), centering=FACES_ARE).save(buffer, "WEBP", quality=80, method=4)
        return buffer.getvalue()
