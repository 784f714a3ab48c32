"""Pages that are the same for everybody are made once and kept until something they show changes (docs/found.md).

Kept is a whole answer, compressed, in the shared cache: for a GET without session or messages, by views that say so
(`kept`). Beside it stand the numbers of the data that it was made from, read before it was made; it is given out only
while they are what they were (tenants/freshness.py). Without the cache every page is made anew.
"""

import hashlib
import secrets
from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import brotli
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers

from storefront.remembering import NUMBER
from tenants import freshness, opening_hours
from tenants.models import Cooperative

QUALITY = 5  # of brotli: 4 % more bytes than the best, at a fiftieth of its time
MOST_BYTES = 1_000_000
LONGEST_QUERY = 300
TARGETS = frozenset({"", "lagi", "hasil", "penawaran", "ulasan"})  # parts of pages that htmx asks for
# Left by whoever sent the visitor here: of no use to us, and each visitor's own.
TRACKING = ("utm_", "fbclid", "gclid", "gbraid", "wbraid", "msclkid", "ttclid", "igsh", "srsltid", "mibextid", "_gl")
# So many new pages of one cooperative are kept in a while. Above it somebody is making addresses up.
WINDOW_SECONDS = 300
MOST_PAGES = 1_000
MOST_QUERIES = 200  # of them, those with a query

View = Callable[..., HttpResponse]
_KEPT = "is_for_everybody"
# Pages of another release are none of ours: its templates and the names of its files are others. With gunicorn's
# preload all processes of a machine have the same one.
RELEASE = secrets.token_hex(4)


class Page(NamedTuple):
    """An answer as it is kept (as a plain tuple). `made_from`: the numbers of the directory and of the cooperative."""

    made_from: tuple[int | None, int | None]
    headers: dict[str, str]
    etag: str
    body: bytes  # brotli


def kept(*, query: Collection[str] = ()) -> Callable[[View], View]:
    """The page shows nothing of its visitor, so it may be kept for everybody, but for their cart, which a session has.

    `query`: the parameters that it reads. An address with any other one is answered and not kept.
    """
    known = frozenset(query)

    def decorate(view: View) -> View:
        @wraps(view)
        def keeping(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            response = view(request, *args, **kwargs)
            if known.issuperset(request.GET) and len(request.META.get("QUERY_STRING", "")) <= LONGEST_QUERY:
                setattr(response, _KEPT, True)
            return response

        return keeping

    return decorate


class PageCache:
    """Stands behind the choice of cooperative, before everything that is only needed to make a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        cooperative: Cooperative = request.tenant  # type: ignore[attr-defined]
        if request.method == "GET":
            _forget_where_from(request)
        if not _is_anonymous(request, cooperative):
            return self.get_response(request)
        key = _key(request, cooperative)
        own, found = freshness.look(cooperative.schema_name, key)
        setattr(request, NUMBER, own)
        made_from = (cooperative.directory, own)
        if found and Page(*found).made_from == made_from:
            return _answer(request, Page(*found), HttpResponse())
        response = self.get_response(request)
        if None in made_from or not _can_be_kept(response):
            return response
        page = _page(response, made_from)
        if found or _is_within_budget(request, cooperative):
            freshness.keep(key, tuple(page), seconds=settings.PAGE_CACHE_SECONDS)
        return _answer(request, page, response)


def _is_anonymous(request: HttpRequest, cooperative: Cooperative) -> bool:
    """Whether nothing about this request could make its answer another one than everybody's."""
    return (
        request.method == "GET"
        and settings.PAGE_CACHE_SECONDS > 0
        and not cooperative.is_platform
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and "messages" not in request.COOKIES
        and request.headers.get("HX-Target", "") in TARGETS
        and "HX-Boosted" not in request.headers
        and "HX-History-Restore-Request" not in request.headers
    )


def _forget_where_from(request: HttpRequest) -> None:
    """Take what senders of links append out of the address: no page reads it, and it would make each visit its own."""
    query = request.META.get("QUERY_STRING", "")
    if any(name in query for name in TRACKING):
        parts = [part for part in query.split("&") if not part.startswith(TRACKING)]
        request.META["QUERY_STRING"] = "&".join(parts)


def _key(request: HttpRequest, cooperative: Cooperative) -> str:
    """What the answer depends on, but for the data. The language is in the path; what hangs on the clock is the date
    and what `tick` says of the opening hours."""
    now = timezone.now()
    parts = (
        request.path,
        request.META.get("QUERY_STRING", ""),
        request.headers.get("HX-Request", ""),
        request.headers.get("HX-Target", ""),
        request.headers.get("Save-Data", "").strip().lower() == "on",
        str(now.astimezone(ZoneInfo(cooperative.zone)).date()),
        opening_hours.tick(cooperative, now=now),
    )
    return (
        f"page:{RELEASE}:{cooperative.schema_name}:{hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()}"
    )


def _can_be_kept(response: Any) -> bool:
    return (
        getattr(response, _KEPT, False)
        and not response.streaming
        and response.status_code == 200
        and not response.cookies  # as with a form's token, which Django always sends the cookie for
        and not response.has_header("Cache-Control")  # the view has an opinion of its own
        and len(response.content) <= MOST_BYTES
    )


def _page(response: HttpResponse, made_from: tuple[int | None, int | None]) -> Page:
    patch_vary_headers(response, ("Accept-Encoding", "Cookie"))
    headers = {name: value for name, value in response.items() if name != "Content-Length"}
    return Page(
        made_from=made_from,
        headers={**headers, "Cache-Control": "private, no-cache"},
        etag=f'W/"{hashlib.blake2b(response.content, digest_size=12).hexdigest()}"',
        body=brotli.compress(response.content, quality=QUALITY),
    )


def _answer(request: HttpRequest, page: Page, response: HttpResponse) -> HttpResponseBase:
    """`page` in `response`, or 304 to whoever has it already. A browser keeps it too, and asks each time."""
    response.headers["ETag"] = page.etag
    for name, value in page.headers.items():
        response.headers[name] = value
    if (unchanged := get_conditional_response(request, etag=page.etag, response=response)) is not response:
        return unchanged
    if "br" in request.headers.get("Accept-Encoding", ""):
        response.content = page.body
        response.headers["Content-Encoding"] = "br"
    elif not response.content:
        response.content = brotli.decompress(page.body)
    response.headers["Content-Length"] = str(len(response.content))
    return response


def _is_within_budget(request: HttpRequest, cooperative: Cooperative) -> bool:
    for most, is_counted, name in (
        (MOST_PAGES, True, "pages"),
        (MOST_QUERIES, bool(request.META.get("QUERY_STRING")), "queries"),
    ):
        if is_counted:
            number = freshness.count(f"{name}:{cooperative.schema_name}", seconds=WINDOW_SECONDS)
            if number is None or number > most:
                return False
    return True
