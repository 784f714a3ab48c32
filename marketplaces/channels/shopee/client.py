"""One signed call to Shopee, and its envelope."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx

from lib import http
from marketplaces.channels.base import Access
from marketplaces.channels.errors import ChannelDown, RateLimited
from marketplaces.channels.shopee import signing
from marketplaces.channels.shopee.errors import classify

LONGEST_RETRY_AFTER = 3600.0


@dataclass(frozen=True, kw_only=True)
class Keys:
    """Our identity at Shopee. The push key is another key than the partner key."""

    partner_id: int
    partner_key: str = field(repr=False)
    push_key: str = field(repr=False)
    push_url: str


@dataclass(frozen=True, kw_only=True)
class Client:
    """`turn(shop id)` is called before each call and may raise RateLimited; `clock` gives epoch seconds."""

    base: str
    keys: Keys
    http: http.Client
    turn: Callable[[str], None]
    clock: Callable[[], float] = time.time

    def signed_query(self, path: str, access: Access | None) -> dict[str, str]:
        timestamp = int(self.clock())
        who = {"access_token": access.token, "shop_id": access.shop_id} if access else {}
        base = signing.base_string(
            partner_id=self.keys.partner_id,
            path=path,
            timestamp=timestamp,
            token=access.token if access else "",
            shop_id=access.shop_id if access else "",
        )
        sign = signing.sign(key=self.keys.partner_key, base=base)
        return {"partner_id": str(self.keys.partner_id), "timestamp": str(timestamp), "sign": sign, **who}

    def get(self, path: str, access: Access | None = None, **query: Any) -> Any:
        """The payload of a GET; a tuple among `query` repeats its key."""
        pairs = [(name, one) for name, value in query.items() for one in _each(value)]
        return self._call("GET", path, access, pairs)

    def post(self, path: str, body: Mapping[str, Any], access: Access | None = None) -> Any:
        content = json.dumps(body, ensure_ascii=False).encode()
        return self._call("POST", path, access, [], content=content, headers={"Content-Type": "application/json"})

    def upload(self, path: str, content: bytes) -> Any:
        """A public call that sends one JPEG."""
        files = {"image": ("image.jpg", content, "image/jpeg")}
        return self._call("POST", path, None, [], files=files)

    def _call(self, method: str, name: str, access: Access | None, pairs: list[tuple[str, Any]], **options: Any) -> Any:
        self.turn(access.shop_id if access else "")
        path = f"/api/v2/{name}"
        query = urlencode([*self.signed_query(path, access).items(), *pairs])
        try:
            answer = self.http.request(method, f"{self.base}{path}?{query}", **options)
        except http.NotSent as error:
            raise ChannelDown(str(error), outcome_unknown=False) from error
        except http.CallFailed as error:
            raise ChannelDown(str(error), outcome_unknown=True) from error
        return _payload(answer)


def _each(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _payload(answer: httpx.Response) -> Any:
    """What stands under `response`, or the whole body where Shopee puts the payload at the top."""
    if answer.status_code == 429:
        raise RateLimited(_retry_after(answer.headers.get("Retry-After", "")))
    try:
        body = json.loads(answer.content)
    except ValueError:
        body = None
    if not isinstance(body, dict) or not isinstance(body.get("error"), str):
        raise ChannelDown(f"HTTP {answer.status_code} without a readable answer", outcome_unknown=True)
    if body["error"]:
        raise classify(body["error"], str(body.get("message", "")))
    if answer.status_code >= 500:
        raise ChannelDown(f"HTTP {answer.status_code}", outcome_unknown=True)
    return body.get("response", body)


def _retry_after(text: str) -> float | None:
    return min(float(text), LONGEST_RETRY_AFTER) if text.isdigit() else None
