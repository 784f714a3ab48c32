"""Help with typing errors: what the shop's own words say was probably meant.

The words are those of titles, categories, makers and places of what is on sale (not of descriptions, where typing
errors live too). They are counted anew some minutes after something changed; until then a new product is found by its
words, only not by wrong ones.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache

from django.db.models import Count
from rapidfuzz import process
from rapidfuzz.distance import OSA

from catalog import spelling
from catalog.models import Category, Product, Word
from catalog.search import Word as Wanted
from lib import regencies
from lib.schema import connection
from members.models import Member
from tenants import due
from tenants.models import Due

MOST_WORDS = 20_000  # the commonest; a shop of 100,000 products knows more, but nobody means those
WAIT = timedelta(minutes=5)
SHORTEST = 3
NO_VOWELS = str.maketrans("", "", "aeiou")


def outdated(*, now: datetime) -> None:
    """What is on sale, or how it is called, has changed: the words are counted again in some minutes."""
    pending = Due.objects.filter(cooperative=connection.tenant.pk, kind="vocabulary", every=None, at__gt=now)
    if not pending.exists():
        due.note("vocabulary", now=now, at=now + WAIT)


def count_words() -> int:
    """Write down how many products have each word. Returns how many words have changed."""
    known = dict(Word.objects.values_list("text", "products"))
    with connection.cursor() as cursor:
        cursor.execute(_counting(), [MOST_WORDS])
        found = Counter(dict(cursor.fetchall()))
    for code, products in _origins():
        for word in spelling.words(regencies.name(code)):
            found[word] += products
    changed = [Word(text=text, products=products) for text, products in found.items() if known.get(text) != products]
    gone = known.keys() - found.keys()
    Word.objects.filter(text__in=gone).delete()
    Word.objects.bulk_create(
        changed, batch_size=2000, update_conflicts=True, unique_fields=["text"], update_fields=["products"]
    )
    return len(changed) + len(gone)


def meant_by(words: Sequence[Wanted]) -> list[Wanted] | None:
    """`words` with what was probably meant beside what was written; None where nothing better is known. One query."""
    known = dict(Word.objects.values_list("text", "products"))
    texts = _mended_gaps([word[0] for word in words], known)
    shortened = _by_consonants(tuple(known)) if any(text not in known for text in texts) else {}
    last = len(texts) - 1
    meant = [_with_nearest(text, known, shortened, begun=at == last) for at, text in enumerate(texts)]
    return meant if meant != list(words) else None


def said(words: Sequence[Wanted]) -> str:
    """What is searched for, as it is told to the reader: `keripik tempe`."""
    return " ".join(word[-1] for word in words)


def _with_nearest(
    text: str, known: Mapping[str, int], shortened: Mapping[str, Sequence[str]], *, begun: bool
) -> Wanted:
    """`text` alone where it is a word, or may become one; else with the nearest word beside it."""
    if len(text) < SHORTEST or not text.isalpha() or text in known:
        return (text,)
    if begun and any(word.startswith(text) for word in known):
        return (text,)
    distances = {word: float(errors) for word, errors, _ in _near(text, known, _allowed(text))}
    for word in shortened.get(text.translate(NO_VOWELS), ()):  # `btk`, `krpuk`: vowels are left out in chats
        if word[0] == text[0]:
            distances[word] = min(distances.get(word, 9), 1)
    if begun and not distances and len(text) > SHORTEST:  # an unfinished word with an error in it
        begins = {word[: len(text)]: word for word in sorted(known, key=lambda word: known[word])}
        distances = {begins[head]: float(errors) for head, errors, _ in _near(text, begins, 1)}
    if not distances:
        return (text,)
    # nobody misses the first letter as often as another; of equals, the word that more products have
    best = min(distances, key=lambda word: (distances[word] + (word[0] != text[0]) / 2, -known[word], word))
    return (text, best)


def _near(text: str, words: Iterable[str], most: int) -> list[tuple[str, int, int]]:
    """Words that `most` letters wrong, missing, too many or swapped make of `text`."""
    return process.extract(text, list(words), scorer=OSA.distance, score_cutoff=most, limit=20)


def _allowed(text: str) -> int:
    return 1 if len(text) < 6 else 2 if len(text) < 10 else 3


def _mended_gaps(texts: Sequence[str], known: Mapping[str, int]) -> list[str]:
    """`ke ripik` is one word, `batiktulis` two."""
    mended: list[str] = []
    for text in texts:
        joined = mended[-1] + text if mended else ""
        if joined in known and (text not in known or mended[-1] not in known):
            mended[-1] = joined
        elif text not in known and (parts := _parts(text, known)):
            mended += parts
        else:
            mended.append(text)
    return mended


def _parts(text: str, known: Mapping[str, int]) -> list[str]:
    for at in range(SHORTEST, len(text) - SHORTEST + 1):
        if text[:at] in known and text[at:] in known:
            return [text[:at], text[at:]]
    return []


@cache
def _counting() -> str:
    """PostgreSQL counts: `ts_stat` says in how many rows each word stands. Names of tables are ours, not a reader's."""
    product, category, member = (model._meta.db_table for model in (Product, Category, Member))
    texts = " || ' ' || ".join(["p.title", "p.title_en", "c.name", "c.name_en", "m.name", "m.village"])
    return f"""
        SELECT word, ndoc FROM ts_stat($$
            SELECT to_tsvector('simple', regexp_replace({texts}, '[^[:alpha:]]+', ' ', 'g'))
            FROM "{product}" p JOIN "{category}" c ON c.id = p.category_id JOIN "{member}" m ON m.id = p.member_id
            WHERE p.state = 'live' AND p.lacks = ''
        $$) WHERE length(word) BETWEEN {SHORTEST} AND 40 ORDER BY ndoc DESC, word LIMIT %s
    """  # noqa: S608


def _origins() -> Iterable[tuple[str, int]]:
    rows = Product.objects.on_sale().exclude(origin_code="").order_by()
    return rows.values_list("origin_code").annotate(products=Count("pk"))


def _by_consonants(words: tuple[str, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in words:
        found.setdefault(word.translate(NO_VOWELS), []).append(word)
    return found
