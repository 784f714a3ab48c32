"""Who makes what is sold here."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from catalog import producers as makers
from reviews import reading
from storefront import listing, narrowing
from storefront.page_cache import kept
from storefront.reviewing import number_in

PER_PAGE = 24
LAST_PAGE = 200


@require_safe
@kept(query=("halaman",))
def producers(request: HttpRequest) -> HttpResponse:
    """Everybody who has something on sale."""
    number = number_in(request.GET.get("halaman", ""), most=LAST_PAGE) or 1
    start = (number - 1) * PER_PAGE
    rows = list(makers.producers()[start : start + PER_PAGE + 1])
    context = {
        "producers": rows[:PER_PAGE],
        "next_number": number + 1 if len(rows) > PER_PAGE and number < LAST_PAGE else None,
        "before_number": number - 1,
    }
    return TemplateResponse(request, "storefront/producers.html", context)


@require_safe
@vary_on_headers("HX-Request")
@kept(query=("page", "urut"))
def producer(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """A member who sells: their story, what buyers say, their goods. Whoever sells nothing has no page."""
    member = makers.producers().filter(pk=pk).first()
    if member is None:
        raise Http404
    if slug != member.slug:  # another name since
        return redirect(member, permanent=True)
    asked = narrowing.asked_for(request, sorts=listing.SORTS)
    page = listing.page_of(listing.sorted_by(makers.goods_of(member), asked.sort), request, asked)
    if request.htmx.target == "lagi":
        return TemplateResponse(request, "storefront/_shelf.html", {"page": page})
    context = {
        "member": member,
        "page": page,
        "sorts": listing.sort_links(listing.SORTS, asked),
        "reply_time": reading.reply_time(member),
    }
    return TemplateResponse(request, "storefront/producer.html", context)
