from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User


class Operator(User):
    """A user of the platform's own table, under the name that the console gives them."""

    class Meta:
        proxy = True
        verbose_name = _("operator")
        verbose_name_plural = pgettext_lazy("menu", "Operator")
