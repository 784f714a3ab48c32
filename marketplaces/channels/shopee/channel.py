"""Shopee as a Channel: which calls do what we ask."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlencode

from lib import http
from marketplaces.channels.base import (
    Access,
    AttributeRule,
    Category,
    Content,
    Courier,
    Grant,
    Limits,
    NotAPush,
    OrderHead,
    Outcome,
    Page,
    Push,
    RemoteListing,
    RemoteOrder,
    RemoteVariant,
)
from marketplaces.channels.errors import ChannelDown, NotFound, Problem, Refused, Rejected
from marketplaces.channels.shopee import listings, orders, signing
from marketplaces.channels.shopee.client import Client, Keys
from marketplaces.channels.shopee.errors import failed_reason

AUTHORISE = "/api/v2/shop/auth_partner"
REFRESH_SECONDS = 30 * 86400
MODELS_PER_CALL = 50
ORDERS_PER_CALL = 50
KINDS = {2: "deauthorised", 3: "order"}
P = ParamSpec("P")
T = TypeVar("T")


@contextmanager
def _promised_shape() -> Iterator[None]:
    """An answer of another shape than documented counts as no usable answer."""
    try:
        yield
    except (KeyError, TypeError, IndexError, AttributeError, ValueError) as error:
        raise ChannelDown(f"unexpected answer ({type(error).__name__})", outcome_unknown=True) from error


def _reads(method: Callable[P, T]) -> Callable[P, T]:
    @wraps(method)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        with _promised_shape():
            return method(*args, **kwargs)

    return guarded


class Shopee:
    key = "shopee"
    name = "Shopee"

    def __init__(self, setting: Callable[[str], Any], *, turn: Callable[[str], None]) -> None:
        """`setting("PARTNER_ID")` and so on give the values of SHOPEE_*; `turn` waits for the rate limit."""
        self._keys = Keys(
            partner_id=setting("PARTNER_ID"),
            partner_key=setting("PARTNER_KEY"),
            push_key=setting("PUSH_KEY"),
            push_url=setting("PUSH_URL"),
        )
        base = str(setting("API_BASE")).rstrip("/")
        self._client = Client(base=base, keys=self._keys, http=http.Client(), turn=turn)
        self.app = str(self._keys.partner_id)
        self.rate = float(setting("CALLS_PER_SECOND"))

    # --- joining a shop ---

    def connect_url(self, *, back: str) -> str:
        """The signed link (good for five minutes) on which the seller says yes; Shopee then returns to `back`."""
        query = self._client.signed_query(AUTHORISE, None)
        return f"{self._client.base}{AUTHORISE}?{urlencode({**query, 'redirect': back})}"

    @_reads
    def finish_connect(self, params: Mapping[str, str]) -> Grant:
        """Exchange the one-time code that came back. Raises Refused when there is none or it is spent."""
        code, shop_id = params.get("code", ""), params.get("shop_id", "")
        if not code or not shop_id.isdigit():
            raise Refused(Problem(code="code_spent"))
        body = {"code": code, "partner_id": self._keys.partner_id, "shop_id": int(shop_id)}
        return _grant(shop_id, self._client.post("auth/token/get", body))

    @_reads
    def renew_token(self, *, shop_id: str, refresh_token: str) -> Grant:
        """A refresh token is good once; the new pair replaces both. Raises TokenInvalid when it is dead."""
        body = {"refresh_token": refresh_token, "partner_id": self._keys.partner_id, "shop_id": int(shop_id)}
        return _grant(shop_id, self._client.post("auth/access_token/get", body))

    # --- what a listing needs ---

    @_reads
    def shop_name(self, access: Access) -> str:
        return str(self._client.get("shop/get_shop_info", access)["shop_name"])

    @_reads
    def categories(self, access: Access) -> Sequence[Category]:
        return listings.leaves(self._client.get("product/get_category", access, language="id")["category_list"])

    @_reads
    def attributes(self, access: Access, category_id: str) -> Sequence[AttributeRule]:
        answer = self._client.get("product/get_attribute_tree", access, category_id_list=category_id)
        return [listings.rule(row) for row in answer["list"][0]["attribute_tree"]]

    @_reads
    def limits(self, access: Access, category_id: str) -> Limits:
        return listings.limits(self._client.get("product/get_item_limit", access, category_id=category_id))

    @_reads
    def logistics(self, access: Access) -> Sequence[Courier]:
        rows = self._client.get("logistics/get_channel_list", access)["logistics_channel_list"]
        return [
            Courier(id=str(row["logistics_channel_id"]), name=row["logistics_channel_name"])
            for row in rows
            if row["enabled"]
        ]

    @_reads
    def upload_image(self, access: Access, jpeg: bytes) -> str:
        return str(self._client.upload("media_space/upload_image", jpeg)["image_info"]["image_id"])

    # --- listings ---

    @_reads
    def publish_listing(self, access: Access, content: Content) -> str:
        """Make the listing and return its id. With variants it stays hidden: they are a second call, and nobody
        should buy it without."""
        first = content.offers[0]
        body = listings.item(content) | {
            "original_price": first.price,
            "seller_stock": [{"stock": 0 if content.axes else first.quantity}],
            "item_status": "UNLIST" if content.axes else "NORMAL",
        }
        return str(self._client.post("product/add_item", body, access)["item_id"])

    def revise_listing(self, access: Access, listing_id: str, content: Content) -> None:
        self._client.post("product/update_item", {"item_id": int(listing_id), **listings.item(content)}, access)

    @_reads
    def set_variants(self, access: Access, listing_id: str, content: Content) -> Sequence[RemoteVariant]:
        """Give the listing the variants of `content`; those that are there keep their ids. Returns all of them."""
        if not content.axes:
            return self._without_variants(access, listing_id)
        item_id = int(listing_id)
        there = self._models(access, item_id)
        kept = {model.sku: model.id for model in there if model.sku in {offer.sku for offer in content.offers}}
        if kept:
            self._rearrange(access, item_id, content, kept)
        else:  # this makes every model id new, so only where there is none to lose
            body = {"item_id": item_id, "tier_variation": listings.tiers(content), "model": listings.models(content)}
            self._client.post("product/init_tier_variation", body, access)
        return self._models(access, item_id)

    @_reads
    def set_prices(self, access: Access, listing_id: str, prices: Mapping[str, int]) -> Sequence[Outcome]:
        rows = [{"model_id": int(one), "original_price": price} for one, price in prices.items()]
        return self._each_model(access, "product/update_price", "price_list", listing_id, rows)

    @_reads
    def set_stock(self, access: Access, listing_id: str, stock: Mapping[str, int]) -> Sequence[Outcome]:
        rows = [{"model_id": int(one), "seller_stock": [{"stock": pieces}]} for one, pieces in stock.items()]
        return self._each_model(access, "product/update_stock", "stock_list", listing_id, rows)

    @_reads
    def set_live(self, access: Access, listing_id: str, live: bool) -> None:
        body = {"item_list": [{"item_id": int(listing_id), "unlist": not live}]}
        for row in self._client.post("product/unlist_item", body, access)["failure_list"]:
            if "not found" in str(row["failed_reason"]).lower():
                raise NotFound(listing_id)
            raise Rejected([failed_reason(row["failed_reason"])])

    @_reads
    def find_by_sku(self, access: Access, sku: str) -> str:
        """The id of the listing with this SKU, or "". Shopee looks at the SKU of items, not of models."""
        found = self._client.get("product/search_item", access, item_sku=sku, page_size=10)["item_id_list"]
        return str(found[0]) if found else ""

    @_reads
    def read_listing(self, access: Access, listing_id: str) -> RemoteListing:
        rows = self._client.get("product/get_item_base_info", access, item_id_list=listing_id)["item_list"]
        if not rows or rows[0]["item_status"].endswith("DELETE"):
            raise NotFound(listing_id)
        item = rows[0]
        one = () if item["has_model"] else (listings.read_model({**item, "model_sku": item["item_sku"]}),)
        return RemoteListing(
            id=listing_id,
            live=item["item_status"] == "NORMAL",
            variants=one or tuple(self._models(access, int(listing_id))),
        )

    # --- orders ---

    @_reads
    def pull_orders(self, access: Access, *, since: datetime, until: datetime, cursor: str) -> Page:
        """Orders changed in a window of at most 15 days."""
        answer = self._client.get(
            "order/get_order_list",
            access,
            time_range_field="update_time",
            time_from=int(since.timestamp()),
            time_to=int(until.timestamp()),
            page_size=100,
            cursor=cursor,
            response_optional_fields="order_status",
            request_order_status_pending="true",
        )
        heads = [OrderHead(id=row["order_sn"], state=row["order_status"]) for row in answer["order_list"]]
        return Page(heads=tuple(heads), cursor=str(answer["next_cursor"]) if answer["more"] else "")

    @_reads
    def read_orders(self, access: Access, order_ids: Iterable[str]) -> Sequence[RemoteOrder]:
        answer = self._client.get(
            "order/get_order_detail",
            access,
            order_sn_list=",".join(order_ids),
            response_optional_fields=orders.WANTED_FIELDS,
        )
        return [orders.read(row) for row in answer["order_list"]]

    # --- pushes ---

    def verify_push(self, *, authorization: str, raw_body: bytes) -> bool:
        """Without a push key nothing can be verified, and nothing is accepted."""
        if not self._keys.push_key:
            return False
        url = self._keys.push_url
        return signing.same(authorization, signing.sign_push(push_key=self._keys.push_key, url=url, raw_body=raw_body))

    def read_push(self, raw_body: bytes) -> Push:
        """Raises NotAPush."""
        try:
            body = json.loads(raw_body)
            code, data = int(body["code"]), body.get("data") or {}
            about = str(data.get("ordersn") or data.get("item_id") or "")
            parts = (code, about, data.get("status", ""), data.get("update_time") or body.get("timestamp", ""))
            return Push(
                key=":".join(str(part) for part in parts)[:120],
                kind=KINDS.get(code, "other"),
                shop_id=str(body["shop_id"]),
                external_id=about,
                body=body,
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise NotAPush(type(error).__name__) from error

    # --- how ---

    def _without_variants(self, access: Access, listing_id: str) -> Sequence[RemoteVariant]:
        there = self.read_listing(access, listing_id).variants
        if any(variant.id != listings.SINGLE_ITEM for variant in there):
            raise Rejected([Problem(code="variants_gone")])
        return there

    def _models(self, access: Access, item_id: int) -> list[RemoteVariant]:
        rows = self._client.get("product/get_model_list", access, item_id=item_id)["model"]
        return [listings.read_model(row) for row in rows]

    def _rearrange(self, access: Access, item_id: int, content: Content, kept: Mapping[str, str]) -> None:
        rows = [
            {"model_id": int(kept[offer.sku]), "tier_index": listings.tier_index(content, offer.options)}
            for offer in content.offers
            if offer.sku in kept
        ]
        body = {"item_id": item_id, "tier_variation": listings.tiers(content), "model_list": rows}
        self._client.post("product/update_tier_variation", body, access)
        new = listings.models(content, without=kept)
        if new:
            self._client.post("product/add_model", {"item_id": item_id, "model_list": new}, access)

    def _each_model(
        self, access: Access, path: str, field: str, listing_id: str, rows: list[dict[str, Any]]
    ) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for start in range(0, len(rows), MODELS_PER_CALL):
            body = {"item_id": int(listing_id), field: rows[start : start + MODELS_PER_CALL]}
            answer = self._client.post(path, body, access)
            outcomes += [Outcome(variant_id=str(row["model_id"])) for row in answer["success_list"]]
            outcomes += [
                Outcome(variant_id=str(row["model_id"]), problem=failed_reason(row["failed_reason"]))
                for row in answer["failure_list"]
            ]
        return outcomes


def _grant(shop_id: str, answer: Mapping[str, Any]) -> Grant:
    return Grant(
        shop_id=shop_id,
        access_token=str(answer["access_token"]),
        refresh_token=str(answer["refresh_token"]),
        access_seconds=int(answer["expire_in"]),
        refresh_seconds=REFRESH_SECONDS,
    )
