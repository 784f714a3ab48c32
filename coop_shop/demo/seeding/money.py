"""How buyers pay: by transfer, and by Stripe at the simulator. Stands in the cooperative's schema."""

import hashlib
import os
from datetime import datetime, timedelta

import httpx
from django.conf import settings
from django.urls import reverse

from coop_shop.demo.seeding.data import Data
from orders.models import Order
from payments import confirming, gateways, paying, settling
from payments.models import Gateway, Payment
from tenants.addresses import absolute

RECENT = timedelta(hours=12)


def open_gateways(data: Data) -> None:
    """The two ways to pay, each once."""
    known = set(Gateway.objects.filter(is_active=True).values_list("provider", flat=True))
    if "transfer" not in known:
        bank = data.about["bank"]
        shown = {"bank": bank["name"], "account_number": bank["account"], "account_holder": bank["holder"]}
        gateways.create_gateway(provider="transfer", label=bank["name"], settings=shown)
    if "stripe" not in known:
        gateways.create_gateway(provider="stripe", label="Kartu (Stripe)", secrets=_keys(data))
    register_at_stripe(data)


def register_at_stripe(data: Data) -> None:
    """Tell the simulator of this shop's account and where its notices go; again changes nothing but the address."""
    gateway = Gateway.objects.get(provider="stripe", is_active=True)
    hook = absolute(reverse("payments:stripe_hook", args=[gateway.hook_uid]))
    _control("accounts", {**_keys(data), "webhook_url": hook, "name": data.about["name"]})


def begin(order: Order, *, method: str, now: datetime) -> Payment:
    """The buyer chooses how to pay. At Stripe a payment cannot begin in the past, so there older ones are transfers."""
    provider = method if order.placed_at > datetime.now(now.tzinfo) - RECENT else "transfer"
    back = absolute(reverse("storefront:order", args=[order.token]))
    return paying.start(order_id=order.pk, provider=provider, return_url=back, now=now)


def pay(payment: Payment, *, officer: str, now: datetime) -> None:
    """The buyer pays, and the shop comes to know."""
    if payment.gateway.provider == "transfer":
        confirming.confirm_transfer(payment_id=payment.pk, amount=payment.amount, officer=officer, now=now)
        return
    _control("pay", {"session": payment.external_id})
    settling.settle(payment_id=payment.pk, now=now)


def _keys(data: Data) -> dict[str, str]:
    return {"secret_key": f"sk_test_{_word(data, 'key')}", "webhook_secret": f"whsec_{_word(data, 'hook')}"}


def _word(data: Data, purpose: str) -> str:
    return hashlib.sha256(f"{os.environ['STRIPE_ROOT']}:{data.slug}:{purpose}".encode()).hexdigest()[:32]


def _control(command: str, body: dict[str, str]) -> None:
    httpx.post(f"{settings.STRIPE_API_BASE}/_control/{command}", json=body, trust_env=False).raise_for_status()
