"""What officers fill in."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplaces.channels.base import AttributeRule

MOST_RUPIAH = 10_000_000_000


class RupiahField(forms.IntegerField):
    """Whole rupiah the way people write it: `150.000`, `Rp 150000`. Not `150.000,50`, not `150.5`."""

    WRITTEN = re.compile(r"^(?:\d+|\d{1,3}(?:\.\d{3})+)$")

    def __init__(self, **options: object) -> None:
        options.setdefault("min_value", 1)
        options.setdefault("max_value", MOST_RUPIAH)
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}), **options)

    def to_python(self, value: object) -> int | None:
        if isinstance(value, str) and value.strip():
            text = re.sub(r"^rp\.?\s*|\s", "", value.strip(), flags=re.IGNORECASE)
            if not self.WRITTEN.match(text):
                raise forms.ValidationError(_("Tulis rupiah tanpa sen, misalnya 150.000."))
            value = text.replace(".", "")
        return super().to_python(value)


class PhotoField(forms.FileField):
    """A photo as it comes from a phone; catalog/photos.py has the last word."""

    def __init__(self, **options: Any) -> None:
        widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})
        told = _("JPG, PNG, atau WebP, paling besar 10 MB.")
        super().__init__(label=_("Foto"), help_text=told, widget=widget, **options)


class ShipForm(forms.Form):
    courier = forms.CharField(label=_("Kurir"), max_length=40, widget=forms.TextInput(attrs={"placeholder": "JNE"}))
    tracking_number = forms.CharField(
        label=_("Nomor resi"), max_length=60, widget=forms.TextInput(attrs={"autocapitalize": "characters"})
    )


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Alasan pembatalan"), max_length=200)


class SolveForm(forms.Form):
    what_was_done = forms.CharField(label=_("Apa yang sudah dilakukan"), max_length=200)


class ConfirmTransferForm(forms.Form):
    """What the officer read in the bank statement, typed and not offered: a number that is already there is agreed to
    without looking."""

    amount = RupiahField(
        label=_("Jumlah yang masuk di rekening"), help_text=_("Lihat mutasi bank, lalu ketik jumlahnya.")
    )
    seen = forms.BooleanField(label=_("Saya sudah melihat uang ini di mutasi rekening."))


class TransferAccountForm(forms.Form):
    bank = forms.CharField(label=_("Bank"), max_length=40)
    account_number = forms.CharField(
        label=_("Nomor rekening"), max_length=40, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    account_holder = forms.CharField(label=_("Atas nama"), max_length=80)

    def clean_account_number(self) -> str:
        digits = re.sub(r"[\s.-]", "", self.cleaned_data["account_number"])
        if not digits.isascii() or not digits.isdigit() or len(digits) < 6:
            raise forms.ValidationError(_("Nomor rekening hanya angka, paling sedikit 6."))
        return digits


def _secret() -> forms.PasswordInput:
    # Write-only: a secret never comes back to the page, not even after an error.
    return forms.PasswordInput(render_value=False, attrs={"autocomplete": "off"})


class StripeKeysForm(forms.Form):
    secret_key = forms.CharField(label=_("Kunci rahasia Stripe (sk_… atau rk_…)"), max_length=255, widget=_secret())
    webhook_secret = forms.CharField(label=_("Rahasia webhook (whsec_…)"), max_length=255, widget=_secret())

    def clean_secret_key(self) -> str:
        key = self.cleaned_data["secret_key"].strip()
        if not key.startswith(("sk_", "rk_")):
            raise forms.ValidationError(_("Kunci rahasia Stripe dimulai dengan sk_ atau rk_."))
        return key

    def clean_webhook_secret(self) -> str:
        secret = self.cleaned_data["webhook_secret"].strip()
        if not secret.startswith("whsec_"):
            raise forms.ValidationError(_("Rahasia webhook dimulai dengan whsec_."))
        return secret


class CountForm(forms.Form):
    """The shelf was counted. `shown` is what the page said when it was made: sales go on while one counts."""

    on_hand = forms.IntegerField(label=_("Jumlah di rak"), min_value=0, max_value=1_000_000)
    shown = forms.IntegerField(widget=forms.HiddenInput(), min_value=0)


class DomainForm(forms.Form):
    domain = forms.CharField(
        label=_("Domain milik koperasi"),
        max_length=300,
        help_text=_("Misalnya toko.kopigayo.co.id. Domain ini harus sudah Anda daftarkan sendiri."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "none", "autocomplete": "off"}),
    )


class PhotoForm(forms.Form):
    photo = PhotoField()


class NewMemberForm(forms.Form):
    number = forms.CharField(label=_("Nomor anggota"), max_length=20)
    name = forms.CharField(label=_("Nama"), max_length=80)
    village = forms.CharField(label=_("Desa"), max_length=80, required=False)
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Dengan e-mail, anggota bisa masuk dan melihat penjualannya.")
    )


class AttributesForm(forms.Form):
    """What a channel wants to know about the products of a category; the fields follow from its rules."""

    def __init__(self, data: Mapping[str, str] | None, *, rules: Sequence[AttributeRule], **options: Any) -> None:
        super().__init__(data, **options)
        for rule in rules:
            common = {"label": rule.name, "required": rule.mandatory}
            if rule.choices:
                choices = [("", "—"), *rule.choices.items()]
                self.fields[rule.id] = forms.ChoiceField(choices=choices, **common)
            else:
                self.fields[rule.id] = forms.CharField(max_length=100, **common)

    def values(self) -> dict[str, str]:
        """Attribute id -> what was filled in."""
        return {name: value for name, value in self.cleaned_data.items() if value}
