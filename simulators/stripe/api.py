"""The HTTP edge of /v1: who calls, what they ask, once per key, and the answer in Stripe's shape."""

import json
import re
import time
from collections import deque
from collections.abc import Callable

from flask import Blueprint, Response, current_app, request

from simulators.stripe import (
    accounts,
    checkout,
    disputing,
    endpoints,
    events,
    idempotency,
    listing,
    paying,
    refunding,
)
from simulators.stripe.errors import StripeError
from simulators.stripe.params import Params, parse
from simulators.stripe.world import API_VERSION, Account, Call, Json, World, new_id

Endpoint = Callable[..., Json]

ROUTES: list[tuple[str, str, Endpoint]] = [
    ("POST", "/checkout/sessions", checkout.create),
    ("GET", "/checkout/sessions", checkout.list_sessions),
    ("GET", "/checkout/sessions/<session_id>", checkout.retrieve),
    ("POST", "/checkout/sessions/<session_id>", checkout.update),
    ("POST", "/checkout/sessions/<session_id>/expire", checkout.expire),
    ("GET", "/checkout/sessions/<session_id>/line_items", checkout.list_line_items),
    ("GET", "/payment_intents", paying.list_intents),
    ("GET", "/payment_intents/<intent_id>", paying.retrieve_intent),
    ("GET", "/charges", paying.list_charges),
    ("GET", "/charges/<charge_id>", paying.retrieve_charge),
    ("POST", "/refunds", refunding.create),
    ("GET", "/refunds", refunding.list_refunds),
    ("GET", "/refunds/<refund_id>", refunding.retrieve),
    ("POST", "/refunds/<refund_id>", refunding.update),
    ("GET", "/disputes", disputing.list_disputes),
    ("GET", "/disputes/<dispute_id>", disputing.retrieve),
    ("GET", "/events", events.list_events),
    ("GET", "/events/<event_id>", events.retrieve),
    ("POST", "/webhook_endpoints", endpoints.create),
    ("GET", "/webhook_endpoints", endpoints.list_endpoints),
    ("GET", "/webhook_endpoints/<endpoint_id>", endpoints.retrieve),
    ("DELETE", "/webhook_endpoints/<endpoint_id>", endpoints.delete),
]
_VERSION = re.compile(r"^20\d\d-\d\d-\d\d(\.[a-z]+)?$")
_RATE_WINDOW = 1  # seconds


def blueprint(world: World, base_url: Callable[[], str]) -> Blueprint:
    """All of ROUTES on `world`; `base_url` gives the address that buyers reach the hosted page on."""
    api = Blueprint("api", __name__, url_prefix="/v1")
    limiter = RateLimiter(world)
    for method, path, endpoint in ROUTES:
        api.add_url_rule(
            path,
            f"{method} {path}",
            _view(world, limiter, endpoint, base_url),
            methods=[method],
            provide_automatic_options=False,
        )
    return api


class RateLimiter:
    """So many requests a second per account, when `behaviour.rate_limit` says so."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._calls: dict[str, deque[float]] = {}

    def check(self, account: Account, at: float) -> None:
        """Raises StripeError 429."""
        limit = self._world.behaviour["rate_limit"]
        with self._world.lock:
            calls = self._calls.setdefault(account.id, deque())
            while calls and at - calls[0] >= _RATE_WINDOW:
                calls.popleft()
            if limit and len(calls) >= limit:
                raise too_many_requests()
            calls.append(at)


def too_many_requests() -> StripeError:
    return StripeError(
        "Request rate limit exceeded. You can learn more about rate limits here https://stripe.com/docs/rate-limits.",
        status=429,
        code="rate_limit",
    )


def fault_body(status: int) -> tuple[str, str]:
    """The 429 and 500 of the shared fault switch in Stripe's envelope."""
    error = too_many_requests() if status == 429 else StripeError("An unknown error occurred", kind="api_error")
    return json.dumps(error.body()), "application/json"


def unknown_address(path: str, method: str) -> Response:
    error = StripeError(
        f"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can help at "
        "https://support.stripe.com/.",
        status=404,
    )
    return _answer(error.status, error.body(), {"Request-Id": new_id("req_")})


def _view(
    world: World, limiter: RateLimiter, endpoint: Endpoint, base_url: Callable[[], str]
) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        headers = {
            "Request-Id": new_id("req_"),
            "Stripe-Version": request.headers.get("Stripe-Version", API_VERSION),
        }
        try:
            answer = _work(world, limiter, endpoint, base_url(), headers, path)
        except StripeError as error:
            return _answer(error.status, error.body(), headers)
        return _answer(answer.status, answer.body, headers)

    return view


def _work(
    world: World,
    limiter: RateLimiter,
    endpoint: Endpoint,
    base_url: str,
    headers: dict[str, str],
    path: dict[str, str],
) -> idempotency.Answer:
    stripe_account = request.headers.get("Stripe-Account")
    checkout.expire_due(world)
    with world.lock:
        account = accounts.caller(world, request.headers.get("Authorization", ""), stripe_account)
        limiter.check(account, time.monotonic())
    if stripe_account:
        headers["Stripe-Account"] = account.id
    if not _VERSION.match(headers["Stripe-Version"]):
        raise StripeError(f"Invalid Stripe API version: {headers['Stripe-Version']}")
    form = _form()
    key = request.headers.get("Idempotency-Key") if request.method == "POST" else None
    if key:
        headers["Idempotency-Key"] = key
    call = Call(
        world,
        account,
        Params(parse((name, value) for name, value in form)),
        request_id=headers["Request-Id"],
        idempotency_key=key,
        base_url=base_url,
        connected=bool(stripe_account) and account.platform is not None,
    )

    def work() -> Json:
        expand = call.params.texts("expand")
        body = endpoint(call, **path)
        call.params.finish()
        return listing.expanded(account, body, expand)

    if key is None:
        with world.lock:
            return idempotency.attempt(world, request.path, work, method=request.method)
    answer = idempotency.once(
        world, account, key=key, request_id=call.request_id or "", path=request.path, form=form, work=work
    )
    if answer.replayed:
        headers["Idempotent-Replayed"] = "true"
        headers["Original-Request"] = answer.original_request or ""
    return answer


def _form() -> list[list[str]]:
    """Name and value pairs of the query (GET, DELETE) or of the form body (POST)."""
    if request.method != "POST":
        return [[name, value] for name, value in request.args.items(multi=True)]
    if request.content_length and request.mimetype != "application/x-www-form-urlencoded":
        raise StripeError(f"Invalid content type: {request.mimetype}. /v1 takes application/x-www-form-urlencoded.")
    return [[name, value] for name, value in request.form.items(multi=True)]


def _answer(status: int, body: Json, headers: dict[str, str]) -> Response:
    response = current_app.response_class(json.dumps(body, indent=2), status=status, mimetype="application/json")
    response.headers.update(headers)
    return response
