"""What a reader searches for, found in the way that fits best: all words as they are written; else with what was
probably meant in place of what nobody has; else with some of the words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from catalog import facets, search, shelf, vocabulary
from catalog.models import Product, ProductQuerySet
from catalog.search import Word

Way = Literal["all", "meant", "some", "none"]


@dataclass(frozen=True, kw_only=True)
class Found:
    """`way`: how it was found; `words`: what was searched for in the end; `counts`: of what fits them."""

    way: Way
    words: Sequence[Word]
    products: ProductQuerySet  # with these words, before anything is chosen
    counts: facets.Counts

    @property
    def said(self) -> str:
        return vocabulary.said(self.words)

    def best_first(self, chosen: facets.Chosen) -> ProductQuerySet:
        return search.best_first(facets.narrow(self.products, chosen), self.words, some=self.way == "some")


def look_for(query: str, chosen: facets.Chosen) -> Found:
    """One query where the words are found, at most four where they are not."""
    words = search.words_of(query)
    for way, meant, products in _ways(words):
        counts = facets.count(_best_selling(products), chosen, most=search.MOST_HITS)
        if counts.before:
            return Found(way=way, words=meant, products=products, counts=counts)
    return Found(way="none", words=words, products=Product.objects.none(), counts=facets.NOTHING)


def _ways(words: Sequence[Word]) -> Iterator[tuple[Way, Sequence[Word], ProductQuerySet]]:
    if not words:
        return
    yield "all", words, shelf.with_price(search.having_all(words))
    meant = vocabulary.meant_by(words)
    if meant:
        yield "meant", meant, shelf.with_price(search.having_all(meant))
    if len(meant or words) > 1:
        yield "some", meant or words, shelf.with_price(search.having_some(meant or words))


def _best_selling(products: ProductQuerySet) -> ProductQuerySet:
    return products.order_by("-sold", "-created_at", "-pk")
