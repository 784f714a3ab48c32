"""Pictures that an import named become photos of their products: from its ZIP, or from their public address.

The row of each wish is the queue. A network call stands in no transaction; whoever takes a wish moves its next time
first, so that two workers do not fetch the same."""

import logging
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from catalog import photos
from catalog.importing.pictures import BadArchive, Zipped
from catalog.models import ImportJob, Picture, Product, Variant, WantedPicture
from catalog.photos import BadPhoto
from lib import fetching
from lib.http import CallFailed, TooLarge
from tenants import due

logger = logging.getLogger(__name__)
Read = Callable[[WantedPicture], bytes]
MOST_ATTEMPTS = 4
TAKEN_FOR = timedelta(minutes=5)
PAUSES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))


def work(*, now: datetime, seconds: float = 4.0) -> datetime | None:
    """Fetch what is wanted for about `seconds`. Returns when there is more to do; None: nothing is left."""
    end = time.monotonic() + seconds
    with ExitStack() as stack:
        read = _Reading(stack).read
        while time.monotonic() < end:
            wishes = list(
                _waiting().filter(_is_due(now)).select_related("job", "product").order_by("product", "position")[:20]
            )
            if not wishes:
                break
            for wish in wishes:
                if _take(wish, now):
                    fetch(wish, read=read, now=now)
                if time.monotonic() > end:
                    break
    times = _waiting().values_list("try_at", flat=True)
    return min((at or now for at in times), default=None)


def fetch(wish: WantedPicture, *, read: Read, now: datetime) -> str:
    """Make it a photo of its product. Returns why not, in plain words; empty: it is one."""
    language = wish.job.options.get("language", "id") if wish.job else "id"
    with translation.override(language):
        try:
            data = read(wish)
            product = Product.objects.get(pk=wish.product_id)
            picture = photos.attach(product=product, data=data, alt=wish.alt or product.title, now=now)
        except (BadPhoto, fetching.NotPublic, fetching.Refused, TooLarge) as error:
            return _give_up(wish, _reason(error), now)
        except CallFailed as error:
            if wish.attempts >= MOST_ATTEMPTS:
                return _give_up(wish, _reason(error), now)
            pause = PAUSES[min(wish.attempts, len(PAUSES)) - 1]
            WantedPicture.objects.filter(pk=wish.pk).update(try_at=now + pause)
            return ""
    _show(wish, picture, now)
    return ""


def failed(job: ImportJob) -> int:
    """How many of its pictures could not be had."""
    return job.wanted_pictures.filter(done_at__isnull=False).exclude(error="").count()


@transaction.atomic
def _show(wish: WantedPicture, picture: Picture, now: datetime) -> None:
    WantedPicture.objects.filter(pk=wish.pk).update(picture=picture, done_at=now, error="")
    Picture.objects.filter(pk=picture.pk).update(position=wish.position)
    if wish.variants:
        Variant.objects.filter(pk__in=wish.variants, product=wish.product_id).update(picture=picture)
    due.note("push", now=now)


class _Reading:
    """Where pictures come from; a ZIP is opened once for as long as it is worked at."""

    def __init__(self, stack: ExitStack) -> None:
        self.stack = stack
        self.zipped: dict[int, Zipped] = {}

    def read(self, wish: WantedPicture) -> bytes:
        if wish.address.lower().startswith(("http://", "https://")):
            return fetching.fetch(wish.address, most_bytes=photos.MOST_BYTES)
        if wish.job is None or not wish.job.pictures:
            raise BadPhoto(_("Foto “%(name)s” tidak ditemukan.") % {"name": wish.address[:80]})
        if wish.job.pk not in self.zipped:
            try:
                self.zipped[wish.job.pk] = Zipped(self.stack.enter_context(wish.job.pictures.open("rb")))
            except (BadArchive, OSError) as error:
                raise BadPhoto(str(error)) from error
        return self.zipped[wish.job.pk].read(wish.address)


def _take(wish: WantedPicture, now: datetime) -> bool:
    wish.attempts += 1
    mine = WantedPicture.objects.filter(pk=wish.pk, attempts=wish.attempts - 1, done_at=None)
    return bool(mine.update(attempts=F("attempts") + 1, try_at=now + TAKEN_FOR))


def _give_up(wish: WantedPicture, reason: str, now: datetime) -> str:
    WantedPicture.objects.filter(pk=wish.pk).update(done_at=now, error=reason[:300])
    return reason


def _reason(error: Exception) -> str:
    if isinstance(error, BadPhoto):
        return str(error)
    if isinstance(error, fetching.NotPublic):
        return _("Alamat foto ini bukan alamat umum di internet.")
    if isinstance(error, TooLarge):
        return _("Fotonya lebih besar dari 10 MB.")
    return _("Foto di alamat ini tidak bisa diambil.")


def _waiting() -> QuerySet[WantedPicture]:
    return WantedPicture.objects.filter(done_at=None)


def _is_due(now: datetime) -> Q:
    return Q(try_at=None) | Q(try_at__lte=now)
