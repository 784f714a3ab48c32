"""What is filled in about legal documents."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from backoffice.forms import PhotoField
from catalog.models import Category, Document, Product
from catalog.passport import numbers

Kind = Document.Kind
ALL = ""


def _date(label: Any, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=False, help_text=help_text, widget=widget)


class PaperForm(forms.Form):
    """A document as it is handed in. What is right for which kind, catalog/passport/papers.py says."""

    kind = forms.ChoiceField(label=_("Jenis dokumen"), choices=lazy(lambda: [("", _("pilih")), *Kind.choices], list)())
    product = forms.TypedChoiceField(label=_("Untuk"), required=False, coerce=int, empty_value=None)
    number = forms.CharField(
        label=_("Nomor"),
        required=False,
        max_length=60,
        help_text=_("Seperti tercetak di dokumen. Kosongkan untuk “tidak halal”."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    holder = forms.CharField(label=_("Nama di dokumen"), required=False, max_length=120)
    issued_date = _date(_("Tanggal terbit"), _("Boleh dikosongkan."))
    valid_until = _date(_("Berlaku sampai"), _("Kosongkan bila di dokumen tidak ada batasnya."))
    photo = PhotoField(required=False)

    def __init__(self, *args: Any, products: Iterable[tuple[int, str]], all_label: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["product"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(ALL, all_label), *products]
        self.fields["photo"].label = _("Foto dokumen")

    def paper(self) -> Any:
        """What was filled in, for papers.hand_in. Only of a valid form."""
        data = self.cleaned_data
        photo = data["photo"]
        return {
            "kind": data["kind"],
            "number": data["number"],
            "holder": data["holder"],
            "issued_date": data["issued_date"],
            "valid_until": data["valid_until"],
            "photo": photo.read(photo.size + 1) if photo else b"",
            "name": photo.name if photo else "",
        }


class RefuseForm(forms.Form):
    reason = forms.CharField(
        label=_("Alasan untuk anggota"), max_length=300, widget=forms.Textarea(attrs={"rows": 3, "maxlength": "300"})
    )


class RequirementsForm(forms.Form):
    """For every category the kinds without which nothing of it is on sale."""

    KINDS = [(kind.value, kind.label) for kind in Kind if kind in numbers.SHAPES]

    def __init__(self, *args: Any, categories: Iterable[Category], **options: Any) -> None:
        super().__init__(*args, **options)
        for category in categories:
            self.fields[f"c{category.pk}"] = forms.MultipleChoiceField(
                label=category.label,
                choices=self.KINDS,
                required=False,
                initial=category.requires,
                widget=forms.CheckboxSelectMultiple,
            )

    def wanted(self) -> dict[int, list[str]]:
        return {int(name[1:]): kinds for name, kinds in self.cleaned_data.items()}


def examples() -> list[tuple[Any, str]]:
    """What the numbers look like, by kind."""
    return [(kind.label, shape.example) for kind, shape in numbers.SHAPES.items()]


def choices_of(products: Iterable[Product]) -> list[tuple[int, str]]:
    return [(product.pk, product.label) for product in products]
