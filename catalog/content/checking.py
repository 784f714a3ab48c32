"""Whether a listing can be sold as it is written. Pure but for the list of categories."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.content.shape import Choice, Content
from catalog.models import Category, Product
from lib import regencies

TITLE = range(3, 121)
LONGEST_TEXT = 5000
LONGEST_AXIS, LONGEST_OPTION, LONGEST_SKU, LONGEST_ALT = 14, 20, 50, 160
DEAREST = 1_000_000_000
HEAVIEST = 100_000  # gram
MOST_CHOICES, MOST_STEPS, MOST_PICTURES = 100, 5, 12
MOST_PIECES = 999_999
LONGEST_MAKING = 90  # days
GTIN_LENGTHS = (8, 12, 13, 14)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """`field` as in Content, e.g. `title`, `choices.0.price`; `message` says what to do, in the reader's language."""

    field: str
    message: str


def problems(content: Content, *, categories: Collection[int] | None = None) -> list[Problem]:
    """Everything that stands in the way, in the order of the fields. One query, or none where the keys of all
    `categories` are given."""
    return [Problem(field=field, message=message) for field, message in _all(content, categories)]


def is_gtin(text: str) -> bool:
    """8, 12, 13 or 14 digits whose last one checks (GS1 General Specifications, 7.9)."""
    if not (text.isascii() and text.isdigit() and len(text) in GTIN_LENGTHS):
        return False
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(text[:-1])))
    return (10 - weighted % 10) % 10 == int(text[-1])


def _all(content: Content, categories: Collection[int] | None) -> Iterator[tuple[str, str]]:
    yield from _texts(content)
    yield from _facts(content, categories)
    yield from _selling(content)
    yield from _choices(content)
    if content.pictures and len(content.pictures) > MOST_PICTURES:
        yield "pictures", _("Paling banyak %(n)d foto.") % {"n": MOST_PICTURES}


def _texts(content: Content) -> Iterator[tuple[str, str]]:
    if len(content.title.strip()) not in TITLE:
        yield "title", _("Nama produk harus 3 sampai 120 huruf.")
    if content.title_en and len(content.title_en.strip()) not in TITLE:
        yield "title_en", _("Nama produk harus 3 sampai 120 huruf.")
    for field in ("description", "description_en"):
        if len(getattr(content, field)) > LONGEST_TEXT:
            yield field, _("Deskripsi paling panjang 5.000 huruf.")


def _facts(content: Content, categories: Collection[int] | None) -> Iterator[tuple[str, str]]:
    if not _is_there(content.category, categories):
        yield "category", _("Pilih kategori.")
    if content.condition not in Product.Condition.values:
        yield "condition", _("Pilih baru atau bekas.")
    if content.origin_code and content.origin_code not in regencies.NAMES:
        yield "origin_code", _("Pilih kabupaten atau kota dari daftar.")
    if content.content_unit and content.content_unit not in Product.Unit.values:
        yield "content_unit", _("Pilih satuan dari daftar.")


def _is_there(category: int | None, categories: Collection[int] | None) -> bool:
    if category is None or categories is not None:
        return category is not None and category in (categories or ())
    return Category.objects.filter(pk=category).exists()


def _selling(content: Content) -> Iterator[tuple[str, str]]:
    if not 1 <= content.min_per_order <= 999:
        yield "min_per_order", _("Tulis 1 sampai 999.")
    if content.max_per_order is not None and not content.min_per_order <= content.max_per_order <= 999:
        yield "max_per_order", _("Tidak boleh lebih kecil dari paling sedikit, dan paling banyak 999.")
    if content.made_to_order:
        if not 1 <= content.lead_days <= LONGEST_MAKING:
            yield "lead_days", _("Tulis berapa hari membuatnya, 1 sampai 90.")
        if not content.daily_capacity or content.daily_capacity > MOST_PIECES:
            yield "daily_capacity", _("Tulis berapa buah sanggup dibuat per hari.")
        if content.preorder_date:
            yield "preorder_date", _("Pilih salah satu: dibuat setelah dipesan, atau dikirim mulai tanggal tertentu.")


