"""Reviews on the pages of the shop: what stands under a product, and the form of a buyer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from reviews import reading, writing

STARS = (
    (5, _("sangat puas")),
    (4, _("puas")),
    (3, _("cukup")),
    (2, _("kurang")),
    (1, _("kecewa")),
)


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """A row of the summary, which is the link to reviews with so many stars."""

    row: reading.Row
    address: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The reviews of a product as they are shown: the summary, and one page of them."""

    product: Product
    summary: reading.Summary
    page: reading.Page | None  # None: there is nothing to read
    stars: int | None
    narrowings: Sequence[Narrowing]
    address: str  # of all of them
    next_address: str
    before_address: str


def shown(product: Product, *, stars: int | None = None, number: int = 1) -> Shown:
    """One query without reviews, three with them."""
    summary = reading.summary(product)
    page = reading.page(product, stars=stars, number=number) if summary.count else None
    address = reverse("storefront:reviews", args=[product.slug])
    chosen = f"bintang={stars}&" if stars else ""
    return Shown(
        product=product,
        summary=summary,
        page=page,
        stars=stars,
        narrowings=[
            Narrowing(row=row, address=f"{address}?bintang={row.stars}", is_chosen=row.stars == stars)
            for row in summary.rows
        ],
        address=address,
        next_address=f"{address}?{chosen}halaman={page.number + 1}" if page and page.has_next else "",
        before_address=f"{address}?{chosen}halaman={page.number - 1}" if page and page.number > 1 else "",
    )


def number_in(text: str, *, most: int) -> int | None:
    """The number from 1 to `most` that an address asks for; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= most else None


class PhotosInput(forms.FileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Some photos as they come from a phone; reviews/photos.py has the last word."""

    widget = PhotosInput(attrs={"accept": "image/jpeg,image/png,image/webp", "multiple": True, "data-small": "1600"})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if len(files) > writing.MOST_PHOTOS:
            raise forms.ValidationError(_("Paling banyak 3 foto."), code="too_many")
        return [super(PhotosField, self).clean(file, initial) for file in files]


class ReviewForm(forms.Form):
    stars = forms.TypedChoiceField(
        label=_("Bintang"),
        coerce=int,
        choices=STARS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih 1 sampai 5 bintang.")},
    )
    text = forms.CharField(
        label=_("Ulasan Anda"),
        required=False,
        max_length=writing.LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Rasanya, bahannya, ukurannya, kemasannya: apa yang perlu diketahui pembeli lain?"),
    )
    photos = PhotosField(
        label=_("Foto"),
        required=False,
        help_text=_("Paling banyak 3 foto, JPG, PNG, atau WebP, masing-masing paling besar 10 MB."),
    )
    drop_photos = forms.BooleanField(label=_("Buang foto yang sudah dikirim"), required=False)
    is_nameless = forms.BooleanField(label=_("Tampilkan tanpa nama"), required=False)

    def pictures(self) -> list[tuple[str, bytes]]:
        return [(file.name, file.read()) for file in self.cleaned_data["photos"]]
