"""A listing that somebody is writing: whose it is, how far it got, which photos it has."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils.translation import gettext as _

from backoffice.listing import filling
from backoffice.listing.filling import Filled
from catalog import content as contents
from catalog import photos, proposing
from catalog.content.checking import MOST_PICTURES
from catalog.models import Picture, Product, Proposal
from members.models import Member


class NotThere(Exception):
    """This key is somebody else's."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """`product`: what is on sale and would be changed. `proposal` is None until something was saved under `key`."""

    member: Member
    key: uuid.UUID
    product: Product | None = None
    proposal: Proposal | None = None

    @property
    def version(self) -> int:
        return self.proposal.version if self.proposal else 0

    @property
    def is_waiting(self) -> bool:
        return self.proposal is not None and self.proposal.state == Proposal.State.SUBMITTED

    def pictures(self) -> list[Picture]:
        """Those of the product first, then those that were taken for this listing."""
        whose = Q(product=self.product) if self.product else Q(pk=None)
        if self.proposal:
            whose |= Q(proposal=self.proposal, product=None)
        return list(Picture.objects.filter(whose).order_by("product_id", "position", "pk"))

    def dropped(self) -> list[int]:
        """Photos (pk) that were taken out of this draft."""
        kept = self.proposal.content.get(filling.DROPPED) if self.proposal else None
        return [pk for pk in kept if isinstance(pk, int)] if isinstance(kept, list) else []

    def filled(self) -> Filled:
        """As it was left: the draft, else what is on sale, else an empty page."""
        if self.proposal and self.proposal.state in proposing.OPEN:
            content = self.proposal.content
            return filling.of(contents.from_json(content), _texts(content.get(filling.TYPED)))
        return filling.of(contents.of(self.product) if self.product else self._begun())

    def _begun(self) -> contents.Content:
        """A member's next product is of the same kind and from the same place as the last one."""
        last = Product.objects.filter(member=self.member).order_by("-pk").first()
        origin = last.origin_code if last and last.origin_code else self.member.origin_code
        category = last.category_id if last else None
        return contents.Content(title="", category=category, choices=(), origin_code=origin, pictures=())


def at(*, member: Member, key: uuid.UUID | None = None, product: Product | None = None) -> Desk:
    """The listing of `member` under `key`; of `product` the one that is open. Raises NotThere."""
    proposal = Proposal.objects.filter(key=key).select_related("product").first() if key else None
    if proposal is not None and proposal.member_id != member.pk:
        raise NotThere
    if product is not None:
        proposal = Proposal.objects.filter(product=product, state__in=proposing.OPEN).first()
    elif proposal is not None:
        product = proposal.product
    return Desk(
        member=member, product=product, proposal=proposal, key=proposal.key if proposal else key or uuid.uuid4()
    )


def save(desk: Desk, filled: Filled, *, version: int, by: str, now: datetime) -> Desk:
    """Keep what was typed; `version` as in proposing.save_draft. Where another phone began a change of the same product
    meanwhile, that one goes on. Raises NotThere."""
    try:
        proposal = _save(desk, desk.key, filled, version, by, now)
    except proposing.AlreadyOpen as other:
        proposal = _save(desk, other.proposal.key, filled, other.proposal.version + 1, by, now)
    except proposing.NotYours as error:
        raise NotThere from error
    return Desk(member=desk.member, product=desk.product, proposal=proposal, key=proposal.key)


def insist(desk: Desk, filled: Filled, *, by: str, now: datetime) -> Desk:
    """Keep what a person sent by a button: it is newer than anything that was saved by itself."""
    return save(desk, filled, version=desk.version + 1, by=by, now=now)


def with_proposal(desk: Desk, *, by: str, now: datetime) -> Desk:
    """A photo may come up before the first word was typed: there is a draft then, and any save is newer."""
    return desk if desk.proposal else save(desk, desk.filled(), version=0, by=by, now=now)


def add_photo(desk: Desk, file: UploadedFile, *, now: datetime) -> Picture:
    """The same photo sent again is the same picture. Raises photos.BadPhoto."""
    data = file.read(photos.MOST_BYTES + 1)
    known = photos.found(data=data, proposal=desk.proposal)
    if known is None and len(desk.pictures()) >= MOST_PICTURES:
        raise photos.BadPhoto(_("Paling banyak %(n)d foto.") % {"n": MOST_PICTURES})
    return known or photos.attach(data=data, alt="", now=now, proposal=desk.proposal, name=file.name or "")


def add_photos(desk: Desk, files: Iterable[UploadedFile], *, now: datetime) -> tuple[list[Picture], list[str]]:
    """What came with the form itself, without JavaScript: the pictures, and what was wrong with the others."""
    taken, refused = [], []
    for file in files:
        try:
            taken.append(add_photo(desk, file, now=now))
        except photos.BadPhoto as error:
            refused.append(f"{file.name}: {error}")
    return taken, refused


def _save(desk: Desk, key: uuid.UUID, filled: Filled, version: int, by: str, now: datetime) -> Proposal:
    return proposing.save_draft(
        key=key, member=desk.member, content=filled.draft(), version=version, product=desk.product, by=by, now=now
    )


def _texts(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
