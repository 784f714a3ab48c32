"""What a buyer fills in: eight fields and a note."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lib import phone as phones
from orders.placing import MOST_PIECES, Buyer
from shipping.provinces import PROVINCES


class AddForm(forms.Form):
    """Something for the cart."""

    v = forms.IntegerField(min_value=1)
    quantity = forms.IntegerField(min_value=1, max_value=MOST_PIECES, required=False)
    pilihan1 = forms.CharField(max_length=20, required=False, strip=False)  # offers.OPTION1
    pilihan2 = forms.CharField(max_length=20, required=False, strip=False)


class ChangeForm(forms.Form):
    """Another number of pieces; 0 takes the line out."""

    v = forms.IntegerField(min_value=1)
    quantity = forms.IntegerField(min_value=0, max_value=MOST_PIECES)


class LaterForm(forms.Form):
    """Keep a line for later, take it back, or forget it."""

    v = forms.IntegerField(min_value=1)
    to = forms.ChoiceField(choices=[(to, to) for to in ("later", "cart", "nowhere")])


# Choosing a province shows its shipping at once; without JavaScript the first submit does.
SHOWS_TOTAL = {"hx-post": "", "hx-trigger": "change", "hx-target": "#total", "hx-swap": "outerHTML"}


def _text(**attributes: str) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "input", **attributes})


class CheckoutForm(forms.Form):
    """Who buys and where it goes."""

    name = forms.CharField(
        label=_("Nama penerima"),
        max_length=80,
        widget=_text(autocomplete="name"),
        error_messages={"required": _("Tulis nama penerima paket.")},
    )
    phone = forms.CharField(
        label=_("Nomor HP / WhatsApp"),
        max_length=25,
        widget=_text(autocomplete="tel", inputmode="tel", placeholder="0812 3456 7890"),
        help_text=_("Kurir menghubungi nomor ini."),
        error_messages={"required": _("Tulis nomor HP, supaya kurir dapat menghubungi.")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "email"}),
        help_text=_("Untuk kabar pesanan dan tautan pelacakan."),
        error_messages={"invalid": _("Alamat e-mail ini tidak lengkap. Contoh: nama@contoh.id")},
    )
    address = forms.CharField(
        label=_("Alamat lengkap"),
        max_length=300,
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 2, "autocomplete": "street-address"}),
        help_text=_("Jalan, nomor rumah, RT/RW, desa atau kelurahan."),
        error_messages={"required": _("Tulis alamat pengiriman.")},
    )
    district = forms.CharField(
        label=_("Kecamatan"),
        max_length=60,
        widget=_text(autocomplete="address-level3"),
        error_messages={"required": _("Tulis kecamatan.")},
    )
    regency = forms.CharField(
        label=_("Kabupaten / kota"),
        max_length=60,
        widget=_text(autocomplete="address-level2"),
        error_messages={"required": _("Tulis kabupaten atau kota.")},
    )
    province = forms.ChoiceField(
        label=_("Provinsi"),
        choices=[("", _("Pilih provinsi")), *((name, name) for name in PROVINCES)],
        widget=forms.Select(attrs={"class": "select", "autocomplete": "address-level1", **SHOWS_TOTAL}),
        error_messages={
            "required": _("Pilih provinsi; ongkir bergantung padanya."),
            "invalid_choice": _("Pilih provinsi dari daftar."),
        },
    )
    postcode = forms.CharField(
        label=_("Kode pos"),
        max_length=5,
        required=False,
        widget=_text(autocomplete="postal-code", inputmode="numeric"),
        error_messages={"max_length": _("Kode pos terdiri dari 5 angka.")},
    )
    note = forms.CharField(
        label=_("Catatan untuk penjual"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 2}),
    )

    def clean_phone(self) -> str:
        try:
            return phones.normalise(self.cleaned_data["phone"])
        except phones.NotAPhoneNumber:
            raise forms.ValidationError(_("Nomor ini tidak lengkap. Contoh: 0812 3456 7890")) from None

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.lower()

    def clean_postcode(self) -> str:
        postcode: str = self.cleaned_data["postcode"]
        if postcode and not re.fullmatch(r"[0-9]{5}", postcode):
            raise forms.ValidationError(_("Kode pos terdiri dari 5 angka."))
        return postcode

    def buyer(self) -> Buyer:
        return Buyer(**self.cleaned_data)

    @staticmethod
    def draft(data: Any) -> dict[str, str]:
        """What was typed so far, to be kept: only our fields, none of them endless, nothing that no database takes."""
        return {name: str(data.get(name, "")).replace("\x00", "")[:300] for name in CheckoutForm.base_fields}
