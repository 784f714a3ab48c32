"""What officers fill in about the shop itself."""

from collections.abc import Mapping
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms import RupiahField
from lib import phone
from shipping.provinces import PROVINCES
from tenants.models import Cooperative


class ShopForm(forms.ModelForm):
    """What visitors read about the cooperative."""

    class Meta:
        model = Cooperative
        fields = (
            "name", "story_id", "story_en", "email", "whatsapp", "phone", "address", "regency", "province",
            "legal_number", "nib", "zone",
        )  # fmt: skip
        labels: ClassVar[dict] = {
            "name": _("Nama koperasi"),
            "story_id": _("Cerita koperasi"),
            "story_en": _("Cerita dalam bahasa Inggris"),
            "email": _("E-mail koperasi"),
            "whatsapp": "WhatsApp",
            "phone": _("Nomor telepon"),
            "address": _("Alamat"),
            "regency": _("Kabupaten/kota"),
            "province": _("Provinsi"),
            "legal_number": _("Nomor badan hukum"),
            "nib": _("NIB (Nomor Induk Berusaha)"),
        }
        widgets: ClassVar[dict] = {
            "story_id": forms.Textarea(attrs={"rows": 5}),
            "story_en": forms.Textarea(attrs={"rows": 5}),
        }

    province = forms.ChoiceField(choices=[("", "—"), *((name, name) for name in PROVINCES)], required=False)

    def clean_whatsapp(self) -> str:
        return _international(self.cleaned_data["whatsapp"])

    def clean_phone(self) -> str:
        return _international(self.cleaned_data["phone"])


def _international(number: str) -> str:
    if not number:
        return ""
    try:
        return phone.normalise(number)
    except phone.NotAPhoneNumber as error:
        raise forms.ValidationError(_("Nomor ini tidak lengkap. Contoh: 0812 3456 7890.")) from error


class RateForm(forms.Form):
    province = forms.ChoiceField(
        label=_("Provinsi tujuan"),
        required=False,
        choices=[("", _("semua provinsi lainnya")), *((name, name) for name in PROVINCES)],
    )
    per_kg = RupiahField(label=_("Tarif per kg"), min_value=0, max_value=10_000_000)
    days_from = forms.IntegerField(label=_("Sampai paling cepat (hari)"), min_value=0, max_value=60)
    days_to = forms.IntegerField(label=_("Sampai paling lambat (hari)"), min_value=0, max_value=60)

    def clean(self) -> None:
        first, last = self.cleaned_data.get("days_from"), self.cleaned_data.get("days_to")
        if first is not None and last is not None and first > last:
            self.add_error("days_to", _("Paling lambat tidak bisa lebih dulu daripada paling cepat."))


class FeeForm(forms.Form):
    percent = forms.DecimalField(
        label=_("Bagian koperasi (%)"), min_value=0, max_value=90, decimal_places=2, max_digits=4, localize=True
    )

    def basis_points(self) -> int:
        return int(self.cleaned_data["percent"] * 100)


class CloseForm(forms.Form):
    """The name is typed, so that nobody closes a shop with one tap."""

    reason = forms.CharField(label=_("Alasan"), max_length=300)
    slug = forms.CharField(label=_("Ketik nama di alamat toko"), max_length=40)

    def __init__(self, data: Mapping[str, str] | None, *, slug: str) -> None:
        super().__init__(data)
        self._slug = slug

    def clean_slug(self) -> str:
        if self.cleaned_data["slug"].strip() != self._slug:
            raise forms.ValidationError(_("Ketik persis: %(slug)s") % {"slug": self._slug})
        return self._slug
