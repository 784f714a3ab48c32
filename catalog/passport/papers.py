"""A document is handed in with a photo of it, looked at by an officer, and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import Document, Product
from catalog.passport import letters, numbers, standing, watching
from lib.photo_files import redraw
from members.models import Member
from tenants.context import on_commit

Kind, State = Document.Kind, Document.State
LONGEST_SIDE = 2400  # small print stays legible


class Refused(ValueError):
    """It is not taken so: `problems` maps a field to what is wrong with it."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(problems)
        self.problems = problems


class Decided(Exception):
    """Somebody else has decided on it meanwhile."""


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What somebody says that a document says. `photo` is a photo of it, `name` that of its file."""

    kind: str
    number: str = ""
    holder: str = ""
    issued_date: date | None = None
    valid_until: date | None = None
    photo: bytes = field(default=b"", repr=False)
    name: str = ""


def hand_in(
    *, paper: Paper, member: Member, product: Product | None = None, accept: bool = False, by: str, now: datetime
) -> Document:
    """A document of `product`, or without one of `member` and so of all their products. It waits for an officer;
    `accept`: an officer has handed it in. That something is not halal is said, not proven, and counts at once.

    The photo is drawn anew and kept where no address leads. Sent again by the member it is the same document, until an
    officer refuses it. Raises Refused, photo_files.BadPhoto; nothing is stored
    then.
    """
    paper = _checked(paper, standing.today(now))
    if product is not None and product.member_id != member.pk:
        raise Refused({"product": _("Produk ini milik anggota lain.")})
    owner = {"product": product, "member": None if product else member}
    if not accept and (known := _same(paper, owner)) is not None:
        return known
    counts = accept or paper.kind == Kind.NOT_HALAL
    document = Document(
        **owner,
        kind=paper.kind,
        number=paper.number,
        holder=paper.holder,
        issued_date=paper.issued_date,
        valid_until=paper.valid_until,
        state=State.ACCEPTED if counts else State.WAITING,
        checked_by=by[:80] if accept else "",
    )
    if paper.photo:
        drawn = redraw(paper.photo, name=paper.name, longest=LONGEST_SIDE)
        document.file.save("document.webp", ContentFile(drawn.data), save=False)
    with transaction.atomic():
        Member.objects.select_for_update(no_key=True).get(pk=member.pk)  # sent twice at once, the second waits
        if not accept and (known := _same(paper, owner)) is not None:
            _forget(document.file.name)
            return known
        document.save()
        if counts:
            _follow(document, by, now)
    return document


def accept(*, document_id: int, by: str, now: datetime) -> Document:
    """An officer has compared it with its photo: from now on it counts. Raises Decided."""
    with transaction.atomic():
        document = _waiting(document_id)
        document.state, document.checked_by, document.reason = State.ACCEPTED, by[:80], ""
        document.save(update_fields=["state", "checked_by", "reason"])
        _follow(document, by, now)
    return document


def refuse(*, document_id: int, reason: str, by: str, now: datetime) -> Document:
    """An officer does not take it, or no longer: the member reads why. Raises Decided where it is refused already."""
    with transaction.atomic():
        document = _locked(document_id)
        if document.state == State.REFUSED:
            raise Decided
        counted = document.state == State.ACCEPTED
        document.state, document.checked_by, document.reason = State.REFUSED, by[:80], reason[:300]
        document.save(update_fields=["state", "checked_by", "reason"])
        letters.refused(document, now=now)
        if counted:
            _follow(document, by, now)
    return document


def take_back(*, document_id: int, by: str, now: datetime) -> None:
    """Who handed it in takes it back, with its photo: what nobody has accepted, or what was only said. Raises Decided
    for a document that an officer has accepted."""
    with transaction.atomic():
        document = _locked(document_id)
        counted = document.state == State.ACCEPTED
        if counted and document.kind != Kind.NOT_HALAL:
            raise Decided
        product_ids = _of(document)
        name = document.file.name
        document.delete()
        if counted:
            standing.refresh(product_ids, by=by, now=now)
        _forget(name)


def _same(paper: Paper, owner: dict[str, Product | Member | None]) -> Document | None:
    said = Document.objects.filter(**owner, kind=paper.kind, number=paper.number, valid_until=paper.valid_until)
    return said.exclude(state=State.REFUSED).order_by("pk").first()


def _forget(name: str | None) -> None:
    if name:
        on_commit(partial(default_storage.delete, name))


def _checked(paper: Paper, today: date) -> Paper:
    problems: dict[str, str] = {}
    number = ""
    if paper.kind not in Kind.values:
        raise Refused({"kind": _("Pilih jenis dokumennya.")})
    try:
        number = numbers.clean(paper.kind, paper.number)
    except numbers.BadNumber as error:
        problems["number"] = str(error)
    if paper.kind == Kind.NOT_HALAL:
        return Paper(kind=paper.kind)
    problems |= _about_days(paper, number, today)
    if not paper.holder.strip():
        problems["holder"] = _("Tulis nama yang tercetak di dokumen.")
    if not paper.photo:
        problems["photo"] = _("Foto dokumennya, supaya pengurus bisa memeriksa.")
    if problems:
        raise Refused(problems)
    return Paper(
        kind=paper.kind,
        number=number,
        holder=" ".join(paper.holder.split())[:120],
        issued_date=paper.issued_date,
        valid_until=paper.valid_until,
        photo=paper.photo,
        name=paper.name,
    )


def _about_days(paper: Paper, number: str, today: date) -> dict[str, str]:
    if paper.issued_date and paper.issued_date > today:
        return {"issued_date": _("Tanggal terbit tidak boleh setelah hari ini.")}
    if paper.valid_until is None:
        needs = numbers.SHAPES[Kind(paper.kind)].ends
        return {"valid_until": _("Dokumen ini ada masa berlakunya. Tulis tanggal terakhirnya.")} if needs else {}
    if paper.valid_until < today:
        return {"valid_until": _("Dokumen ini sudah lewat masa berlakunya.")}
    if paper.issued_date and paper.valid_until < paper.issued_date:
        return {"valid_until": _("Masa berlaku berakhir sebelum tanggal terbit.")}
    if not numbers.fits(paper.kind, number, paper.valid_until):
        year = numbers.last_year(paper.kind, number)
        return {"valid_until": _("Menurut nomornya, P-IRT ini berlaku sampai tahun %(year)s.") % {"year": year}}
    return {}


def _follow(document: Document, by: str, now: datetime) -> None:
    """What a document that counts, or no longer counts, does to the shelf, and when to come back to it."""
    standing.refresh(_of(document), by=by, now=now)
    watching.come_back(now=now)


def _of(document: Document) -> Sequence[int]:
    if document.product_id:
        return [document.product_id]
    return list(Product.objects.filter(member=document.member_id).order_by("pk").values_list("pk", flat=True))


def _waiting(document_id: int) -> Document:
    document = _locked(document_id)
    if document.state != State.WAITING:
        raise Decided
    return document


def _locked(document_id: int) -> Document:
    return Document.objects.select_for_update(of=("self",)).select_related("product", "member").get(pk=document_id)
