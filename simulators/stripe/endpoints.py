"""Webhook endpoints that an account registers through the API."""

from simulators.stripe import accounts
from simulators.stripe.errors import StripeError, resource_missing
from simulators.stripe.world import Call, Json, new_id

_MOST = 16  # docs.stripe.com/webhooks: at most 16 endpoints per account


def create(call: Call) -> Json:
    url = call.params.url("url", required=True) or ""
    wanted = call.params.texts("enabled_events")
    call.params.allow("api_version", "description")
    call.params.refuse("connect")
    call.params.finish()
    if not wanted:
        raise StripeError("Missing required param: enabled_events.", code="parameter_missing", param="enabled_events")
    if len(call.account.endpoints) >= _MOST:
        raise StripeError(f"You have reached the maximum of {_MOST} webhook endpoints.", saved=True)
    endpoint = accounts.endpoint(url=url, secret=new_id("whsec_"), events=wanted, now=call.now)
    call.account.endpoints.append(endpoint)
    call.world.changed()
    return {**_shown(endpoint), "secret": endpoint["secrets"][0]}  # shown this once only


def retrieve(call: Call, endpoint_id: str) -> Json:
    return _shown(_get(call, endpoint_id))


def delete(call: Call, endpoint_id: str) -> Json:
    call.account.endpoints.remove(_get(call, endpoint_id))
    call.world.changed()
    return {"id": endpoint_id, "object": "webhook_endpoint", "deleted": True}


def list_endpoints(call: Call) -> Json:
    call.params.allow("limit", "starting_after", "ending_before")
    rows = [_shown(endpoint) for endpoint in reversed(call.account.endpoints)]
    return {"object": "list", "url": "/v1/webhook_endpoints", "has_more": False, "data": rows}


def _get(call: Call, endpoint_id: str) -> Json:
    for endpoint in call.account.endpoints:
        if endpoint["id"] == endpoint_id:
            return endpoint
    raise resource_missing("webhook endpoint", endpoint_id, param="webhook_endpoint")


def _shown(endpoint: Json) -> Json:
    return {name: value for name, value in endpoint.items() if name != "secrets"}
