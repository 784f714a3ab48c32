"""Finding products by words. Each word counts as it is written, as its beginning where it may be unfinished, by its
stem in Indonesian (`dibuatkan` finds `buat`) and in English, and in its other spellings (catalog/spelling.py)."""

from collections.abc import Sequence
from functools import lru_cache, reduce
from operator import add, and_, or_

import snowballstemmer
from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery, SearchRank
from django.db.models import Case, F, FloatField, Value, When

from catalog import spelling
from catalog.findable import extra_words, set_extra
from catalog.models import Product, ProductQuerySet

__all__ = ["best_first", "extra_words", "find", "having_all", "having_some", "set_extra", "words_of"]

LONGEST_QUERY = 100
MOST_WORDS = 8
# Only so many hits are weighed against each other, those that sold best: a word that half of the shop has costs no more
# than a rare one.
MOST_HITS = 600
LITTLE_WORDS = {
    "dan", "atau", "yang", "untuk", "utk", "dari", "dgn", "dengan", "di", "ke", "jual", "beli", "murah", "harga",
    "the", "and", "of", "for",
}  # fmt: skip
SHORTEST_BEGINNING = 2  # half of the shop begins with a k
WEIGHTS = [0.05, 0.2, 0.5, 1.0]  # of D (English description), C (description), B (extra words), A (title)
SOLD_OUT = 0.6  # what is sold out is not hidden, but stands behind its like

Word = Sequence[str]  # the ways in which one word may be written; the first is what was asked for
Query = SearchQuery | CombinedSearchQuery


def find(query: str) -> ProductQuerySet:
    """Products on sale that have all words of `query`, best first."""
    words = words_of(query)
    return best_first(having_all(words), words)


def words_of(query: str) -> Sequence[Word]:
    """What is searched for. Little words are left out where there are others; more than eight words are not read."""
    words = spelling.words(query[:LONGEST_QUERY])
    kept = [word for word in words if word not in LITTLE_WORDS] or words
    return [(word,) for word in dict.fromkeys(kept)][:MOST_WORDS]


def having_all(words: Sequence[Word]) -> ProductQuerySet:
    """On sale, with every one of `words`; the last of them may be unfinished. None for no words."""
    return Product.objects.on_sale().filter(words=_all(words)) if words else Product.objects.none()


def having_some(words: Sequence[Word]) -> ProductQuerySet:
    """On sale, with at least one of `words` that says something."""
    telling = [word for word in words if len(word[0]) > 2]
    if not telling:
        return Product.objects.none()
    return Product.objects.on_sale().filter(words=reduce(or_, [_any(word) for word in telling]))


def best_first(products: ProductQuerySet, words: Sequence[Word], *, some: bool = False) -> ProductQuerySet:
    """Those of `products` that sold best (MOST_HITS), in the order of how well they fit: what has all words in its
    title or extra words, then what has some only in its description. With `some`, what has most of the words."""
    if not words:
        return products.none()
    hits = products.order_by("-sold", "-created_at", "-pk").values("pk")[:MOST_HITS]
    wanted = reduce(or_ if some else and_, [_any(word) for word in words])
    rank = SearchRank(F("words"), wanted, weights=WEIGHTS)
    fits = reduce(add, [_one_for(_any(word)) for word in words]) if some else _one_for(_all(words, weights="AB"))
    here = Case(When(in_stock=True, then=Value(1.0)), default=Value(SOLD_OUT), output_field=FloatField())
    return (
        Product.objects.filter(pk__in=hits)
        .annotate(fit=(fits + rank) * here)
        .order_by("-fit", "-sold", "-created_at", "-pk")
    )


def _one_for(query: Query) -> Case:
    return Case(When(words=query, then=Value(1.0)), default=Value(0.0), output_field=FloatField())


def _all(words: Sequence[Word], weights: str = "") -> Query:
    *before, last = words
    return reduce(and_, [*(_any(word, weights=weights) for word in before), _any(last, begun=True, weights=weights)])


def _any(word: Word, *, begun: bool = False, weights: str = "") -> Query:
    """`word` in each of its forms; where it is `begun`, also what goes on from there. Words are letters or digits only
    (spelling.words), so nothing in them is an operator of a tsquery."""
    forms: dict[tuple[str, str], None] = {}
    for text in word:
        label = f":{weights}" if weights else ""
        prefix = f":*{weights}" if begun and len(text) >= SHORTEST_BEGINNING else label
        forms |= dict.fromkeys([(f"{text}{prefix}", "simple"), (f"{spelling.shape(text)}{prefix}", "simple")])
        forms |= dict.fromkeys((f"{text}{label}", config) for config in _stemmed_in(text))
    return reduce(or_, [SearchQuery(text, search_type="raw", config=config) for text, config in forms])


@lru_cache(maxsize=4096)
def _stemmed_in(word: str) -> list[str]:
    """The configurations in which `word` has a stem that is not the word itself. Asked twice for one lexeme, PostgreSQL
    takes it for twice as common and reads the wrong index."""
    # a stemmer is made anew: it remembers its word, and threads would share it
    return [config for config in ("indonesian", "english") if snowballstemmer.stemmer(config).stemWord(word) != word]
