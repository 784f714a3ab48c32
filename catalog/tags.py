"""Photos in templates: our own <picture>, because the widths that a browser picks depend on honest `sizes`."""

import re

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.models import Document, Picture, Product
from catalog.passport import standing

register = template.Library()

RATIO = "1/1"
FALLBACK_WIDTH = 540
PHONE = 400  # CSS pixels


@register.simple_tag(takes_context=True)
def photo(
    context: template.Context,
    picture: Picture | None,
    *,
    sizes: str,
    eager: bool = False,
    main: bool = False,
    decorative: bool = False,
) -> SafeString:
    """A square photo of a product.

    `sizes` as in HTML: how wide it is shown. `eager`: it is seen without scrolling. `main`: it is the largest thing
    on the page and comes first. `decorative`: the words beside it say the same, so it is not read out. Until its
    sizes exist the upload itself is shown; without a photo, or with one that cannot be read, a plain square. While
    the photo is on its way its place has about its colour (`tone`). Who saves data gets the one size that a phone
    needs at its plainest, not two or three times as many pixels.
    """
    if not picture or picture.is_broken:  # a template has "" for what is not there
        return SafeString('<span class="photo photo-none"></span>')
    attributes = format_html(
        'class="photo{}" alt="{}" width="{}" height="{}" {}',
        "" if picture.tone is None else f" tone-{picture.tone}",
        "" if decorative else picture.alt,
        FALLBACK_WIDTH,
        FALLBACK_WIDTH,
        _loading(eager=eager, main=main),
    )
    renditions = picture.image.aspect_ratios[RATIO] if picture.rendered_at else {}
    webp = renditions.get("WEBP")
    if not webp:  # not made yet, or the upload is smaller than the smallest of them
        return format_html('<img src="{}" {}>', picture.image.url, attributes)
    if context.get("saves_data"):
        width = min(webp, key=lambda width: abs(width - _on_a_phone(sizes)))
        return format_html(
            '<picture><source type="image/avif" srcset="{}"><img src="{}" {}></picture>',
            renditions["AVIF"][width].url,
            webp[width].url,
            attributes,
        )
    return format_html(
        '<picture><source type="image/avif" srcset="{}" sizes="{}"><img src="{}" srcset="{}" sizes="{}" {}></picture>',
        _srcset(renditions["AVIF"]),
        sizes,
        webp[min(webp, key=lambda width: abs(width - FALLBACK_WIDTH))].url,
        _srcset(webp),
        sizes,
        attributes,
    )


@register.filter
def lacking(product: Product) -> str:
    """The kind of document that keeps it off sale, in words."""
    return str(Document.Kind(product.lacks).label) if product.lacks else ""


@register.simple_tag
def papers_of(product: Product) -> list[Document]:
    """The legal documents that visitors see of it."""
    return standing.shown(product, now=timezone.now())


def _loading(*, eager: bool, main: bool) -> SafeString:
    if main:
        return SafeString('fetchpriority="high"')
    return SafeString("" if eager else 'loading="lazy" decoding="async"')


def _on_a_phone(sizes: str) -> int:
    """How many CSS pixels wide it is on a phone: what `sizes` says last, which is what holds when nothing else does."""
    found = re.fullmatch(r"(\d+)(vw|px)", sizes.rpartition(",")[2].strip())
    if not found:
        return PHONE
    number = int(found[1])
    return number if found[2] == "px" else PHONE * number // 100


def _srcset(renditions: dict[int, object]) -> str:
    return ", ".join(f"{renditions[width].url} {width}w" for width in sorted(renditions))  # type: ignore[attr-defined]
