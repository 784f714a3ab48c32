"""Categories that people name: found, or made where they are missing."""

from collections.abc import Sequence

from django.db import transaction

from catalog import naming
from catalog.models import Category

DEEPEST = 3
LONGEST = 60


class NoName(ValueError):
    """Nothing that a category can be called."""


def path(text: str) -> list[str]:
    """`Kopi > Bubuk` -> ["Kopi", "Bubuk"]. Raises NoName."""
    names = [" ".join(part.split()) for part in text.replace("\x00", "").split(">")]
    if not 1 <= len(names) <= DEEPEST or any(not 1 <= len(name) <= LONGEST for name in names):
        raise NoName(text)
    return names


@transaction.atomic
def at(names: Sequence[str]) -> Category:
    """The category at this path, whatever the case of its letters; those on the way are made as well."""
    found: Category | None = None
    for depth, name in enumerate(names, start=1):
        known = Category.objects.filter(name__iexact=name, parent=found).first()
        if known is None:
            slug = naming.free_slug(Category, " ".join(names[:depth])[:70], otherwise="kategori")
            known = Category.objects.create(name=name, parent=found, slug=slug[:80])
        found = known
    if found is None:
        raise NoName
    return found
