"""A listing on its way to the shelf: typed, submitted, returned or applied. The product on sale stays as it is until
the proposal is applied (inventory/approving.py, because new variants come with pieces)."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from catalog import content as contents
from catalog import recording
from catalog.content import Content, Difference, comparing
from catalog.models import ApprovalRule, Picture, Product, ProductEvent, Proposal
from members.models import Member

S = Proposal.State
OPEN = frozenset({S.DRAFT, S.SUBMITTED, S.RETURNED})
WRITABLE = frozenset({S.DRAFT, S.RETURNED})
BASE = "_base"  # beside the content: what the product said when the proposal was begun


class NotYours(Exception):
    """The key or the product is another member's."""


class AlreadyOpen(Exception):
    """This product has another open proposal: `proposal`."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(proposal.pk)
        self.proposal = proposal


def save_draft(
    *,
    key: uuid.UUID,
    member: Member,
    content: Mapping[str, Any],
    version: int,
    product: Product | None = None,
    by: str,
    now: datetime,
) -> Proposal:
    """Keep what has been typed so far; it need not be complete. `product` is what it would change; None: a new one.

    The same `key` is the same proposal, however often it is sent. A save that arrives late (its `version` is not
    higher), or after it was submitted, changes nothing. Raises NotYours, AlreadyOpen.
    """
    with transaction.atomic():
        found = Proposal.objects.select_for_update().filter(key=key).first()
        if found is None:
            return _begin(key, member, content, version, product, by, now)
        if found.member_id != member.pk:
            raise NotYours
        if found.state in WRITABLE and version > found.version:
            kept = {BASE: found.content[BASE]} if BASE in found.content else {}
            found.content, found.version, found.updated_at = {**content, **kept}, version, now
            found.save(update_fields=["content", "version", "updated_at"])
        return found


def withdraw(*, proposal_id: int, by: str, now: datetime) -> Proposal:
    """The member no longer wants it. What is on sale stays. Again, or after it was decided, changes nothing."""
    with transaction.atomic():
        proposal = Proposal.objects.select_for_update().get(pk=proposal_id)
        if proposal.state in OPEN:
            _close(proposal, S.WITHDRAWN, by, now)
            recording.record(
                product=proposal.product, proposal=proposal, kind=ProductEvent.Kind.WITHDRAWN, actor=by, now=now
            )
        return proposal


def wanted(proposal: Proposal) -> Content:
    """What the product would say: the proposal, on top of what others changed since it was begun."""
    content = contents.from_json(proposal.content)
    if proposal.product is None:
        return content
    base = contents.from_json(proposal.content.get(BASE, {}))
    return contents.merged(base=base, wanted=content, now=contents.of(proposal.product))


def changes(proposal: Proposal) -> list[Difference]:
    """What applying it would change of the product that is on sale; nothing for a new product."""
    return contents.differences(contents.of(proposal.product), wanted(proposal)) if proposal.product else []


def rule() -> ApprovalRule:
    """What officers of this cooperative want to look at first."""
    return ApprovalRule.objects.order_by("pk").first() or ApprovalRule()


def set_rule(*, new_products: bool, texts: bool, prices: bool, pictures: bool) -> ApprovalRule:
    with transaction.atomic():
        known = ApprovalRule.objects.select_for_update().order_by("pk").first() or ApprovalRule()
        known.new_products, known.texts, known.prices, known.pictures = new_products, texts, prices, pictures
        known.save()
        return known


def needs_approval(proposal: Proposal) -> bool:
    """Whether an officer decides on it, by the cooperative's rule and the trust in the member."""
    if proposal.member.is_trusted:
        return False
    asked = rule()
    if proposal.product is None:
        return asked.new_products
    kinds = {difference.kind for difference in changes(proposal)}
    asks = {comparing.TEXT: asked.texts, comparing.PRICE: asked.prices, comparing.PICTURE: asked.pictures}
    return any(asks[kind] for kind in kinds)


def _begin(
    key: uuid.UUID,
    member: Member,
    content: Mapping[str, Any],
    version: int,
    product: Product | None,
    by: str,
    now: datetime,
) -> Proposal:
    if product is not None and product.member_id != member.pk:
        raise NotYours
    base = {BASE: contents.as_json(contents.of(product))} if product else {}
    proposal = Proposal(key=key, member=member, product=product, content={**content, **base}, version=version)
    proposal.by, proposal.created_at, proposal.updated_at = by[:80], now, now
    try:
        with transaction.atomic():
            proposal.save(force_insert=True)
    except IntegrityError:
        return _begun_before(key, member, product)
    return proposal


def _begun_before(key: uuid.UUID, member: Member, product: Product | None) -> Proposal:
    same = Proposal.objects.filter(key=key).first()
    if same is None:
        raise AlreadyOpen(Proposal.objects.get(product=product, state__in=OPEN))
    if same.member_id != member.pk:
        raise NotYours
    return same


def _close(proposal: Proposal, state: str, by: str, now: datetime) -> None:
    proposal.state, proposal.decided_by, proposal.decided_at = state, by[:80], now
    proposal.save(update_fields=["state", "decided_by", "decided_at"])


def loose_pictures(proposal: Proposal) -> list[Picture]:
    """Photos that were taken for it and are on no product yet."""
    return list(proposal.pictures.filter(product=None).order_by("position", "pk"))