def _choices(content: Content) -> Iterator[tuple[str, str]]:
    if not content.choices:
        yield "choices", _("Isi harga dan berat.")
    if len(content.choices) > MOST_CHOICES:
        yield "choices", _("Paling banyak %(n)d pilihan.") % {"n": MOST_CHOICES}
    yield from _axes(content)
    for index, choice in enumerate(content.choices[:MOST_CHOICES]):
        for field, message in (*_options(content, choice), *_terms(choice), *_steps(choice)):
            yield f"choices.{index}.{field}", message
    yield from _twice(content)


def _axes(content: Content) -> Iterator[tuple[str, str]]:
    if content.axis2 and not content.axis1:
        yield "axis1", _("Isi pilihan pertama dulu.")
    for field in ("axis1", "axis2"):
        if len(getattr(content, field)) > LONGEST_AXIS:
            yield field, _("Nama pilihan paling panjang 14 huruf.")
    if len(content.choices) > 1 and not content.axis1:
        yield "axis1", _("Beri nama pilihannya, misalnya Ukuran.")


def _twice(content: Content) -> Iterator[tuple[str, str]]:
    seen: set[tuple[str, str]] = set()
    skus: set[str] = set()
    for index, choice in enumerate(content.choices[:MOST_CHOICES]):
        key = (choice.option1.casefold(), choice.option2.casefold())
        if key in seen:
            yield f"choices.{index}.option1", _("Pilihan ini sudah ada di produk yang sama.")
        if choice.sku and choice.sku in skus:
            yield f"choices.{index}.sku", _("SKU ini dipakai dua kali.")
        seen.add(key)
        skus.add(choice.sku)


def _options(content: Content, choice: Choice) -> Iterator[tuple[str, str]]:
    for axis, option in (("axis1", "option1"), ("axis2", "option2")):
        value = getattr(choice, option)
        if bool(getattr(content, axis)) != bool(value):
            yield option, _("Isi nama pilihan dan nilainya, atau kosongkan keduanya.")
        if len(value) > LONGEST_OPTION:
            yield option, _("Nilai pilihan paling panjang 20 huruf.")


def _terms(choice: Choice) -> Iterator[tuple[str, str]]:
    if not 1 <= choice.price <= DEAREST:
        yield "price", _("Harga harus antara Rp1 dan Rp1.000.000.000.")
    if choice.member_price is not None and not 1 <= choice.member_price <= choice.price:
        yield "member_price", _("Harga anggota tidak boleh lebih tinggi dari harga biasa.")
    if not 1 <= choice.weight_g <= HEAVIEST:
        yield "weight_g", _("Tulis berat dengan kemasan, 1 sampai 100.000 gram.")
    if len(choice.sku) > LONGEST_SKU or any(letter.isspace() for letter in choice.sku):
        yield "sku", _("SKU paling panjang 50 huruf, tanpa spasi.")
    if choice.barcode and not is_gtin(choice.barcode):
        yield "barcode", _("Barcode ini salah ketik: 8, 12, 13, atau 14 angka seperti di kemasan.")
    if choice.content_amount is not None and not 1 <= choice.content_amount <= MOST_PIECES:
        yield "content_amount", _("Tulis isi sebagai angka bulat.")
    if choice.pieces is not None and choice.pieces > MOST_PIECES:
        yield "pieces", _("Stok paling banyak 999.999.")


def _steps(choice: Choice) -> Iterator[tuple[str, str]]:
    if len(choice.steps) > MOST_STEPS:
        yield "steps", _("Paling banyak %(n)d tingkat harga grosir.") % {"n": MOST_STEPS}
    quantity, price = 1, choice.price
    for step in choice.steps[:MOST_STEPS]:
        if step.from_quantity <= quantity or step.from_quantity > 999:
            yield "steps", _("Jumlah grosir harus naik: misalnya mulai 5, lalu mulai 10.")
        elif not 1 <= step.price < price:
            yield "steps", _("Harga grosir harus makin murah untuk jumlah yang makin banyak.")
        quantity, price = step.from_quantity, step.price
