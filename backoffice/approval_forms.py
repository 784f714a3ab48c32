"""What officers decide about listings of members."""

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
