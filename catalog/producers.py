"""Members who have something on the shelf. The register of members is nobody's to read; who sells is known."""

from typing import Any

from django.db.models import Aggregate, Count, Exists, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from catalog.models import Product, ProductQuerySet
from catalog.shelf import for_cards, with_price
from members.models import Member
from tenants.sealing import TenantQuerySet


def producers() -> TenantQuerySet[Member]:
    """Each with `on_sale`, `stars` and `ratings` of what they have on sale, by name. One query."""
    mine = with_price(Product.objects.on_sale().filter(member=OuterRef("pk"))).order_by()
    grouped: QuerySet[Any, Any] = mine.values("member")
    return (
        Member.objects.filter(Exists(mine))
        .annotate(
            on_sale=_figure(grouped, Count("pk")),
            stars=_figure(grouped, Sum("rating_sum")),
            ratings=_figure(grouped, Sum("rating_count")),
        )
        .order_by("name", "pk")
    )


def goods_of(member: Member) -> ProductQuerySet:
    """What this member has on sale, as cards need it."""
    return for_cards(Product.objects.on_sale().filter(member=member))


def _figure(grouped: "QuerySet[Any, Any]", what: Aggregate) -> Coalesce:
    return Coalesce(Subquery(grouped.annotate(figure=what).values("figure")), 0, output_field=IntegerField())
