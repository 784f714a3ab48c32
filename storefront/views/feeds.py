"""The shelf for shopping services (docs/found.md): one address for each, in the language of the address."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from storefront import feeding
from storefront.feeding import Dialect
from tenants import freshness
from tenants.models import Cooperative

AT_ONCE_SECONDS = 30  # so long nobody else begins the same file: a large shop's takes a while to write
MOST_AT_ONCE = 4


@require_safe
def google(request: HttpRequest) -> HttpResponseBase:
    return _answer(request, feeding.GOOGLE)


@require_safe
def meta(request: HttpRequest) -> HttpResponseBase:
    return _answer(request, feeding.META)


def _answer(request: HttpRequest, dialect: Dialect) -> HttpResponseBase:
    """Sent while it is written. Few are begun in a short time: services ask once an hour."""
    cooperative: Cooperative = request.tenant  # type: ignore[attr-defined]
    begun = freshness.count(f"feed:{cooperative.schema_name}:{dialect.name}", seconds=AT_ONCE_SECONDS)
    if begun is not None and begun > MOST_AT_ONCE:
        wait = {"Retry-After": str(AT_ONCE_SECONDS)}
        return HttpResponse("503: coba lagi sebentar / try again soon\n", status=503, content_type="text/plain",
                            headers=wait)  # fmt: skip
    answer = StreamingHttpResponse(
        _in_language(get_language() or "id", dialect, cooperative), content_type="application/xml; charset=utf-8"
    )
    answer["Cache-Control"] = "no-cache"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _in_language(language: str, dialect: Dialect, cooperative: Cooperative) -> Iterator[str]:
    """The pieces are written after the request has left its language behind."""
    pieces = feeding.feed(dialect, cooperative=cooperative, now=timezone.now())
    while True:
        with override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece
