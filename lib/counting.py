"""Counts and averages as people read them on a shelf. Rounded down: nothing is said to be more than it is."""

from django.utils.translation import get_language

THOUSAND, TEN_THOUSAND, MILLION = 1_000, 10_000, 1_000_000


def short(count: int) -> str:
    """`48` -> `48`, `1234` -> `1,2 rb+`, `10800` -> `10 rb+`, `2100000` -> `2,1 jt+`; English `1.2k+`, `10k+`, `2.1m+`.
    The plus is left out where nothing was left out."""
    if count < THOUSAND:
        return str(count)
    unit, word = (MILLION, ("jt", "m")) if count >= MILLION else (THOUSAND, ("rb", "k"))
    tenths = count * 10 // unit if count < 10 * unit else count // unit * 10
    whole, tenth = divmod(tenths, 10)
    more = "+" if tenths * unit < count * 10 else ""
    if _is_english():
        return f"{whole}{f'.{tenth}' if tenth else ''}{word[1]}{more}"
    return f"{whole}{f',{tenth}' if tenth else ''}\N{NO-BREAK SPACE}{word[0]}{more}"


def stars(total: int, count: int) -> str:
    """The average of `count` ratings that add up to `total`, rounded down to one decimal: `4,9`, English `4.9`. Five
    is written only where nobody gave less. Empty without ratings."""
    if not count:
        return ""
    whole, tenth = divmod(total * 10 // count, 10)
    return f"{whole}{'.' if _is_english() else ','}{tenth}"


def _is_english() -> bool:
    return get_language() == "en"
