"""Pictures and places of a shop's own, in templates."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from pages import pictures

register = template.Library()


@register.simple_tag(takes_context=True)
def wide_picture(
    context: template.Context, large: str, small: str, *, alt: str = "", main: bool = False, class_name: str = ""
) -> SafeString:
    """A picture over the width of a phone or half of a screen. Who saves data gets the small one only."""
    when = SafeString('fetchpriority="high"' if main else 'loading="lazy" decoding="async"')
    sizes = "(min-width: 64rem) 36rem, 100vw"
    if large == small or context.get("saves_data"):
        chosen = format_html('src="{}"', small)
    else:
        chosen = format_html('src="{}" srcset="{} 640w, {} 1280w" sizes="{}"', small, small, large, sizes)
    return format_html('<img class="{}" {} alt="{}" width="1280" height="800" {}>', class_name, chosen, alt, when)


@register.simple_tag(takes_context=True)
def cover_picture(context: template.Context) -> SafeString:
    """The cooperative's cover as the main picture of the page."""
    name = context["cooperative"].cover
    large, small = (reverse("media", args=[pictures.resized(name, width)]) for width in pictures.WIDE)
    return wide_picture(context, large, small, main=True, class_name="hero-cover")


@register.simple_tag(takes_context=True)
def map_links(context: template.Context) -> list[dict[str, Any]]:
    """Ways to see on a map where the cooperative is. Links, so that nobody else learns who reads the page."""
    cooperative = context["cooperative"]
    if cooperative.latitude is not None and cooperative.longitude is not None:
        here = f"{cooperative.latitude},{cooperative.longitude}"
        street_map = urlencode({"mlat": cooperative.latitude, "mlon": cooperative.longitude, "zoom": 16})
        return [
            _link("Google Maps", f"https://www.google.com/maps/search/?{urlencode({'api': 1, 'query': here})}"),
            _link("OpenStreetMap", f"https://www.openstreetmap.org/?{street_map}"),
        ]
    if not cooperative.address:
        return []
    asked = ", ".join(part for part in (cooperative.address, cooperative.regency, cooperative.province) if part)
    found = _link("Google Maps", f"https://www.google.com/maps/search/?{urlencode({'api': 1, 'query': asked})}")
    return [{**found, "is_search": True}]


def _link(name: str, href: str) -> dict[str, Any]:
    return {"name": name, "href": href, "is_search": False}
