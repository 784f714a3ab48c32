from celery import shared_task
from django.utils import timezone

from catalog import findable, photos, picturing, vocabulary
from catalog.importing import fetching
from catalog.models import Product
from catalog.passport import watching
from tenants import due


@shared_task
def render_pictures() -> None:
    """Make the sizes of photos that have none yet, a second at a time so that other work gets its turn. When there is
    nothing to draw, photos that nobody took are forgotten."""
    now = timezone.now()
    with due.working("pictures", now=now):
        if picturing.render_waiting(now=now):
            due.note("pictures", now=now)
        else:
            photos.forget_loose(now=now)


@shared_task
def fetch_pictures() -> None:
    """Fetch pictures that an import named, a few seconds at a time."""
    now = timezone.now()
    with due.working("fetch_pictures", now=now):
        again_at = fetching.work(now=now)
        if again_at is not None:
            due.note("fetch_pictures", now=now, at=again_at)


@shared_task
def check_passports() -> None:
    """Warn of documents that come to their end, and take off the shelf what lacks one."""
    now = timezone.now()
    with due.working("passport", now=now):
        watching.check(now=now)


@shared_task
def write_extra_words() -> None:
    """Somebody is called otherwise now: every product is found by the new name."""
    now = timezone.now()
    with due.working("extra_words", now=now):
        if findable.set_extra(Product.objects.values_list("pk", flat=True)):
            vocabulary.outdated(now=now)


@shared_task
def count_words() -> None:
    """Bring the words that help with typing errors up to what is on sale."""
    now = timezone.now()
    with due.working("vocabulary", now=now):
        vocabulary.count_words()
