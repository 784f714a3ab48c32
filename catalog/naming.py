"""Addresses and SKUs that are still free."""

import itertools
from collections.abc import Collection

from django.utils.text import slugify

from catalog.models import Category, Product, Variant


def free_slug(model: type[Category | Product], title: str, *, otherwise: str) -> str:
    """A slug for `title` that no row of `model` has: the title's own, or with a number behind it."""
    base = slugify(title)[:130] or otherwise
    taken = set(model._default_manager.filter(slug__startswith=base).values_list("slug", flat=True))
    tries = itertools.chain([base], (f"{base}-{number}" for number in itertools.count(2)))
    return next(slug for slug in tries if slug not in taken)


def free_sku(words: str, *, also_taken: Collection[str] = ()) -> str:
    """A SKU from `words` that no variant of the shop has, nor `also_taken`."""
    base = slugify(words).upper()[:44] or "SKU"
    taken = {*Variant.objects.filter(sku__startswith=base).values_list("sku", flat=True), *also_taken}
    tries = itertools.chain([base], (f"{base}-{number}" for number in itertools.count(2)))
    return next(sku for sku in tries if sku not in taken)
