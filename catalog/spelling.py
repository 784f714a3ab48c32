"""One word, written in several ways: `kripik` and `keripik`, `cabai` and `cabe`, `sambal` and `sambel`. All of them
have one shape here. Products are indexed by the shapes of their words too, so that any spelling finds any other.

The rules are those by which sellers in Indonesia differ from the dictionary: the unstressed e that is dropped, old and
Javanese spelling, Betawi endings. Two words that get the same shape without being the same (`karet`, `karat`) cost
little: what is written exactly as asked for comes first.
"""

import re
import unicodedata
from functools import lru_cache

SHORTEST = 4  # letters; `teh` and `kue` are too short to be worth guessing at
SHORTEST_SHAPE = 4
PIECES = re.compile(r"\d+|[^\W\d_]+")
UNITS = {
    "gram": "g", "gr": "g", "grm": "g", "kilogram": "kg", "kilo": "kg", "liter": "l", "ltr": "l", "lt": "l",
    "mililiter": "ml", "pieces": "pcs", "pc": "pcs", "kueh": "kue",
}  # fmt: skip
RULES = [
    (re.compile(pattern), instead)
    for pattern, instead in [
        (r"oe", "u"), (r"dj", "j"), (r"tj", "c"), (r"sj|sy", "s"), (r"kh|ch(?=[^aeiou]|$)", "k"),
        (r"ph|v", "f"), (r"q", "k"), (r"x", "ks"), (r"z", "s"), (r"([td])h", r"\1"),
        (r"([a-z])\1+", r"\1"),
        (r"^h(?=[aeiou])", ""), (r"(?<=[aeiou])h(?=[aeiou])", ""), (r"h$", ""),  # hitam, pahit, tempeh
        (r"(?<=[bcdfgjkpst])e(?=[rl][aeiou])", ""),  # keripik, belangkon
        (r"[ae]i$", "e"), (r"a[uo]$", "o"), (r"ian$", "en"),  # cabai, bakpao, durian
        (r"a(?=[^aeiou]+$)", "e"), (r"o(?=[^aeiou]+$)", "u"),  # sambal, telor
    ]
]  # fmt: skip


@lru_cache(maxsize=20_000)  # sellers use the same words: an import of thousands asks for few that are new
def shape(word: str) -> str:
    """What all spellings of `word` have in common; `word` itself, in small letters, where nothing is to be said."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))
    if plain in UNITS:
        return UNITS[plain]
    if len(plain) < SHORTEST or not plain.isalpha():
        return plain
    found = plain
    for pattern, instead in RULES:
        found = pattern.sub(instead, found)
    return found if len(found) >= SHORTEST_SHAPE else plain


def words(text: str) -> list[str]:
    """The words of a text in small letters, numbers apart from letters: `Kopi/Teh 250gr` has four."""
    return PIECES.findall(text.lower())
