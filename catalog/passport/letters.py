"""What members and officers are told about documents."""

from collections.abc import Iterator
from datetime import date, datetime

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Document, Product
from members import roles
from members.models import Member
from members.roles import May
from notifications import writing
from tenants.addresses import absolute
from tenants.context import current_cooperative


def ending(document: Document, *, days: int, today: date, now: datetime) -> None:
    """To the member and to every officer who looks after products: it ends in so many days, or (0) it has ended."""
    member = owner(document)
    off_sale = list(_off_sale(document)) if days == 0 else []
    for user in {*_people(member), *_officers()}:
        with translation.override(user.language):
            context = _context(document, member) | {
                "left": (document.valid_until - today).days if document.valid_until else 0,
                "off_sale": off_sale,
                "is_own": user.pk == member.user_id,
            }
            kind = document.get_kind_display()
            if days:
                subject = _("Dokumen %(kind)s segera habis masa berlakunya") % {"kind": kind}
            else:
                subject = _("Dokumen %(kind)s sudah habis masa berlakunya") % {"kind": kind}
            body = render_to_string("catalog/emails/document_ending.txt", context)
        writing.write(
            key=f"passport:{document.pk}:{days}:{user.pk}", to=user.email, subject=subject, body=body, now=now
        )


def refused(document: Document, *, now: datetime) -> None:
    """To the member: an officer does not take it, and why."""
    member = owner(document)
    for user in _people(member):
        with translation.override(user.language):
            subject = _("Dokumen %(kind)s belum bisa diterima") % {"kind": document.get_kind_display()}
            body = render_to_string("catalog/emails/document_refused.txt", _context(document, member))
        writing.write(
            key=f"passport:{document.pk}:refused:{now:%Y%m%d%H%M%S}", to=user.email, subject=subject, body=body, now=now
        )


def owner(document: Document) -> Member:
    """Whose it is, also where it is of one product."""
    return document.product.member if document.product else document.member  # type: ignore[return-value]


def _people(member: Member) -> Iterator[User]:
    if member.user:
        yield member.user


def _officers() -> Iterator[User]:
    offices = [role for role, allowed in roles.ALLOWED.items() if May.APPROVE_PRODUCTS in allowed]
    return User.objects.filter(officer__role__in=offices, is_active=True).order_by("pk").iterator()


def _off_sale(document: Document) -> Iterator[Product]:
    lacking = Product.objects.filter(state=Product.State.LIVE, lacks=document.kind).order_by("title", "pk")
    if document.product_id:
        lacking = lacking.filter(pk=document.product_id)
    else:
        lacking = lacking.filter(member=document.member_id)
    return lacking[:20].iterator()


def _context(document: Document, member: Member) -> dict[str, object]:
    return {
        "document": document,
        "member": member,
        "cooperative": current_cooperative(),
        "link": absolute(reverse("backoffice:own_documents")),
        "officers_link": absolute(reverse("backoffice:document", args=[document.pk])),
    }
