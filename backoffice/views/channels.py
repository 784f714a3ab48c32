"""Channels: join a shop on a marketplace, say which categories are which, leave again."""

from collections.abc import Callable

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.access import needs
from backoffice.forms import AttributesForm
from backoffice.shelf import living_connections
from catalog.models import Category, Product
from marketplaces import connecting, listing, words
from marketplaces.channels.base import Category as RemoteCategory
from marketplaces.channels.errors import ChannelError
from marketplaces.models import CategoryMap, Connection
from members.roles import May
from tenants import switches
from tenants.context import current_cooperative

SHOPEE = "shopee"
MOST_FOUND = 30


@needs(May.SEE_CHANNELS)
@require_safe
@csp_update({"form-action": settings.SHOPEE_PAGE_ORIGINS})  # browsers follow a form's redirect only where this allows
def channels(request: HttpRequest) -> HttpResponse:
    """The shops that are or were connected."""
    counted = Connection.objects.annotate(
        wanted=Count("listings", filter=Q(listings__wanted_live=True)),
        shown=Count("listings", filter=Q(listings__wanted_live=True, listings__pushed_live=True)),
        stuck=Count("listings", filter=Q(listings__needs_person=True)),
    )
    context = {"connections": counted.order_by("state", "pk"), "may_join": _may_join()}
    return TemplateResponse(request, "backoffice/channels.html", context)


@needs(May.CONNECT_CHANNELS)
@require_POST
def connect_shopee(request: HttpRequest) -> HttpResponse:
    """To the marketplace, where the seller says yes."""
    if not _may_join():
        raise Http404
    return redirect(connecting.start(channel=SHOPEE, officer_id=request.user.pk))


@needs(May.CONNECT_CHANNELS)
@require_safe
def shopee_return(request: HttpRequest) -> HttpResponse:
    """The seller is back with a code. The signed `state` says that this officer began it."""
    try:
        joined = connecting.finish(
            channel=SHOPEE, officer_id=request.user.pk, params=request.GET.dict(), now=timezone.now()
        )
    except connecting.BadState:
        messages.error(request, _("Sambungan ini tidak dimulai dari sini atau sudah lebih dari 10 menit. Mulai lagi."))
    except connecting.ShopTaken:
        messages.error(request, _("Toko Shopee ini sudah terhubung dengan koperasi lain."))
    except (ChannelError, connecting.ConnectionLost) as error:
        messages.error(request, _in_words(error))
    else:
        messages.success(request, _("%(shop)s terhubung.") % {"shop": joined.name})
    return redirect("backoffice:channels")


@needs(May.CONNECT_CHANNELS)
@require_POST
def disconnect(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop acting in this shop."""
    joined = get_object_or_404(Connection.objects.exclude(state=Connection.State.CLOSED), pk=pk)
    connecting.disconnect(joined)
    messages.success(request, _("%(shop)s diputus. Produk di sana tidak diubah lagi.") % {"shop": joined.name})
    return redirect("backoffice:channels")


@needs(May.SEE_CHANNELS, to_write=May.CONNECT_CHANNELS)
@require_http_methods(["GET", "HEAD", "POST"])
def categories(request: HttpRequest, pk: int) -> HttpResponse:
    """Which of the channel's categories each of ours is; POST maps all that have none to the likeliest."""
    joined = get_object_or_404(living_connections(), pk=pk)
    if request.method == "POST":
        made = _ask(request, lambda: listing.map_all(connection=joined, now=timezone.now()))
        if made is not None:
            told = ngettext(
                "%(count)d kategori dipasangkan. Periksa hasilnya.",
                "%(count)d kategori dipasangkan. Periksa hasilnya.",
                len(made),
            )
            messages.success(request, told % {"count": len(made)})
        return redirect("backoffice:channel_categories", pk=pk)
    context = {"connection": joined, "categories": _with_maps(joined)}
    return TemplateResponse(request, "backoffice/categories.html", context)


@needs(May.SEE_CHANNELS, to_write=May.CONNECT_CHANNELS)
@require_http_methods(["GET", "HEAD", "POST"])
def category(request: HttpRequest, pk: int, category_pk: int) -> HttpResponse:
    """One of our categories: find the channel's (`?q=`), choose it (`?pilih=`), fill in what the channel demands."""
    joined = get_object_or_404(living_connections(), pk=pk)
    ours = get_object_or_404(_with_maps(joined), pk=category_pk)
    context = {"connection": joined, "category": ours, "words": request.GET.get("q", "")}
    known = _ask(request, lambda: listing.categories(joined))
    if known is None:
        return redirect("backoffice:channel_categories", pk=pk)
    chosen = {one.id: one for one in known}.get(request.GET.get("pilih", ""))
    if chosen is None:
        context |= {"found": _search(known, context["words"]), "suggested": listing.suggest(joined, ours)}
        return TemplateResponse(request, "backoffice/category.html", context)
    rules = _ask(request, lambda: listing.attributes(joined, chosen.id))
    if rules is None:
        return redirect("backoffice:channel_categories", pk=pk)
    initial = listing.suggest_values(rules, about=str(ours))
    form = AttributesForm(request.POST if request.method == "POST" else None, rules=rules, initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen_values = {"external_id": chosen.id, "values": form.values()}
        made = _ask(
            request,
            lambda: listing.map_category(connection=joined, category=ours, **chosen_values, now=timezone.now()),
        )
        if made is not None:
            messages.success(request, _("Kategori “%(name)s” dipasangkan.") % {"name": ours.name})
        return redirect("backoffice:channel_categories", pk=pk)
    return TemplateResponse(request, "backoffice/category.html", {**context, "chosen": chosen, "form": form})


def _with_maps(joined: Connection) -> QuerySet[Category]:
    mine = CategoryMap.objects.filter(connection=joined, category=OuterRef("pk"))
    used = Product.objects.filter(category=OuterRef("pk"))
    return (
        Category.objects.filter(Exists(used))
        .select_related("parent")
        .annotate(mapped_to=Subquery(mine.values("external_name")[:1]))
        .order_by("parent__position", "parent__name", "position", "name")
    )


def _search(known: list[RemoteCategory], text: str) -> list[RemoteCategory]:
    wanted = text.lower().split()
    found = [one for one in known if all(word in " ".join(one.path).lower() for word in wanted)]
    return found[:MOST_FOUND] if wanted else []


def _ask(request: HttpRequest, question: Callable) -> object:
    """The channel's answer, or None after telling the officer why there is none."""
    try:
        return question()
    except (ChannelError, connecting.ConnectionLost) as error:
        messages.error(request, _in_words(error))
        return None


def _in_words(error: Exception) -> str:
    if isinstance(error, ChannelError):
        return words.say_all(words.problems_of(error))
    return _("Izin toko di kanal ini habis. Hubungkan lagi.")


def _may_join() -> bool:
    """Whether operators have turned the channel on for this cooperative; what is joined stays joined."""
    return switches.is_on(SHOPEE, current_cooperative())
