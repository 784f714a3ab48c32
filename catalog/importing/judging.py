"""The rows of one product become what is wanted of it, or reasons in plain words. Knows members by what they are
called; what the shop has already is compared later (catalog/importing/matching.py)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from catalog import categories, reading
from catalog.content import Step
from catalog.importing.spooling import About, Group
from catalog.models import Product
from catalog.reading import BadCell
from catalog.shapes import Row
from lib import regencies

LONGEST_ADDRESS = 2000
CONDITIONS = {"new": "new", "baru": "new", "used": "used", "bekas": "used"}
STATES = {
    "live": "live", "dijual": "live", "aktif": "live", "active": "live", "draft": "draft", "draf": "draft",
    "paused": "paused", "disembunyikan": "paused", "nonaktif": "paused", "tidak dijual": "paused",
}  # fmt: skip
UNITS = {
    "g": "g", "gr": "g", "gram": "g", "ml": "ml", "mililiter": "ml", "cm": "cm", "sentimeter": "cm", "pc": "pc",
    "buah": "pc", "pcs": "pc",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """A row that is not taken, or (`is_note`) not wholly: the column as the file calls it, what stands there, why."""

    row: int
    reason: str
    column: str = ""
    value: str = ""
    title: str = ""
    is_note: bool = False


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A picture by its public address, or by its name in the ZIP."""

    address: str
    alt: str = ""
    row: int


@dataclass(kw_only=True)
class WantedChoice:
    """What the file says of one choice: the fields of catalog.content.Choice that it has. `picture` is an address."""

    row: Row
    said: dict[str, Any]
    picture: str = ""
    made_sku: bool = False
    only_new: frozenset[str] = frozenset()  # what is said for all rows, and holds for choices that are new


@dataclass(kw_only=True)
class Wanted:
    """What the file says of one product; `said` has only the fields of catalog.content.Content that it gives, and `raw`
    the texts as they stand there."""

    member: int
    rows: Sequence[Row]
    said: dict[str, Any] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)
    category: tuple[str, ...] = ()
    usual_category: tuple[str, ...] = ()  # for a new product whose rows say nothing
    state: str = ""
    choices: list[WantedChoice] = field(default_factory=list)
    wishes: list[Wish] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Judge:
    """What it takes to judge rows: the file, who sells, what holds where it says nothing, which pictures exist."""

    about: About
    member_of: Callable[[str], int | None]
    member: int | None = None  # of all rows that name nobody
    category: tuple[str, ...] = ()
    weight_g: int | None = None
    has_picture: Callable[[str], bool] = lambda name: False

    def judge(self, group: Group) -> tuple[Wanted | None, list[Trouble]]:
        """What is wanted, of the rows that can be taken, and what is wrong with the others."""
        case = _Case(judge=self, group=group)
        wanted = case.product()
        return wanted, case.troubles


class _Refused(Exception):
    """No row of this product is taken."""


