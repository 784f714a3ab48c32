"""Finding products by words. Two dictionaries at once: `indonesian` stems (`dibuatkan` finds `buat`) and mangles some
words, `simple` takes each word as it is written."""

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F

from catalog.models import Product, ProductQuerySet

LONGEST_QUERY = 100


def find(query: str) -> ProductQuerySet:
    """Products on sale that contain the words of `query`, best first. The last word may be unfinished."""
    words = "".join(c if c.isalnum() else " " for c in query[:LONGEST_QUERY]).split()
    if not words:
        return Product.objects.none()
    prefix = " & ".join([*words[:-1], f"{words[-1]}:*"])
    wanted = SearchQuery(prefix, search_type="raw", config="simple") | SearchQuery(
        " ".join(words), search_type="plain", config="indonesian"
    )
    return (
        Product.objects.on_sale()
        .filter(search=wanted)
        .annotate(rank=SearchRank(F("search"), wanted))
        .order_by("-rank", "-created_at")
    )
