"""What a member who sells tells about themselves."""

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from backoffice.forms import PhotoField
from lib import regencies

LONGEST_STORY = 2000


class ProfileForm(forms.Form):
    photo = PhotoField(required=False)
    photo.widget.attrs["data-small"] = "1600"
    drop_photo = forms.BooleanField(label=_("Hapus foto"), required=False)
    village = forms.CharField(label=_("Desa"), max_length=80, required=False)
    origin_code = forms.ChoiceField(
        label=_("Kabupaten/kota"),
        required=False,
        choices=lazy(lambda: [("", "—"), *regencies.by_province()], list),
    )
    story = forms.CharField(
        label=_("Cerita Anda"),
        required=False,
        max_length=LONGEST_STORY,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("Siapa Anda, sejak kapan membuat barang ini, apa yang membuatnya berbeda. Pembeli membacanya."),
    )
    story_en = forms.CharField(
        label=_("Cerita dalam bahasa Inggris"),
        required=False,
        max_length=LONGEST_STORY,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def about(self) -> dict[str, Any]:
        """What is told in words."""
        return {name: self.cleaned_data[name] for name in ("village", "origin_code", "story", "story_en")}
