"""How many things on the channels are not as they should be: a figure for the operator, without a row."""

from django.db.models import F, Q

from marketplaces.models import Connection, Listing, ListingVariant

ACTIVE = Connection.State.ACTIVE


def drifting() -> int:
    """Listings that a channel refuses, and variants that it shows otherwise than it confirmed. Two queries."""
    stuck = Listing.objects.filter(needs_person=True, wanted_live=True, connection__state=ACTIVE)
    other_price = Q(seen_price__isnull=False) & ~Q(seen_price=F("pushed_price"))
    other_quantity = Q(seen_quantity__isnull=False) & ~Q(seen_quantity=F("pushed_quantity"))
    shown = ListingVariant.objects.filter(other_price | other_quantity, listing__connection__state=ACTIVE)
    return stuck.count() + shown.count()
