"""What officers fill in when products come from a file."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import ImportJob
from catalog.shapes import own
from members.models import Member

MOST_FILE = 30 * 1024 * 1024  # bytes
MOST_ZIP = 100 * 1024 * 1024
# fields of the template in the order in which the mapping asks for them
ASKED = {
    "title": _("nama produk"),
    "description": _("deskripsi"),
    "category": _("kategori"),
    "seller": _("anggota penjual"),
    "price": _("harga"),
    "stock": _("stok"),
    "weight": _("berat (gram)"),
    "sku": _("SKU"),
    "barcode": _("barcode"),
    "axis1_name": _("nama pilihan pertama"),
    "axis1_value": _("nilai pilihan pertama"),
    "axis2_name": _("nama pilihan kedua"),
    "axis2_value": _("nilai pilihan kedua"),
    "member_price": _("harga anggota"),
    "wholesale": _("harga grosir"),
    "pictures": _("foto"),
    "title_en": _("nama dalam bahasa Inggris"),
    "description_en": _("deskripsi dalam bahasa Inggris"),
    "condition": _("kondisi"),
    "origin": _("asal (kabupaten)"),
    "min_per_order": _("paling sedikit per pesanan"),
    "max_per_order": _("paling banyak per pesanan"),
}


class ForAllRows(forms.Form):
    """What holds for rows that say nothing themselves."""

    member = forms.ModelChoiceField(
        label=_("Anggota penjual"),
        queryset=None,
        required=False,
        empty_label=_("seperti di berkas"),
        help_text=_("Untuk baris yang tidak menyebut anggota. Berkas Shopify, WooCommerce, dan Shopee butuh ini."),
    )
    category = forms.CharField(
        label=_("Kategori"), max_length=120, required=False, help_text=_("Untuk produk baru tanpa kategori di berkas.")
    )
    weight_g = forms.IntegerField(
        label=_("Berat (gram)"),
        min_value=1,
        max_value=100_000,
        required=False,
        help_text=_("Untuk pilihan baru tanpa berat di berkas."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["member"].queryset = Member.objects.order_by("number")

    def said(self) -> dict[str, Any]:
        """For catalog.importing.jobs."""
        member = self.cleaned_data["member"]
        return {
            "member": member.pk if member else None,
            "category": self.cleaned_data["category"],
            "weight_g": self.cleaned_data["weight_g"],
        }


class UploadForm(ForAllRows):
    file = forms.FileField(
        label=_("Berkas produk"),
        help_text=_("CSV atau Excel (.xlsx), paling besar 30 MB dan 100.000 baris."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx,text/csv"}),
    )
    pictures = forms.FileField(
        label=_("Foto dalam satu ZIP"),
        required=False,
        help_text=_("Bila berkas menyebut foto dengan nama, paling besar 100 MB. Alamat https:// diambil sendiri."),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )
    field_order = ("file", "pictures", "member", "category", "weight_g")

    def clean_file(self) -> Any:
        return _not_larger(self.cleaned_data["file"], MOST_FILE, _("Berkasnya lebih besar dari 30 MB."))

    def clean_pictures(self) -> Any:
        return _not_larger(self.cleaned_data["pictures"], MOST_ZIP, _("ZIP-nya lebih besar dari 100 MB."))


class MappingForm(ForAllRows):
    """Which column is what: one select per field, for the sheet and heading that were chosen."""

    sheet = forms.CharField(widget=forms.HiddenInput(), required=False)
    heading = forms.IntegerField(widget=forms.HiddenInput(), min_value=0)

    def __init__(self, *args: Any, job: ImportJob, sheet: str, heading: int, **options: Any) -> None:
        super().__init__(*args, initial={"sheet": sheet, "heading": heading, **_usual(job)}, **options)
        self.asks = bool(job.options.get("preview"))
        if not self.asks:
            self.fields["member"].required = True
            return
        self.names, self.samples = _columns(job, sheet, heading)
        choices = [("", _("tidak ada")), *((str(at), name) for at, name in enumerate(self.names))]
        known = own.SHAPE.headings
        for name, label in ASKED.items():
            guess = next((str(at) for at, each in enumerate(self.names) if known.get(each.strip().lower()) == name), "")
            self.fields[f"column_{name}"] = forms.ChoiceField(
                label=label, choices=choices, required=name in ("title", "price"), initial=guess
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.asks and not cleaned.get("member") and not cleaned.get("column_seller"):
            self.add_error("member", _("Pilih anggota, atau kolom yang menyebutnya."))
        return cleaned

    def table(self) -> dict[str, Any]:
        """For catalog.importing.jobs.describe; empty where the file's shape is known."""
        if not self.asks:
            return {}
        chosen = {name: self.cleaned_data.get(f"column_{name}") for name in ASKED}
        columns = {name: int(at) for name, at in chosen.items() if at}
        return {"sheet": self.cleaned_data["sheet"], "heading": self.cleaned_data["heading"], "columns": columns}

    def column_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("column_")]


def preview_of(job: ImportJob, sheet: str) -> dict[str, Any]:
    """The chosen sheet of the preview, else the first."""
    found = job.options.get("preview") or [{"sheet": "", "rows": []}]
    return next((each for each in found if each["sheet"] == sheet), found[0])


def guessed_heading(job: ImportJob, sheet: str) -> int:
    """The row with the most texts among the first ones."""
    rows = preview_of(job, sheet)["rows"]
    return max(rows, key=lambda row: sum(_is_word(cell) for cell in row[1]), default=[0])[0]


def _columns(job: ImportJob, sheet: str, heading: int) -> tuple[list[str], list[str]]:
    """What the columns are called, with a value each."""
    rows = preview_of(job, sheet)["rows"]
    width = max((len(row[1]) for row in rows), default=0)
    names = next((row[1] for row in rows if row[0] == heading), [])
    below: Sequence[str] = next((row[1] for row in rows if row[0] > heading), [])
    found, samples = [], []
    for at in range(width):
        name = names[at] if at < len(names) else ""
        sample = below[at][:24] if at < len(below) else ""
        found.append(name or str(_("kolom %(letter)s") % {"letter": _letter(at)}))
        samples.append(sample)
    return found, samples


def _usual(job: ImportJob) -> dict[str, Any]:
    return {name: job.options.get(name) for name in ("member", "category", "weight_g")}


def _is_word(cell: str) -> bool:
    return bool(cell) and not any(letter.isdigit() for letter in cell)


def _letter(at: int) -> str:
    return (chr(64 + at // 26) if at >= 26 else "") + chr(65 + at % 26)


def _not_larger(file: Any, most: int, told: Any) -> Any:
    if file is not None and file.size > most:
        raise forms.ValidationError(told)
    return file
