"""What members submit is decided: put on the shelf, or returned with a reason."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from catalog import content as contents
from catalog import proposing, recording, writing
from catalog.models import ProductEvent, Proposal
from inventory import letters, opening

S = Proposal.State


class NotWaiting(Exception):
    """It waits for no decision: `proposal` has its state."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(proposal.state)
        self.proposal = proposal


def submit(*, proposal_id: int, by: str, now: datetime) -> Proposal:
    """The member is done typing. Where the cooperative asks nobody, it is on the shelf at once.

    Submitting twice is submitting once. Raises writing.Refused when it cannot be sold as it is written; nothing
    changes then.
    """
    with transaction.atomic():
        proposal = _locked(proposal_id)
        if proposal.state not in proposing.WRITABLE:
            return proposal
        _check(proposal)
        proposal.state, proposal.submitted_at, proposal.reason = S.SUBMITTED, now, ""
        proposal.save(update_fields=["state", "submitted_at", "reason"])
        _tell(proposal, ProductEvent.Kind.SUBMITTED, by, now)
        if not proposing.needs_approval(proposal):
            _apply(proposal, by, now)
        return proposal


def approve(*, proposal_id: int, by: str, now: datetime) -> Proposal:
    """It is on sale from now on, as it was submitted; what others changed since it was begun stays.

    Raises NotWaiting, writing.Refused; nothing changes then.
    """
    with transaction.atomic():
        proposal = _locked(proposal_id)
        if proposal.state != S.SUBMITTED:
            raise NotWaiting(proposal)
        _apply(proposal, by, now)
        letters.approved(proposal, now=now)
        return proposal


def return_to_member(*, proposal_id: int, reason: str, by: str, now: datetime) -> Proposal:
    """The member reads `reason`, mends it and submits again. What is on sale stays. Raises NotWaiting."""
    with transaction.atomic():
        proposal = _locked(proposal_id)
        if proposal.state != S.SUBMITTED:
            raise NotWaiting(proposal)
        proposal.state, proposal.reason = S.RETURNED, reason.strip()[:500]
        proposal.decided_by, proposal.decided_at = by[:80], now
        proposal.save(update_fields=["state", "reason", "decided_by", "decided_at"])
        _tell(proposal, ProductEvent.Kind.RETURNED, by, now, reason=proposal.reason)
        letters.returned(proposal, now=now)
        return proposal


def approve_many(*, proposal_ids: Iterable[int], by: str, now: datetime) -> tuple[list[Proposal], list[Proposal]]:
    """Each by itself: those that are on sale now, and those that could not be (decided meanwhile, or no longer
    sellable as written)."""
    done, left = [], []
    for pk in sorted(set(proposal_ids)):
        try:
            done.append(approve(proposal_id=pk, by=by, now=now))
        except NotWaiting as refusal:
            left.append(refusal.proposal)
        except writing.Refused:
            left.append(Proposal.objects.get(pk=pk))
    return done, left


def _locked(proposal_id: int) -> Proposal:
    return Proposal.objects.select_for_update(of=["self"]).select_related("member", "product").get(pk=proposal_id)


def _check(proposal: Proposal) -> None:
    """As much as can be known without writing."""
    found = contents.problems(proposing.wanted(proposal))
    if found:
        raise writing.Refused(found)


def _apply(proposal: Proposal, by: str, now: datetime) -> None:
    was_there = proposal.product is not None
    proposal.product = opening.put_on_shelf(
        content=proposing.wanted(proposal),
        member=proposal.member,
        product=proposal.product,
        by=proposal.by,
        now=now,
        kind="" if was_there else ProductEvent.Kind.CREATED,
    )
    proposal.state, proposal.decided_by, proposal.decided_at = S.APPLIED, by[:80], now
    proposal.save(update_fields=["product", "state", "decided_by", "decided_at"])
    _tell(proposal, ProductEvent.Kind.APPLIED, by, now)


def _tell(proposal: Proposal, kind: str, by: str, now: datetime, reason: str = "") -> None:
    recording.record(product=proposal.product, proposal=proposal, kind=kind, actor=by, now=now, reason=reason)
