"""What officers fill in about the shop's face: colours, hours, blocks of the home page, pages of text."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import unquote, urlsplit

from django import forms
from django.urls import Resolver404, resolve
from django.utils import dates
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from catalog.models import Category, Product
from lib import colours
from pages import blocks
from pages.models import Block
from tenants import opening_hours
from tenants.context import current_cooperative
from tenants.models import Cooperative, Domain

LONGEST_TITLE, LONGEST_TEXT, LONGEST_LIST = 80, 5_000, 4_000
SOURCES = {
    "newest": _("yang terbaru"),
    "popular": _("yang paling banyak dibeli"),
    "category": _("dari satu kategori"),
    "chosen": _("yang saya pilih sendiri"),
    "categories": _("kategori-kategori (bukan produk)"),
}
POINT = re.compile(r"(?<![\d.])(-?\d{1,2}\.\d{2,12})\s*(?:,|%2C|/|!4d)\s*(-?\d{1,3}\.\d{2,12})")
NORTH, SOUTH, WEST, EAST = Decimal(7), Decimal(-12), Decimal(94), Decimal(142)  # Indonesia and some sea around it

THEMES = [("kopi", _("Kopi")), ("batik", _("Batik")), ("garut", _("Garut"))]


class ColourForm(forms.Form):
    """`colour` counts only where `own` says so: the browser's field for colours is never empty."""

    theme = forms.ChoiceField(label=_("Motif tenun"), choices=THEMES)
    own = forms.ChoiceField(
        label=_("Warna"),
        choices=[("", _("Warna bawaan motif")), ("1", _("Warna koperasi sendiri"))],
        required=False,
        widget=forms.RadioSelect,
    )
    colour = forms.CharField(
        label=_("Warna koperasi"), required=False, max_length=7, widget=forms.TextInput(attrs={"type": "color"})
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        colour = said.get("colour", "").lower()
        if not said.get("own"):
            said["colour"] = ""
        elif colours.WRITTEN.fullmatch(colour):
            said["colour"] = colour
        else:
            self.add_error("colour", _("Tulis warnanya seperti #1f5c46."))
        return said


class HoursForm(forms.Form):
    """A week of opening hours, and a holiday."""

    hours = forms.CharField(
        label=_("Catatan jam buka"),
        required=False,
        max_length=80,
        help_text=_("Misalnya: istirahat 12.00–13.00. Tampil di bawah jam buka."),
    )
    holiday_from = forms.DateField(
        label=_("Libur mulai"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    holiday_until = forms.DateField(
        label=_("Libur sampai"),
        required=False,
        help_text=_("Hari terakhir libur. Kosong: sampai Anda mengakhirinya."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    holiday_stops_orders = forms.ChoiceField(
        label=_("Selama libur, pesanan"),
        choices=[("", _("tetap diterima dan dikirim setelah libur")), ("1", _("tidak diterima"))],
        required=False,
        widget=forms.RadioSelect,
    )
    holiday_note = forms.CharField(
        label=_("Pesan untuk pembeli selama libur"),
        required=False,
        max_length=200,
        help_text=_("Misalnya: Selamat Idulfitri, mohon maaf lahir dan batin."),
    )

    def __init__(self, data: Mapping[str, Any] | None, *, cooperative: Cooperative) -> None:
        initial: dict[str, Any] = {
            name: getattr(cooperative, name) for name in ("hours", "holiday_from", "holiday_until", "holiday_note")
        }
        initial["holiday_stops_orders"] = "1" if cooperative.holiday_stops_orders else ""
        for day, (opens, closes) in opening_hours.hours_of(cooperative).items():
            initial |= {f"opens_{day}": opens, f"closes_{day}": closes}
        super().__init__(data, initial=initial)
        for day in opening_hours.DAYS:
            name = dates.WEEKDAYS[int(day)]
            self.fields[f"opens_{day}"] = _time(_("%(day)s, buka") % {"day": name})
            self.fields[f"closes_{day}"] = _time(_("%(day)s, tutup") % {"day": name})

    def days(self) -> list[tuple[Any, forms.BoundField, forms.BoundField]]:
        return [(dates.WEEKDAYS[int(day)], self[f"opens_{day}"], self[f"closes_{day}"]) for day in opening_hours.DAYS]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        found = {}
        for day in opening_hours.DAYS:
            opens, closes = said.get(f"opens_{day}"), said.get(f"closes_{day}")
            if opens is not None and closes is not None:
                found[day] = (opens, closes)
            elif (opens is None) != (closes is None) and not self.errors:
                empty = "opens" if opens is None else "closes"
                self.add_error(f"{empty}_{day}", _("Isi jam buka dan jam tutup, atau kosongkan keduanya."))
        try:
            said["week"] = opening_hours.week(found)
        except opening_hours.NotAWeek as wrong:
            self.add_error(f"closes_{wrong.day}", _("Jam tutup harus sesudah jam buka."))
        first, last = said.get("holiday_from"), said.get("holiday_until")
        if first and last and last < first:
            self.add_error("holiday_until", _("Libur tidak bisa berakhir sebelum dimulai."))
        if last and not first and "holiday_from" not in self.errors:
            self.add_error("holiday_from", _("Isi hari pertama libur."))
        return said

    def told(self) -> dict[str, Any]:
        """For describing.describe."""
        said = self.cleaned_data
        names = ("week", "hours", "holiday_from", "holiday_until", "holiday_note")
        return {**{name: said[name] for name in names}, "holiday_stops_orders": said["holiday_stops_orders"] == "1"}


class BlockForm(forms.Form):
    """Has the fields that a block of its kind says (pages/blocks.py), by languages."""

    def __init__(self, data: Mapping[str, Any] | None, files: Any, *, block: Block) -> None:
        self._block = block
        names = blocks.CONTENT[block.kind]
        super().__init__(data, files, initial=_as_typed(block))
        if "title_id" in names:
            self.fields["title_id"] = _line(_("Judul"))
            self.fields["title_en"] = _line(_("Judul dalam bahasa Inggris"))
        if "text_id" in names:
            self.fields["text_id"] = _text(_("Teks"))
            self.fields["text_en"] = _text(_("Teks dalam bahasa Inggris"))
        if "source" in names:
            self._add_goods()
        if "link" in names:
            self.fields["button_id"] = _line(_("Tulisan tombol"), most=30)
            self.fields["button_en"] = _line(_("Tulisan tombol dalam bahasa Inggris"), most=30)
            self.fields["link"] = _line(
                _("Tombol membuka"), most=300, help_text=_("Tempel alamat halaman toko ini, misalnya /kategori/kopi/")
            )
        if block.kind == Block.Kind.MAP:
            self.fields["location"] = _line(
                _("Titik di peta"),
                most=600,
                help_text=_("Tempel tautan Google Maps dari bilah alamat, atau koordinat seperti 4.62345, 96.84712"),
            )
        if "picture" in names:
            self.fields["upload"] = forms.FileField(
                label=_("Gambar"),
                required=False,
                help_text=_("JPG, PNG, atau WebP, paling besar 10 MB."),
                widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
            )
            self.fields["alt_id"] = _line(
                _("Keterangan gambar"),
                most=160,
                help_text=_("Dibacakan untuk yang tidak melihat gambar. Kosong: gambarnya hanya hiasan."),
            )
            self.fields["alt_en"] = _line(_("Keterangan gambar dalam bahasa Inggris"), most=160)
            if block.content.get("picture"):
                self.fields["remove_picture"] = forms.BooleanField(label=_("Hapus gambarnya"), required=False)

    def clean_link(self) -> str:
        return _own_path(self.cleaned_data["link"])

    def clean_products(self) -> list[int]:
        return _products(self.cleaned_data["products"])

    def clean_location(self) -> tuple[Decimal, Decimal] | None:
        return _point(self.cleaned_data["location"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("source") == "category" and not said.get("category"):
            self.add_error("category", _("Pilih kategorinya."))
        if said.get("source") == "chosen" and not said.get("products") and "products" not in self.errors:
            self.add_error("products", _("Tulis paling sedikit satu produk."))
        if said.get("button_id") and not said.get("link") and "link" not in self.errors:
            self.add_error("link", _("Tombol ini belum membuka apa-apa."))
        return said

    def content(self) -> dict[str, Any]:
        """What the block says, but for its picture."""
        said = {name: value for name, value in self.cleaned_data.items() if name in blocks.CONTENT[self._block.kind]}
        if "source" in said:
            said["count"] = int(said["count"])
            said["category"] = said["category"].pk if said["category"] and said["source"] == "category" else None
            said["products"] = said["products"] if said["source"] == "chosen" else []
        return said

    def _add_goods(self) -> None:
        self.fields["source"] = forms.ChoiceField(label=_("Yang ditampilkan"), choices=list(SOURCES.items()))
        self.fields["count"] = forms.ChoiceField(
            label=_("Paling banyak"), choices=[(str(count), str(count)) for count in (4, 8, 12, 24)], initial="8"
        )
        self.fields["category"] = forms.ModelChoiceField(
            label=_("Kategori"), queryset=Category.objects.order_by("name"), required=False
        )
        self.fields["products"] = forms.CharField(
            label=_("Produk pilihan"),
            required=False,
            max_length=LONGEST_LIST,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_("Satu per baris: SKU, atau alamat halaman produknya. Urutannya dipakai."),
        )


class PageForm(forms.Form):
    title_id = forms.CharField(label=_("Judul"), max_length=LONGEST_TITLE)
    body_id = forms.CharField(
        label=_("Isi halaman"),
        max_length=30_000,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_("Baris kosong memisahkan paragraf. “## ” di awal baris membuat subjudul, “- ” membuat daftar."),
    )
    title_en = forms.CharField(label=_("Judul dalam bahasa Inggris"), max_length=LONGEST_TITLE, required=False)
    body_en = forms.CharField(
        label=_("Isi halaman dalam bahasa Inggris"),
        max_length=30_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_("Kosong: pembaca berbahasa Inggris melihat teks bahasa Indonesia, dengan keterangan."),
    )
    is_shown = forms.BooleanField(label=_("Tampil di toko"), required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, initial: Mapping[str, Any], is_standard: bool) -> None:
        super().__init__(data, initial=initial)
        if is_standard:
            del self.fields["is_shown"]


class NewPageForm(forms.Form):
    title = forms.CharField(label=_("Judul halaman baru"), max_length=LONGEST_TITLE)


def _line(label: Any, *, most: int = LONGEST_TITLE, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=most, help_text=help_text)


def _text(label: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 5})
    return forms.CharField(label=label, required=False, max_length=LONGEST_TEXT, widget=widget)


def _time(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))


def _as_typed(block: Block) -> dict[str, Any]:
    keys = block.content.get("products") or []
    known = {product.pk: product for product in Product.objects.filter(pk__in=keys)} if keys else {}
    lines = [known[key].get_absolute_url() for key in keys if key in known]
    return {**block.content, "count": str(block.content.get("count", 8)), "products": "\n".join(lines)}


def _own_path(typed: str) -> str:
    """The path of a page of this shop, as it is in Indonesian."""
    if not typed:
        return ""
    parts = urlsplit(typed.strip())
    is_here = not parts.netloc or Domain.objects.filter(
        tenant=current_cooperative().pk, domain=(parts.hostname or "").lower()
    )
    path = parts.path.removeprefix("/en") if parts.path.startswith("/en/") else parts.path
    try:
        with override("id"):
            match = resolve(unquote(path)) if is_here else None
    except Resolver404:
        match = None
    if match is None or not match.view_name.startswith("storefront:"):
        raise forms.ValidationError(_("Alamat ini bukan halaman toko ini."))
    return f"{path}?{parts.query}" if parts.query else path


def _products(typed: str) -> list[int]:
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if len(lines) > blocks.MOST_PRODUCTS:
        raise forms.ValidationError(_("Paling banyak %(most)s produk."), params={"most": blocks.MOST_PRODUCTS})
    slugs = {line: urlsplit(line).path.rstrip("/").rpartition("/")[2] for line in lines}
    by_slug = dict(Product.objects.filter(slug__in=slugs.values()).values_list("slug", "pk"))
    by_sku = dict(Product.objects.filter(variants__sku__in=lines).values_list("variants__sku", "pk"))
    found = {line: by_sku.get(line) or by_slug.get(slugs[line]) for line in lines}
    unknown = [line for line, key in found.items() if key is None]
    if unknown:
        raise forms.ValidationError(_("Tidak ada produk: %(lines)s"), params={"lines": ", ".join(unknown)[:300]})
    return list(dict.fromkeys(key for key in found.values() if key is not None))


def _point(typed: str) -> tuple[Decimal, Decimal] | None:
    if not typed.strip():
        return None
    found = POINT.search(typed)
    latitude, longitude = (Decimal(part) for part in found.groups()) if found else (Decimal(0), Decimal(0))
    if not found or not (SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST):
        raise forms.ValidationError(_("Titik ini tidak terbaca, atau tidak di Indonesia. Contoh: 4.62345, 96.84712"))
    return latitude.quantize(Decimal("0.00001")), longitude.quantize(Decimal("0.00001"))
