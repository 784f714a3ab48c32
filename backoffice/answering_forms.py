"""What officers answer: to members about their listings, to visitors about their questions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import ApprovalRule


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label=_("Apa yang perlu diperbaiki?"),
        help_text=_("Anggota membaca kalimat ini."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RuleForm(forms.ModelForm):
    class Meta:
        model = ApprovalRule
        fields = ("new_products", "texts", "prices", "pictures")


class AnswerForm(forms.Form):
    text = forms.CharField(label=_("Jawaban"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))
