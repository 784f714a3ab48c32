"""A member takes back what was submitted, to go on typing."""

from datetime import datetime

from django.db import transaction

from catalog import recording
from catalog.models import ProductEvent, Proposal

S = Proposal.State


@transaction.atomic
def take_back(*, proposal_id: int, by: str, now: datetime) -> Proposal:
    """A submitted listing is a draft again, with all that was written. Once it is decided, or where it is a draft,
    nothing changes."""
    proposal = Proposal.objects.select_for_update().get(pk=proposal_id)
    if proposal.state == S.SUBMITTED:
        proposal.state, proposal.submitted_at = S.DRAFT, None
        proposal.save(update_fields=["state", "submitted_at"])
        recording.record(
            product=proposal.product, proposal=proposal, kind=ProductEvent.Kind.WITHDRAWN, actor=by, now=now
        )
    return proposal
