"""What a member is told about a listing of theirs."""

from datetime import datetime

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from catalog.models import Proposal
from notifications import writing
from tenants.addresses import absolute
from tenants.context import current_cooperative


def approved(proposal: Proposal, *, now: datetime) -> None:
    """It is on sale."""
    _tell(proposal, "approved", now)


def returned(proposal: Proposal, *, now: datetime) -> None:
    """It came back, and why."""
    _tell(proposal, "returned", now)


def _tell(proposal: Proposal, what: str, now: datetime) -> None:
    user = proposal.member.user
    if user is None or not user.email:
        return
    with translation.override(user.language):
        title = proposal.content.get("title", "")
        subjects = {
            "approved": _("Sudah dijual: %(title)s") % {"title": title},
            "returned": _("Perlu diperbaiki: %(title)s") % {"title": title},
        }
        on_sale = proposal.product if what == "approved" else None
        page = reverse("storefront:product", args=[on_sale.slug]) if on_sale else ""
        context = {
            "proposal": proposal,
            "title": title,
            "cooperative": current_cooperative(),
            "link": absolute(page or reverse("backoffice:own_products")),
        }
        body = render_to_string(f"inventory/emails/{what}.txt", context)
    key = f"proposal:{proposal.pk}:{what}:{now:%Y%m%d%H%M%S%f}"
    writing.write(key=key, to=user.email, subject=subjects[what], body=body, now=now)
