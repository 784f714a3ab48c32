"""Who is pushing a listing: a lease in its row, by the database's clock.

Only the holder talks to the channel about it, so two workers never tell it two numbers at once, and an older number
never arrives after a newer one: the quantity is read after the claim is taken or kept. A worker that was killed holds
its listings until the lease runs out; that is longer than its last call can still be under way, which is why
the lease is not simply dropped with the worker's database session.
"""

import secrets
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from marketplaces.models import Listing

LEASE = timedelta(seconds=20)  # lib.http gives a call 15


class ClaimLost(Exception):
    """The lease ran out, and somebody else may be at work."""


def take(listing_id: int) -> str:
    """Claim the listing. Returns the claim, or "" when somebody else holds it."""
    claim = secrets.token_hex(16)
    free = Q(claimed_until=None) | Q(claimed_until__lt=Now())
    taken = Listing.objects.filter(free, pk=listing_id).update(claim=claim, claimed_until=Now() + LEASE)
    return claim if taken else ""


def keep(listing_id: int, claim: str) -> None:
    """Hold it for another lease; call it before each call to the channel. Raises ClaimLost."""
    mine = Listing.objects.filter(pk=listing_id, claim=claim, claimed_until__gte=Now())
    if not mine.update(claimed_until=Now() + LEASE):
        raise ClaimLost(listing_id)


def release(listing_id: int, claim: str) -> None:
    """Let others have it. Once lost, there is nothing to release."""
    Listing.objects.filter(pk=listing_id, claim=claim).update(claim="", claimed_until=None)
