"""What lists can be narrowed to, as query strings that can be kept and shared."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from marketplaces.models import Listing
from members.models import Member
from orders.models import Order, OrderState


class OrderFilter(django_filters.FilterSet):
    """Orders by words, state, channel and case."""

    q = django_filters.CharFilter(method="by_words", label=_("Kode, pembeli, atau nomor HP"))
    state = django_filters.ChoiceFilter(choices=OrderState.choices, label=_("Status"), empty_label=_("semua"))
    channel = django_filters.ChoiceFilter(
        choices=[(Order.SHOP, _("toko sendiri")), ("shopee", "Shopee")], label=_("Kanal"), empty_label=_("semua")
    )
    problem = django_filters.ChoiceFilter(
        method="by_problem",
        choices=[("any", _("semua masalah")), *Order.Problem.choices],
        label=_("Masalah"),
        empty_label=_("tidak disaring"),
    )

    class Meta:
        model = Order
        fields = ("q", "state", "channel", "problem")

    def by_words(self, orders: QuerySet[Order], name: str, words: str) -> QuerySet[Order]:
        digits = "".join(filter(str.isdigit, words)).removeprefix("62").lstrip("0")
        found = (
            Q(code__iexact=words)
            | Q(external_id__iexact=words)
            | Q(invoice_number__iexact=words)
            | Q(buyer_name__icontains=words)
        )
        if len(digits) >= 6:
            found |= Q(buyer_phone__contains=digits)
        return orders.filter(found)

    def by_problem(self, orders: QuerySet[Order], name: str, problem: str) -> QuerySet[Order]:
        return orders.exclude(problem="") if problem == "any" else orders.filter(problem=problem)


class ProductFilter(django_filters.FilterSet):
    """Products by words, state, and how they stand on the channels."""

    q = django_filters.CharFilter(method="by_words", label=_("Nama produk, SKU, atau anggota"))
    state = django_filters.ChoiceFilter(choices=Product.State.choices, label=_("Status"), empty_label=_("semua"))
    channel = django_filters.ChoiceFilter(
        method="by_channel",
        choices=[("needs_person", _("perlu diperbaiki")), ("listed", _("ada di kanal")), ("not_listed", _("belum"))],
        label=_("Di kanal"),
        empty_label=_("semua"),
    )

    class Meta:
        model = Product
        fields = ("q", "state", "channel")

    def by_words(self, products: QuerySet[Product], name: str, words: str) -> QuerySet[Product]:
        by_sku = Product.objects.filter(variants__sku__icontains=words).values("pk")
        return products.filter(Q(title__icontains=words) | Q(member__name__icontains=words) | Q(pk__in=by_sku))

    def by_channel(self, products: QuerySet[Product], name: str, wish: str) -> QuerySet[Product]:
        listings: dict[str, Any] = {"needs_person": True} if wish == "needs_person" else {"wanted_live": True}
        listed = Listing.objects.filter(**listings).values("product")
        return products.exclude(pk__in=listed) if wish == "not_listed" else products.filter(pk__in=listed)


class MemberFilter(django_filters.FilterSet):
    """Members by name, number or village."""

    q = django_filters.CharFilter(method="by_words", label=_("Nama, nomor, atau desa"), widget=forms.TextInput())

    class Meta:
        model = Member
        fields = ("q",)

    def by_words(self, members: QuerySet[Member], name: str, words: str) -> QuerySet[Member]:
        return members.filter(Q(name__icontains=words) | Q(number__iexact=words) | Q(village__icontains=words))
