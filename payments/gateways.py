"""A cooperative's account at a provider: kept sealed, opened only for a call."""

import json
from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from lib.secrets import Safe
from payments.models import Gateway
from payments.providers import PROVIDERS
from payments.providers.base import Credentials, Secrets


class Incomplete(ValueError):
    """`missing` names what the provider needs and was not given."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


@transaction.atomic
def create_gateway(
    *,
    provider: str,
    label: str,
    settings: Mapping[str, str] | None = None,
    secrets: Mapping[str, str] | None = None,
    hook_uid: UUID | None = None,
) -> Gateway:
    """Take payments through `provider` from now on, with these secrets and these shown settings.

    A gateway of the same provider before it takes no new payments; the open ones keep its keys. Secrets go in
    and never come out to a page. `hook_uid` is the address that was given to the provider beforehand, for it hands
    out the hook's secret only for an address. Raises Incomplete, KeyError for an unknown provider; nothing changes
    then.
    """
    shown, hidden = dict(settings or {}), dict(secrets or {})
    adapter = PROVIDERS[provider]
    missing = [name for name in adapter.setting_names if not shown.get(name)]
    missing += [name for name in adapter.secret_names if not hidden.get(name)]
    if missing:
        raise Incomplete(missing)
    Gateway.objects.filter(provider=provider, is_active=True).update(is_active=False)
    gateway = Gateway(provider=provider, label=label, settings=shown)
    gateway.hook_uid = hook_uid or gateway.hook_uid
    gateway.save()
    gateway.sealed = _safe().seal(json.dumps(hidden), place=_place(gateway))
    gateway.save(update_fields=["sealed"])
    return gateway


@transaction.atomic
def rotate_gateway(*, gateway_id: int, secrets: Mapping[str, str]) -> Gateway:
    """New keys for the same account: a new row with a hook address of its own. Raises Incomplete."""
    old = Gateway.objects.get(pk=gateway_id)
    return create_gateway(provider=old.provider, label=old.label, settings=old.settings, secrets=secrets)


def close_gateway(*, gateway_id: int) -> None:
    """Offer it to nobody from now on; what is open can still be paid."""
    Gateway.objects.filter(pk=gateway_id).update(is_active=False)


@transaction.atomic
def arrive() -> None:
    """The rows came from another server, whose keys open nothing here: ways to pay that need secrets are closed until
    an officer enters them again, those that need none go on."""
    for gateway in Gateway.objects.all():
        gateway.is_active = gateway.is_active and not PROVIDERS[gateway.provider].secret_names
        gateway.sealed = _safe().seal("{}", place=_place(gateway))
        gateway.save(update_fields=["is_active", "sealed"])


def opened(gateway: Gateway) -> Credentials:
    """The gateway's secrets for a call. Raises lib.secrets.CannotOpen."""
    secrets = json.loads(_safe().open(gateway.sealed, place=_place(gateway)))
    return Credentials(api_base=_api_base(gateway.provider), secrets=Secrets(secrets))


def _api_base(provider: str) -> str:
    return str(settings.STRIPE_API_BASE) if provider == "stripe" else ""


def _safe() -> Safe:
    return Safe(settings.CREDENTIAL_KEYS)


def _place(gateway: Gateway) -> str:
    return f"{connection.schema_name}|payments_gateway|{gateway.pk}|sealed"  # type: ignore[attr-defined]
