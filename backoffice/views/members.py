"""The register of members, to look things up."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from backoffice.access import needs
from backoffice.filters import MemberFilter
from backoffice.paging import page_of
from catalog.models import Product
from members.models import Member
from members.roles import May


@needs(May.SEE_MEMBERS)
@require_safe
def members(request: HttpRequest) -> HttpResponse:
    """Who belongs to the cooperative. Bank accounts are not shown."""
    on_sale = Count("products", filter=Q(products__state=Product.State.LIVE))
    narrowed = MemberFilter(request.GET, queryset=Member.objects.annotate(on_sale=on_sale).order_by("number"))
    page = page_of(request, narrowed.qs)
    return TemplateResponse(request, "backoffice/members.html", {"filter": narrowed, "page": page})
