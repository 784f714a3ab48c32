"""Who gets to which address. A new view of the back office needs no line here: `guarded.needs` says it. Every other
new view needs one, and a part of an address that no other has needs a value in `part`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from inventory import quick
from members import roles
from tenants.context import in_tenant
from tenants.models import Domain
from tests.two_shops import Shop

SHOP_URLS, PLATFORM_URLS = "coop_shop.urls", "coop_shop.urls_public"


class For(Enum):
    BY_RIGHT = auto()  # `guarded.needs` says which
    ANYONE = auto()
    LOGGED_IN = auto()
    STEP = auto()  # of logging in and the like: whoever has not begun is sent back to the beginning
    MACHINE = auto()  # a provider, by signature: never a person
    VISITOR = auto()  # an operator of the platform with a visit that a second one approved
    OPERATOR = auto()


AUDIENCE = {
    **dict.fromkeys(["media", "theme", "icon", "service_worker"], For.ANYONE),
    "payments:stripe_hook": For.MACHINE,
    "marketplaces:shopee": For.MACHINE,
    **dict.fromkeys(
        [
            "storefront:home", "storefront:category", "storefront:search", "storefront:product", "storefront:cart",
            "storefront:cart_add", "storefront:cart_change", "storefront:cart_later", "storefront:checkout",
            "storefront:pay",
            "storefront:order", "storefront:order_again", "storefront:orders", "storefront:robots",
            "storefront:ask", "storefront:question",
            "storefront:reviews", "storefront:review", "storefront:producers", "storefront:producer",
            "storefront:share_image", "backoffice:stock_link",
            "storefront:sitemap", "visiting:end", "storefront:page", "storefront:pages", "storefront:offline",
            "storefront:manifest", "storefront:sitemap_others", "storefront:sitemap_products",
            "storefront:feed_google", "storefront:feed_meta",
        ],
        For.ANYONE,
    ),
    "account_home": For.LOGGED_IN,
    "account_email": For.LOGGED_IN,
    **dict.fromkeys(
        [
            "account_login", "account_request_login_code", "account_confirm_login_code", "account_signup",
            "account_email_verification_sent", "account_logout", "account_inactive",
        ],
        For.STEP,
    ),
    "visiting:begin": For.VISITOR,
    **dict.fromkeys(["hosting:front", "hosting:apply", "hosting:suggest"], For.ANYONE),
    **dict.fromkeys(["hosting:apply_code", "hosting:applied"], For.STEP),
    **dict.fromkeys(
        [
            "mfa_index", "mfa_deactivate_totp", "mfa_reauthenticate", "mfa_activate_totp", "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes", "mfa_authenticate",
        ],
        For.OPERATOR,
    ),
}  # fmt: skip


# What stands in the address of these is the same in every shop
NAMED = {
    "theme": {"name": "1f5c4600000000"},
    "icon": {"kind": "192", "digest": "00000000"},
    "storefront:page": {"slug": "tentang"},
    "backoffice:page": {"slug": "tentang"},
    "backoffice:page_remove": {"slug": "tentang"},
    "backoffice:block": {"key": "awal-0"},
    "backoffice:block_step": {"key": "awal-0"},
}


@dataclass(frozen=True)
class View:
    name: str
    route: str
    callback: Any
    parts: frozenset[str]

    @property
    def needs(self) -> tuple[frozenset[roles.May], roles.May | None] | None:
        return getattr(self.callback, "needs", None)

    @property
    def audience(self) -> For:
        """Raises KeyError for a view that nobody has declared."""
        if self.needs:
            return For.BY_RIGHT
        return For.OPERATOR if self.name.startswith("admin:") else AUDIENCE[self.name]


def views(urlconf: str) -> list[View]:
    """Every address of the resolver."""
    return list(_walk(get_resolver(urlconf).url_patterns, "", "/"))


def address(view: View, shop: Shop) -> str:
    """This view's path, for something that exists in `shop`."""
    path = view.route
    for name in view.parts:
        path = path.replace(_placeholder(path, name), str(part(view.name, name, shop)))
    return path


def part(view: str, name: str, shop: Shop) -> object:
    """What stands in the address. Equal in both shops, but for the two that nobody can guess."""
    parts = shop.parts
    if view in NAMED:
        return NAMED[view][name]
    found = {
        "code": "SAMA2345",
        "token": "tokenyangsamaTANYA" if view == "storefront:question" else "tokenyangsamaSAMA2345",
        "reference": "T-SAMA2345",
        "slug": "sama" if view == "storefront:category" else "barang-sama",
        "name": shop.picture,
        "uid": parts["stripe_gateway"].hook_uid,
        "variant_pk": parts["variant"].pk,
        "connection_pk": parts["connection"].pk,
        "category_pk": parts["category"].pk,
        "first": parts["product"].pk,
        "object_id": shop.cooperative.pk,
        "content_type_id": 1,
        "kind": "csv",
    }
    if name == "signed":
        with in_tenant(shop.cooperative):
            return quick.link(shop.people["member"].member)
    if name == "pk":
        return _pk(view.rpartition(":")[2], shop)
    return found[name]


def _pk(view: str, shop: Shop) -> int:
    if view == "review":  # of the order that the address names
        with in_tenant(shop.cooperative):
            return shop.parts["waiting_order"].lines.get().pk
    if view == "review_photo":
        with in_tenant(shop.cooperative):
            return shop.parts["review"].photos.get().pk
    if view in ("producer", "member_profile", "member_stock_link"):
        return shop.people["member"].member.pk
    kinds = {
        "gateway": "transfer_gateway", "channel": "connection", "rate": "rate", "exit_kit": "exit_kit",
        "domain_check": "claim", "import_": "import_job",
        "document": "document", "own_document": "document", "approv": "proposal", "return_to_member": "proposal",
        "domain_remove": "claim", "review_": "review", "own_review": "review",
    }  # fmt: skip
    for start, kind in kinds.items():
        if view.startswith(start):
            return shop.parts[kind].pk
    if view.startswith("domain"):
        return Domain.objects.get(tenant=shop.cooperative).pk
    return shop.parts["product"].pk


def _walk(patterns: Sequence[URLPattern | URLResolver], namespace: str, route: str) -> Iterator[View]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _walk(pattern.url_patterns, namespace + inner, here)
        elif pattern.name:
            parts = frozenset(pattern.pattern.converters)
            yield View(namespace + pattern.name, here.replace("^", "").replace("$", ""), pattern.callback, parts)


def _placeholder(path: str, name: str) -> str:
    start = next(at for at in (path.find(f":{name}>"), path.find(f"<{name}>")) if at >= 0)
    return path[path.rfind("<", 0, start + 1) : path.find(">", start) + 1]
