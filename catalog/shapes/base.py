"""What every known shape of a file says about itself. A shape turns its own rows into rows of our template, cell by
cell and still as text; what the text means is then decided in one place (catalog/importing/judging.py)."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from catalog.reading import Record


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row with its cells by field. `twin` is the row that had the same SKU before; 0: none."""

    number: int
    cells: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""
    twin: int = 0
    spoilt: tuple[str, str, str] | None = None  # a cell that holds no text at all: its field, what stands there, why

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


@dataclass(frozen=True, kw_only=True)
class Shape:
    """`headings` maps what a column may be called (see `plain_heading`) to its field; `needed` are the fields without
    which a file is not of this shape.

    `key` names the product a row belongs to, and other names of the same product; `translate` turns the rows of one
    product into rows of our template; `sources` says from which fields each field of the template then comes.
    """

    name: str
    headings: Mapping[str, str]
    needed: frozenset[str]
    key: Callable[[Mapping[str, str]], Sequence[str]]
    translate: Callable[[Sequence[Row]], Sequence[Row]]
    sources: Mapping[str, Sequence[str]]
    point_is_decimal: bool = False  # `65.000` is then not sixty-five thousand
    # whether a row below these headings only explains
    explains: Callable[[Record, Mapping[str, str]], bool] = lambda record, labels: False
    makes_skus: bool = False  # a choice without SKU gets one from the names of product and choice
    is_ours: bool = False


def given(shape: Shape, present: Collection[str]) -> frozenset[str]:
    """The fields of our template that a file with the fields `present` says something about."""
    return frozenset(name for name, fields in shape.sources.items() if any(each in present for each in fields))


def plain_heading(cell: str) -> str:
    return " ".join(cell.replace("*", " ").split()).casefold()


def columns(shape: Shape, heading: Sequence[str]) -> dict[str, int]:
    """field -> index of its column; the first one where two say the same."""
    found: dict[str, int] = {}
    for index, cell in enumerate(heading):
        name = field_of(shape, cell)
        if name:
            found.setdefault(name, index)
    return found


def field_of(shape: Shape, cell: str) -> str:
    plain = plain_heading(cell)
    return shape.headings.get(plain) or shape.headings.get(plain.split("|")[0], "")


def spelled(words: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """{field: its headings} the other way round."""
    return {plain_heading(heading): name for name, headings in words.items() for heading in headings}
