"""What every page of a shop shows: whose shop it is, how much is in the cart, this page in the other language."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language

from storefront import cart, trust
from storefront.face import Face, saves_data
from tenants.addresses import on_host


def shop(request: HttpRequest) -> dict[str, Any]:
    cooperative = getattr(request, "tenant", None)
    session = getattr(request, "session", None)
    return {
        "cooperative": cooperative,
        "cart_count": cart.count(session) if session is not None else 0,
        "languages": _languages(request),
        "story": _story(cooperative),
        "story_is_translated": get_language() != "en" or bool(cooperative and cooperative.story_en),
        "cover": _file(cooperative, "cover"),
        "logo": _file(cooperative, "logo"),
        "saves_data": saves_data(request),
        "face": Face(cooperative) if cooperative is not None and not cooperative.is_platform else None,
        "ways_to_pay": SimpleLazyObject(trust.ways_to_pay),
        # Costs a query, and only pages that search engines read ask for it.
        "origin": SimpleLazyObject(lambda: on_host(cooperative.primary_domain, "")),
    }


def _story(cooperative: Any) -> str:
    """What the cooperative tells about itself, in the visitor's language where it has been translated."""
    if cooperative is None:
        return ""
    return (get_language() == "en" and cooperative.story_en) or cooperative.story_id


def _file(cooperative: Any, field: str) -> str:
    name = getattr(cooperative, field, "")
    return reverse("media", args=[name]) if name else ""


def _languages(request: HttpRequest) -> list[dict[str, Any]]:
    query = request.META.get("QUERY_STRING", "")
    return [
        {
            "code": code,
            "name": name,
            "path": _in_language(request.path, code, get_language()),
            "query": f"?{query}" if query and request.method == "GET" else "",
            "is_current": code == get_language(),
        }
        for code, name in settings.LANGUAGES
    ]


@lru_cache(maxsize=5_000)
def _in_language(path: str, code: str, present: str | None) -> str:
    """An address in another language: the same for everybody, and looked up in the whole table of addresses."""
    return escape_leading_slashes(translate_url(path, code))
