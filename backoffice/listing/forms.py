"""The fields of a listing. Nothing is required and nothing refused here: a draft may hold anything. What is wrong is
said by catalog.content.problems, when it is submitted."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import Category, Picture, Product
from lib import regencies

LONG = 5_500  # letters: a little more than may be sold, so that the reader of the message sees what is too long


def _text(label: Any, *, most: int = 200, help_text: Any = "", **attrs: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"maxlength": str(most), **attrs})
    return forms.CharField(label=label, required=False, strip=False, help_text=help_text, widget=widget)


def _number(label: Any, *, help_text: Any = "", **attrs: str) -> forms.CharField:
    shape = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "20", **attrs}
    return forms.CharField(label=label, required=False, help_text=help_text, widget=forms.TextInput(attrs=shape))


def _long(label: Any, *, rows: int, help_text: Any = "", **attrs: str) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": str(LONG), **attrs})
    return forms.CharField(label=label, required=False, strip=False, help_text=help_text, widget=widget)


def _select(label: Any, *, choices: Any = (), help_text: Any = "") -> forms.CharField:
    widget = forms.Select(choices=choices)
    return forms.CharField(label=label, required=False, help_text=help_text, widget=widget)


class ListingForm(forms.Form):
    """What the product says of itself, whatever its choices."""

    title = _text(_("Nama produk"), most=120, placeholder=_("Kopi Arabika Gayo 250 g"), autocomplete="off")
    category = _select(_("Kategori"))
    new_category = _text(_("Atau kategori baru"), most=60, placeholder=_("Kopi > Bubuk"), autocomplete="off")
    description = _long(
        _("Deskripsi"), rows=5, help_text=_("Bahan, rasa atau kegunaan, isi, cara menyimpan. Ceritakan pembuatnya.")
    )
    axis1 = _text(_("Pilihannya apa?"), most=14, placeholder=_("Ukuran"), autocomplete="off")
    values1 = _text(
        _("Isi pilihannya"), placeholder=_("100 g, 250 g"), help_text=_("Pisahkan dengan koma."), autocomplete="off"
    )
    axis2 = _text(_("Pilihan kedua"), most=14, placeholder=_("Gilingan"), autocomplete="off")
    values2 = _text(_("Isi pilihan kedua"), placeholder=_("halus, kasar"), autocomplete="off")
    condition = _select(_("Kondisi"), choices=Product.Condition.choices)
    origin = _text(
        _("Asal kabupaten atau kota"), list="kabupaten", placeholder=_("Kab. Aceh Tengah"), autocomplete="off"
    )
    content_unit = _select(
        _("Isi kemasan dihitung dalam"),
        choices=[("", "—"), *Product.Unit.choices],
        help_text=_("Pembeli lalu melihat harga per 100 g, 100 ml, meter, atau buah."),
    )
    min_per_order = _number(_("Paling sedikit per pesanan"))
    max_per_order = _number(_("Paling banyak per pesanan"))
    made_to_order = forms.BooleanField(label=_("Dibuat setelah dipesan"), required=False)
    lead_days = _number(_("Lama membuat (hari)"))
    daily_capacity = _number(_("Sanggup dibuat per hari"))
    preorder_date = forms.CharField(
        label=_("Pre-order: dikirim mulai"), required=False, widget=forms.TextInput(attrs={"type": "date"})
    )
    title_en = _text(_("Nama dalam bahasa Inggris"), most=120, lang="en", autocomplete="off")
    description_en = _long(_("Deskripsi dalam bahasa Inggris"), rows=4, lang="en")

    def __init__(self, data: Any, *, categories: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["category"].widget.choices = categories


class ChoiceForm(forms.Form):
    """What one choice costs and weighs, and how many there are."""

    price = _number(_("Harga"), placeholder="65.000")
    weight_g = _number(_("Berat (gram)"), placeholder="250")
    pieces = _number(_("Jumlah stok"), placeholder="10")
    content_amount = _number(_("Isi kemasan"))
    member_price = _number(_("Harga anggota"))
    steps = forms.CharField(
        label=_("Harga grosir"),
        required=False,
        strip=False,
        help_text=_("Satu baris satu tingkat: mulai berapa buah = harga per buah."),
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "10 = 60.000"}),
    )
    sku = _text("SKU", most=50, help_text=_("Kosongkan bila belum punya kode sendiri."), autocomplete="off")
    barcode = _number(_("Barcode"), help_text=_("Angka di bawah garis-garis pada kemasan."))
    picture = _select(_("Foto pilihan ini"))

    def __init__(self, data: Any, *, prefix: str, is_there: bool, photos: list[Picture]) -> None:
        super().__init__(data, prefix=prefix)
        if is_there:  # its pieces are counted on the shelf, not written in a listing
            del self.fields["pieces"]
        if photos:
            named = [(str(one.pk), f"{number}. {one.alt}") for number, one in enumerate(photos, start=1)]
            self.fields["picture"].widget.choices = [("", "—"), *named]
        else:
            del self.fields["picture"]

    MAIN = ("price", "weight_g", "pieces")

    def main(self) -> list[forms.BoundField]:
        """What is asked of everybody."""
        return [self[name] for name in self.MAIN if name in self.fields]

    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.MAIN]


def categories() -> list[tuple[str, str]]:
    """For the select: `Kopi`, `Kopi > Bubuk`, in the order of the shop."""
    rows = list(Category.objects.order_by("position", "name"))
    by_parent: dict[int | None, list[Category]] = {}
    for row in rows:
        by_parent.setdefault(row.parent_id, []).append(row)
    return [("", "—"), *_below(by_parent, None, "")]


def _below(by_parent: dict[int | None, list[Category]], parent: int | None, path: str) -> list[tuple[str, str]]:
    found = []
    for row in by_parent.get(parent, []):
        name = f"{path} > {row.label}" if path else row.label
        found += [(str(row.pk), name), *_below(by_parent, row.pk, name)]
    return found


def nearby(province: str) -> list[str]:
    """Names of kabupaten and kota to offer: those of the cooperative's province."""
    return sorted(name for code, name in regencies.NAMES.items() if regencies.PROVINCE_OF[code] == province)