@dataclass(kw_only=True)
class _Case:
    judge: Judge
    group: Group
    troubles: list[Trouble] = field(default_factory=list)

    def product(self) -> Wanted | None:
        rows = self.judge.about.shape.translate(self.group.rows)
        title = reading.plain(next((row["title"] for row in rows if row["title"]), ""))[:120]
        try:
            self._refuse_as_a_whole(rows, title)
            wanted = Wanted(member=self._member(rows), rows=self.group.rows)
            self._texts(rows, wanted)
            self._facts(rows, wanted)
        except _Refused:
            return None
        wanted.choices = list(self._choices(rows, wanted, title))
        if wanted.choices:
            wanted.wishes = list(self._wishes(rows, title))
        return wanted if wanted.choices else None

    def _refuse_as_a_whole(self, rows: Sequence[Row], title: str) -> None:
        if self.group.is_over:
            self._refuse(rows, rows[0], "sku", _("Satu produk paling banyak 100 pilihan."), title)
        if rows[0]["lonely"]:
            self._refuse(rows, rows[0], "lonely", _lonely(rows[0]), title)
        third = next((row for row in rows if row["axis3_name"]), None)
        if third:
            self._refuse(rows, third, "axis3_name", _("Paling banyak dua macam pilihan per produk."), title)
        if self.group.same_title:
            told = _("Nama ini sudah dipakai produk lain di baris %(row)d.") % {"row": self.group.same_title}
            self._refuse(rows, rows[0], "title", told, title)

    def _member(self, rows: Sequence[Row]) -> int:
        row = next((row for row in rows if row["seller"]), rows[0])
        found = self.judge.member_of(row["seller"]) if row["seller"] else None
        is_ours = self.judge.about.shape.is_ours or self.judge.about.shape.name == "mapped"
        if found is None and (not row["seller"] or not is_ours):
            found = self.judge.member  # another system's vendor is often a brand
        if found is None:
            self._refuse(
                rows, row, "seller", _("Anggota “%(seller)s” tidak ada di buku anggota.") % {"seller": row["seller"]}
            )
        return found  # type: ignore[return-value]

    def _texts(self, rows: Sequence[Row], wanted: Wanted) -> None:
        for name in ("title", "title_en", "description", "description_en"):
            row = self._first(rows, name)
            if name == "title" or name in self.judge.about.fields:
                wanted.raw[name] = row[name]
                wanted.said[name] = reading.plain(row[name])
        if not 3 <= len(wanted.said["title"]) <= 120:
            self._refuse(rows, self._first(rows, "title"), "title", _("Nama produk harus 3 sampai 120 huruf."))

    def _facts(self, rows: Sequence[Row], wanted: Wanted) -> None:
        for name, read in FACTS.items():
            if name not in self.judge.about.fields:
                continue
            row = self._first(rows, name)
            try:
                value = read(row[name])
            except BadCell as error:
                self._refuse(rows, row, name, str(error), wanted.said["title"])
            if name == "category":
                wanted.category = value
            elif name == "state":
                wanted.state = value
            else:
                wanted.said[SAID_AS.get(name, name)] = value
        wanted.usual_category = self.judge.category

    def _choices(self, rows: Sequence[Row], wanted: Wanted, title: str) -> Iterator[WantedChoice]:
        seen: dict[tuple[str, str], int] = {}
        for row in rows:
            if row.spoilt:
                name, value, reason = row.spoilt
                label = self.judge.about.labels.get(name, "")
                self.troubles.append(self._trouble(row, label, value, reason, title))
                continue
            if row.twin:
                self._say(row, "sku", _("SKU ini sudah dipakai di baris %(row)d.") % {"row": row.twin}, title)
                continue
            if row["lonely"]:
                self._say(row, "lonely", _lonely(row), title)
                continue
            choice = self._choice(row, title)
            if choice is None:
                continue
            options = (row["axis1_value"].casefold(), row["axis2_value"].casefold())
            if options in seen:
                told = _("Pilihan ini sudah ada di produk yang sama, di baris %(row)d.") % {"row": seen[options]}
                self._say(row, "axis1_value", told, title)
                continue
            seen[options] = row.number
            yield choice

    def _choice(self, row: Row, title: str) -> WantedChoice | None:
        said: dict[str, Any] = {}
        for name, read in TERMS.items():
            if name not in self.judge.about.fields and name != "weight":
                continue
            try:
                value = self._read(name, read, row)
            except BadCell as error:
                self._say(row, name, str(error), title)
                return None
            said[SAID_AS.get(name, name)] = value
        choice = WantedChoice(row=row, said=said)
        if not row["weight"]:
            choice.only_new = frozenset({"weight_g"})
        if not said.get("sku"):
            said["sku"] = _made_sku(row)
            choice.made_sku = True
        if "variant_picture" in self.judge.about.fields:
            choice.picture = self._picture(row, title)
        return choice

    def _read(self, name: str, read: Callable[[str], Any], row: Row) -> Any:
        shape, cell = self.judge.about.shape, row[name]
        if name == "price" and shape.point_is_decimal:
            return reading.decimal_price(cell)
        if name == "sku" and not cell and shape.makes_skus:
            return ""
        if name == "stock" and not cell and not shape.is_ours:
            return 0
        if name == "weight" and not cell and self.judge.weight_g:
            return self.judge.weight_g
        return read(cell)

    def _wishes(self, rows: Sequence[Row], title: str) -> Iterator[Wish]:
        row = self._first(rows, "pictures")
        if "pictures" not in self.judge.about.fields or not row["pictures"]:
            return
        try:
            found = reading.addresses(row["pictures"])
        except BadCell as error:
            self._say(row, "pictures", str(error), title, is_note=True)
            return
        alts = dict(zip(row["pictures"].split("\n"), row["alts"].split("\n"), strict=False)) if row["alts"] else {}
        for address in found:
            reason = self._why_not(address)
            if reason:
                self._say(row, "pictures", reason, title, is_note=True, value=address)
            else:
                yield Wish(address=address, alt=reading.plain(alts.get(address, ""))[:160], row=row.number)

    def _picture(self, row: Row, title: str) -> str:
        address = row["variant_picture"]
        reason = self._why_not(address) if address else ""
        if reason:
            self._say(row, "variant_picture", reason, title, is_note=True)
            return ""
        return address

    def _why_not(self, address: str) -> str:
        if len(address) > LONGEST_ADDRESS:
            return _("Alamat foto ini terlalu panjang.")
        if address.lower().startswith(("http://", "https://")):
            return ""
        if ":" in address[2:] or address.lower().startswith("data:"):
            return _("Alamat foto harus dimulai dengan https://.")
        return ""

    def _first(self, rows: Sequence[Row], name: str) -> Row:
        return next((row for row in rows if row[name]), rows[0])

    def _refuse(self, rows: Sequence[Row], at: Row, field: str, reason: str, title: str = "") -> None:
        """The product is not taken: the row where it is wrong says why, the others that it is."""
        self._say(at, field, reason, title)
        for row in self.group.rows:
            if row.number != at.number or row.sheet != at.sheet:
                told = _("Satu produk dengan baris %(row)d, yang salah.") % {"row": at.number}
                self._say(row, "", told, title)
        raise _Refused

    def _say(
        self, row: Row, field: str, reason: str, title: str, *, is_note: bool = False, value: str | None = None
    ) -> None:
        cell = row[field] if value is None else value
        self.troubles.append(self._trouble(row, self.judge.about.label(field), cell, reason, title, is_note))

    def _trouble(self, row: Row, label: str, value: str, reason: str, title: str, is_note: bool = False) -> Trouble:
        column = f"{row.sheet}: {label}" if self.judge.about.sheets and row.sheet else label
        return Trouble(
            row=row.number, column=column[:80], value=value[:120], reason=reason[:300],
            title=title or reading.plain(row["title"])[:120], is_note=is_note,
        )  # fmt: skip


