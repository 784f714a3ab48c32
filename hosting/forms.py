"""What somebody fills in who wants a shop for their cooperative."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hosting import suggesting
from lib import phone as phones
from tenants import provisioning


class ApplyForm(forms.Form):
    """Five fields. An empty address is suggested from the name, with a script before and without one after sending."""

    name = forms.CharField(
        label=_("Nama koperasi"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": _("Tulis nama koperasi.")},
    )
    slug = forms.CharField(label=_("Alamat toko"), max_length=40, required=False)
    contact_name = forms.CharField(
        label=_("Nama Anda"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Anda menjadi pengurus pertama toko ini."),
        error_messages={"required": _("Tulis nama Anda.")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Kami kirim kode ke sini. Dengan e-mail ini nanti Anda masuk."),
        error_messages={
            "required": _("Tulis e-mail Anda."),
            "invalid": _("Alamat e-mail ini tidak lengkap. Contoh: nama@contoh.id"),
        },
    )
    phone = forms.CharField(
        label=_("Nomor HP"),
        max_length=25,
        required=False,
        widget=forms.TextInput(
            attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel", "placeholder": "0812 3456 7890"}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].help_text = _("Kosongkan, dan kami usulkan dari nama. Toko Anda: nama.%(host)s") % {
            "host": settings.PLATFORM_HOST
        }
        self.fields["slug"].widget.attrs |= {
            "autocapitalize": "none",
            "autocomplete": "off",
            "spellcheck": "false",
        }

    def clean_phone(self) -> str:
        text = self.cleaned_data["phone"]
        if not text:
            return ""
        try:
            return phones.normalise(text)
        except phones.NotAPhoneNumber as error:
            raise forms.ValidationError(_("Nomor HP ini tidak dikenal. Contoh: 0812 3456 7890.")) from error

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"].strip().lower() or suggesting.slug_for(self.cleaned_data.get("name", ""))
        if not slug and not self.cleaned_data.get("name"):
            return ""  # what is missing is the name, which says so itself
        try:
            provisioning.check_slug(slug)
        except provisioning.SlugRefused as error:
            raise forms.ValidationError(error.reason.label) from error
        return slug


class CodeForm(forms.Form):
    """The six digits of the letter; spaces do not matter."""

    code = forms.CharField(
        label=_("Kode"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
        error_messages={"required": _("Tulis kode dari e-mail.")},
    )

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split())
