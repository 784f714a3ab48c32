"""The home page as blocks that officers arrange. A shop in which nobody has done so has DEFAULT.

What a block says is in `Block.content`: texts by language (`title_id`, `title_en`, ...), the name of a picture below
the cooperative's folder, which products. Everything in it may be missing.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, transaction

from pages import pictures
from pages.models import Block
from tenants.models import Cooperative

Kind = Block.Kind
MOST_BLOCKS = 12
MOST_PRODUCTS = 24
FIRST_DAY = "awal-"
SOURCES = ("newest", "popular", "categories", "category", "chosen")
_TEXTS = {f"{name}_{language}" for name in ("title", "text") for language in ("id", "en")}
_PICTURE = {"picture", "picture_width", "picture_height", "alt_id", "alt_en"}
_BUTTON = {"button_id", "button_en", "link"}
CONTENT: dict[str, frozenset[str]] = {
    Kind.BANNER: frozenset(_TEXTS | _PICTURE | _BUTTON),
    Kind.COLLECTION: frozenset({"title_id", "title_en", "source", "category", "products", "count"}),
    Kind.STORY: frozenset(_TEXTS | _PICTURE),
    Kind.TEXT: frozenset(_TEXTS),
    Kind.MAP: frozenset(_TEXTS | _PICTURE),
}
DEFAULT: tuple[tuple[str, dict[str, Any]], ...] = (
    (Kind.BANNER, {}),
    (Kind.COLLECTION, {"source": "categories"}),
    (Kind.COLLECTION, {"source": "newest", "count": MOST_PRODUCTS}),
    (Kind.STORY, {}),
)


class TooMany(Exception):
    """There are MOST_BLOCKS blocks."""


class Gone(LookupError):
    """No such block: somebody else has removed it, or has begun to arrange the page."""


def on_home() -> list[Block]:
    """What visitors see, in order. One query."""
    return [block for block in everything() if block.is_shown]


def everything() -> list[Block]:
    """All blocks in order, hidden ones too; those of DEFAULT have no key yet."""
    found = list(Block.objects.order_by("position", "pk")[:MOST_BLOCKS])
    return found or [Block(kind=kind, position=at, content=content) for at, (kind, content) in enumerate(DEFAULT)]


def key(block: Block) -> str:
    """What names a block in an address, whether it has been written down already or not."""
    return str(block.pk) if block.pk else f"{FIRST_DAY}{block.position}"


def found(key: str) -> Block:
    """Raises Gone."""
    return _found(everything(), key)


@transaction.atomic
def add(*, kind: str) -> Block:
    """A block at the end. Raises TooMany, ValueError for a kind that there is not."""
    kind = Kind(kind)
    rows = _rows()
    if len(rows) >= MOST_BLOCKS:
        raise TooMany
    content: dict[str, Any] = {"source": "newest", "count": 8} if kind == Kind.COLLECTION else {}
    return Block.objects.create(kind=kind, position=len(rows), content=content)


@transaction.atomic
def move(*, key: str, up: bool) -> None:
    """The block changes places with the one above or below it, where there is one. Raises Gone."""
    rows = _rows()
    block = _found(rows, key)
    here = rows.index(block)
    other = here - 1 if up else here + 1
    if 0 <= other < len(rows):
        rows[here], rows[other] = rows[other], rows[here]
        _number(rows)


@transaction.atomic
def show(*, key: str, is_shown: bool) -> None:
    """Raises Gone."""
    block = _found(_rows(), key)
    block.is_shown = is_shown
    block.save(update_fields=["is_shown", "updated_at"])


@transaction.atomic
def remove(*, key: str, cooperative: Cooperative) -> None:
    """Raises Gone."""
    rows = _rows()
    block = _found(rows, key)
    _forget_picture(block, cooperative)
    rows.remove(block)
    block.delete()
    _number(rows)
    if not rows:  # a home page without anything would be the default one again
        Block.objects.create(kind=Kind.BANNER, position=0)


@transaction.atomic
def write(*, key: str, content: Mapping[str, Any], cooperative: Cooperative) -> Block:
    """What the block says from now on. A picture that it no longer has is removed. Raises Gone, and TypeError for what
    a block of its kind does not say."""
    block = _found(_rows(), key)
    other = content.keys() - CONTENT[block.kind]
    if other:
        raise TypeError(f"a {block.kind} does not say {', '.join(sorted(other))}")
    if block.content.get("picture") != content.get("picture"):
        _forget_picture(block, cooperative)
    block.content = {name: value for name, value in content.items() if value not in ("", None, [])}
    block.save(update_fields=["content", "updated_at"])
    return block


@transaction.atomic
def start_again(*, cooperative: Cooperative) -> None:
    """The home page as every shop has it on the first day."""
    for block in _rows():
        _forget_picture(block, cooperative)
    Block.objects.all().delete()


def _rows() -> list[Block]:
    """All blocks in order, for one who changes them; others who do wait. The default ones are written down first, and
    answer to their old name until then."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE pages_block IN SHARE ROW EXCLUSIVE MODE")
    rows = list(Block.objects.order_by("position", "pk"))
    if rows:
        return rows
    rows = everything()
    for row in rows:
        row.first_key = key(row)  # type: ignore[attr-defined]
        row.save()
    return rows


def _found(rows: Iterable[Block], wanted: str) -> Block:
    for row in rows:
        if wanted in (key(row), getattr(row, "first_key", None)):
            return row
    raise Gone(wanted)


def _number(rows: Iterable[Block]) -> None:
    for at, row in enumerate(rows):
        if row.position != at:
            row.position = at
            row.save(update_fields=["position"])


def _forget_picture(block: Block, cooperative: Cooperative) -> None:
    if name := block.content.get("picture"):
        pictures.forget(pictures.stored(name, cooperative), cooperative)
