"""What officers and members fill in about reviews."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reviews.models import Reason
from reviews.moderating import LONGEST_REPLY


class SeenField(forms.DateTimeField):
    """When the review was written that the person has read, as `datetime.isoformat` says it."""

    widget = forms.HiddenInput()


class HideForm(forms.Form):
    reason = forms.ChoiceField(label=_("Alasan"), choices=Reason.choices)
    seen = SeenField()


class ReplyForm(forms.Form):
    reply = forms.CharField(
        label=_("Jawaban"), max_length=LONGEST_REPLY, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
