"""Registering the accounts of cooperatives, and finding who calls."""

import base64
import binascii
import re

from simulators.stripe.errors import StripeError
from simulators.stripe.world import Account, Json, World, new_id

_TEST_KEY = re.compile(r"^(sk|rk)_test_[A-Za-z0-9_]+$")


def register(
    world: World,
    *,
    secret_key: str,
    webhook_secret: str = "",
    webhook_url: str = "",
    name: str = "",
    account_id: str = "",
    platform_key: str = "",
) -> Account:
    """Add an account, or change the one that has this key or id; objects stay.

    Raises ValueError when a value cannot be right.
    """
    if not _TEST_KEY.match(secret_key):
        raise ValueError("secret_key must look like sk_test_... or rk_test_...: this is no place for live keys")
    if webhook_url and not webhook_secret.startswith("whsec_"):
        raise ValueError("webhook_secret must look like whsec_...")
    with world.lock:
        platform = world.by_key(platform_key) if platform_key else None
        if platform_key and platform is None:
            raise ValueError("no account has platform_key")
        owner = world.by_key(secret_key)
        account = world.accounts.get(account_id) or owner
        if owner is not None and owner is not account:
            raise ValueError("another account has this secret_key")
        if account is None:
            account = Account(id=account_id or new_id("acct_"), name="", secret_key=secret_key)
            world.accounts[account.id] = account
        account.secret_key = secret_key
        account.name = name or account.name or f"Toko {secret_key[-4:]}"
        account.platform = platform.id if platform else account.platform
        if webhook_url:
            _set_first_endpoint(account, webhook_url, webhook_secret, world.now())
        world.changed()
        return account


def caller(world: World, authorization: str, stripe_account: str | None) -> Account:
    """The account a request acts on. Raises StripeError: 401 wrong key, 403 foreign Stripe-Account."""
    key = _key_of(authorization)
    if not key:
        raise StripeError(
            "You did not provide an API key. You need to provide your API key in the Authorization header, "
            "using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
            status=401,
        )
    owner = world.by_key(key) if key.isascii() else None
    if owner is None:
        raise StripeError(f"Invalid API Key provided: {_masked(key)}", status=401)
    if stripe_account is None or stripe_account == owner.id:
        return owner
    connected = world.accounts.get(stripe_account)
    if connected is None or connected.platform != owner.id:
        raise StripeError(
            f"The provided key '{_masked(key)}' does not have access to account '{stripe_account}' (or that "
            "account does not exist). Application access may have been revoked.",
            status=403,
            code="account_invalid",
        )
    return connected


def _key_of(authorization: str) -> str:
    scheme, _, rest = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(rest, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _masked(key: str) -> str:
    return f"{key[:8]}{'*' * 8}{key[-4:]}" if len(key) > 16 else "*" * len(key)


def _set_first_endpoint(account: Account, url: str, secret: str, now: int) -> None:
    if account.endpoints:
        account.endpoints[0].update(url=url, secrets=[secret])
    else:
        account.endpoints.append(endpoint(url=url, secret=secret, events=["*"], now=now))


def endpoint(*, url: str, secret: str, events: list[str], now: int) -> Json:
    """A webhook endpoint; `secrets` holds two while the secret is being rolled."""
    return {
        "id": new_id("we_"),
        "object": "webhook_endpoint",
        "created": now,
        "enabled_events": events,
        "livemode": False,
        "metadata": {},
        "secrets": [secret],
        "status": "enabled",
        "url": url,
    }
