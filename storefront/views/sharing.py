"""What is seen where a link to a product is passed on."""

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe
from redis import RedisError

from catalog import shelf
from catalog.models import Product
from pages import share_image as drawing

FRESH_SECONDS = 3600  # for whoever keeps it on the way; then they ask whether it has changed
KEPT_SECONDS = 600  # a link that is sent to a group is asked for many times in a few minutes


@require_safe
def share_image(request: HttpRequest, slug: str) -> HttpResponse:
    """A JPEG of 1200 × 630 with photo, name and price. Its ETag is a digest of what is in it, so a price that has
    changed is another picture, and one that has not costs no drawing."""
    product = get_object_or_404(shelf.for_cards(Product.objects.on_sale()), slug=slug)
    facts = drawing.facts_of(product, request.tenant)  # type: ignore[attr-defined]
    response = HttpResponse(content_type="image/jpeg")
    response["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    etag = f'"{facts.digest}"'
    response["ETag"] = etag
    if (unchanged := get_conditional_response(request, etag=etag, response=response)) is not response:
        return unchanged
    response.content = _drawn(facts)
    return response


def _drawn(facts: drawing.Facts) -> bytes:
    key = f"share:{facts.digest}"
    try:
        if (kept := cache.get(key)) is not None:
            return bytes(kept)
        drawn = drawing.draw(facts)
        cache.set(key, drawn, KEPT_SECONDS)
    except (RedisError, OSError):
        return drawing.draw(facts)
    return drawn
