from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib import phone


class AboutMeForm(forms.ModelForm):
    """What a person may change about themselves. The e-mail address is the key to the account and stays."""

    class Meta:
        model = User
        fields = ("name", "phone")
        widgets: ClassVar[dict] = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        }

    def clean_phone(self) -> str:
        text = self.cleaned_data["phone"]
        if not text:
            return ""
        try:
            return phone.normalise(text)
        except phone.NotAPhoneNumber as error:
            raise forms.ValidationError(_("Nomor HP ini tidak dikenal. Contoh: 0812 3456 7890.")) from error
