"""One module per payment provider, each a pure translator."""

from payments.providers.base import Provider
from payments.providers.stripe import Stripe
from payments.providers.transfer import Transfer

PROVIDERS: dict[str, Provider] = {"transfer": Transfer(), "stripe": Stripe()}
