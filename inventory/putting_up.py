"""An officer lists for a member: what is submitted is approved with the same tap."""

from datetime import datetime

from django.db import transaction

from catalog.models import Proposal
from inventory import approving


@transaction.atomic
def put_up(*, proposal_id: int, by: str, now: datetime) -> Proposal:
    """On sale from now on. Twice is once. Raises catalog.writing.Refused; nothing changes then."""
    proposal = approving.submit(proposal_id=proposal_id, by=by, now=now)
    if proposal.state == Proposal.State.SUBMITTED:
        proposal = approving.approve(proposal_id=proposal_id, by=by, now=now)
    return proposal
