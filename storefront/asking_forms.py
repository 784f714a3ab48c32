import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from questions.asking import LONGEST


class AgainForm(forms.Form):
    text = forms.CharField(label=_("Pertanyaan"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}))


class AskForm(AgainForm):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    name = forms.CharField(label=_("Nama Anda"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label="E-mail",
        required=False,
        help_text=_("Supaya Anda diberi tahu saat dijawab. Tanpa e-mail, simpan alamat halaman berikutnya."),
    )
    field_order = ("text", "name", "email", "key")

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("key", "text", "name", "email")}
