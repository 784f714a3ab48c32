"""Features that operators turn on: for everybody, for some cooperatives, or for nobody.

settings.SWITCHES names each: what it is until somebody turns it, and a sentence for the operator.
"""

from django.conf import settings
from django.db.models import Exists, OuterRef

from tenants.models import Cooperative, Switch


class SwitchUnknown(LookupError):
    """settings.SWITCHES has no switch of this name."""


def is_on(name: str, cooperative: Cooperative | None = None) -> bool:
    """Whether the feature is on: for everybody, or for this cooperative. One query. Raises SwitchUnknown."""
    if name not in settings.SWITCHES:
        raise SwitchUnknown(name)
    chosen = Switch.cooperatives.through.objects.filter(
        switch=OuterRef("pk"), cooperative=cooperative.pk if cooperative else None
    )
    turned = Switch.objects.filter(name=name).values_list("is_on", Exists(chosen)).first()
    if turned is None:
        starts_on, _says = settings.SWITCHES[name]
        return bool(starts_on)
    return any(turned)


def make_known() -> None:
    """A row for each switch of the settings that has none, as it is without; nothing that was turned is turned back."""
    missing = settings.SWITCHES.keys() - set(Switch.objects.values_list("name", flat=True))
    rows = [Switch(name=name, is_on=settings.SWITCHES[name][0]) for name in sorted(missing)]
    Switch.objects.bulk_create(rows, ignore_conflicts=True)
