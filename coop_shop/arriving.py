"""A cooperative came from another server: what held there and does not hold here is put right before it is seen."""

from accounts.models import User
from marketplaces.models import Connection, Listing
from notifications.models import Message
from notifications.sending import MOST_ATTEMPTS
from payments import gateways
from payments.models import Payment


def settle_in() -> None:
    """Stands in its schema. Nothing is asked of anybody outside, and nothing is sent."""
    gateways.arrive()
    # This server could not ask their provider: whoever paid there is found by an officer in the provider's own pages.
    unasked = Payment.objects.filter(state__in=Payment.OPEN).exclude(gateway__provider="transfer")
    unasked.update(state=Payment.State.CLOSED, last_error="left with the exit kit")
    Connection.objects.update(state=Connection.State.CLOSED, sealed_tokens="", last_error="")
    Listing.objects.update(wanted_live=False, claim="", claimed_until=None, try_at=None)
    # The server they were written on sends them, or has sent them since.
    Message.objects.filter(sent_at=None).update(attempts=MOST_ATTEMPTS, last_error="left with the exit kit")
    User.objects.update(is_operator=False)