def _lonely(row: Row) -> str:
    told = _("Jenis “%(kind)s” tidak bisa dimasukkan: produk induknya tidak ada, atau tidak dijual langsung.")
    return told % {"kind": row["lonely"][:40]}


def _category(cell: str) -> tuple[str, ...]:
    found = tuple(reading.path(cell))
    if len(found) > categories.DEEPEST or any(len(part) > categories.LONGEST for part in found):
        raise BadCell(_("Tulis kategori seperti “Kopi” atau “Kopi > Bubuk”."))
    return found


def _axis(cell: str) -> str:
    if len(cell) > 14:
        raise BadCell(_("Nama pilihan paling panjang 14 huruf."))
    return cell


def _option(cell: str) -> str:
    if len(cell) > 20:
        raise BadCell(_("Nilai pilihan paling panjang 20 huruf."))
    return cell


def _sku(cell: str) -> str:
    if not cell or len(cell) > 50 or any(letter.isspace() for letter in cell):
        raise BadCell(_("SKU wajib diisi, paling panjang 50 huruf, tanpa spasi."))
    return cell


@lru_cache(maxsize=1000)
def _origin(cell: str) -> str:
    code = regencies.code_of(cell) if cell else ""
    if cell and not code:
        raise BadCell(_("Kabupaten “%(text)s” tidak ada dalam daftar, atau ada dua.") % {"text": cell[:40]})
    return code


def _steps(cell: str) -> tuple[Step, ...]:
    return tuple(Step(from_quantity=quantity, price=price) for quantity, price in reading.steps(cell))


def _made_sku(row: Row) -> str:
    """The same for the same row of the same file, so that it is found again."""
    base = slugify(row["code"] or row["title"]).upper() or "SKU"
    options = [slugify(row[name]).upper() for name in ("axis1_value", "axis2_value") if row[name]]
    room = 50 - sum(len(option) + 1 for option in options)
    return "-".join([base[: max(room, 8)].strip("-"), *options])[:50]


FACTS: Mapping[str, Callable[[str], Any]] = {
    "category": _category,
    "state": lambda cell: (
        reading.choice_of(cell, STATES, told=_("Tulis dijual, draf, atau disembunyikan.")) if cell else ""
    ),
    "condition": lambda cell: (
        reading.choice_of(cell, CONDITIONS, told=_("Pilih baru atau bekas.")) if cell else Product.Condition.NEW.value
    ),
    "origin": _origin,
    "axis1_name": _axis,
    "axis2_name": _axis,
    "content_unit": lambda cell: reading.choice_of(cell, UNITS, told=_("Pilih satuan dari daftar.")) if cell else "",
    "min_per_order": lambda cell: reading.number(cell) if cell else 1,
    "max_per_order": reading.amount_of,
    "made_to_order": lambda cell: reading.yes_or_no(cell) if cell else False,
    "lead_days": lambda cell: reading.number(cell) if cell else 0,
    "daily_capacity": reading.amount_of,
    "preorder_date": lambda cell: reading.date_of(cell) if cell else None,
}
TERMS: Mapping[str, Callable[[str], Any]] = {
    "axis1_value": _option,
    "axis2_value": _option,
    "sku": _sku,
    "barcode": lambda cell: cell.replace(" ", "").removesuffix(".0"),
    "price": reading.price,
    "member_price": lambda cell: reading.price(cell) if cell else None,
    "wholesale": _steps,
    "stock": reading.pieces,
    "weight": reading.weight,
    "content_amount": reading.amount_of,
}
# fields of the template that Content and Choice call otherwise
SAID_AS = {
    "origin": "origin_code", "axis1_name": "axis1", "axis2_name": "axis2", "axis1_value": "option1",
    "axis2_value": "option2", "wholesale": "steps", "stock": "pieces", "weight": "weight_g",
}  # fmt: skip
