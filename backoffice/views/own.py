"""What a member sees: their own goods, sales and statement. Everything starts from the member, so nothing of others
can be reached."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from backoffice import shelf
from backoffice.access import needs
from backoffice.paging import page_of
from catalog import proposing
from ledger import balances
from members.roles import May

MOST_DRAFTS = 50


@needs(May.SEE_OWN)
@require_safe
def products(request: HttpRequest) -> HttpResponse:
    """What is for sale, and above it what is on its way there: drafts, what waits, what came back."""
    member = request.user.member
    page = page_of(request, shelf.for_list(member.products.order_by("title", "pk")))
    shelf.sum_up(page.object_list)
    drafts = member.proposals.filter(state__in=proposing.OPEN).order_by("-updated_at", "-pk")[:MOST_DRAFTS]
    return TemplateResponse(request, "backoffice/own_products.html", {"page": page, "drafts": drafts})


@needs(May.SEE_OWN)
@require_safe
def sales(request: HttpRequest) -> HttpResponse:
    """Sold lines without the buyer, who is the cooperative's and not the member's to know."""
    lines = request.user.member.order_lines.select_related("order").order_by("-order__placed_at", "-pk")
    return TemplateResponse(request, "backoffice/own_sales.html", {"page": page_of(request, lines)})


@needs(May.SEE_OWN)
@require_safe
def statement(request: HttpRequest) -> HttpResponse:
    """What the cooperative owes the member, newest first."""
    rows = balances.member_statement(member_id=request.user.member.pk)
    context = {"owed": rows[-1].balance if rows else 0, "page": page_of(request, rows[::-1])}
    return TemplateResponse(request, "backoffice/own_statement.html", context)
