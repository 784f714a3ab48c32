"""What every payment provider is asked and answers. No Django, no database: an adapter translates, nothing else.

Money is whole rupiah here; minor units exist only inside an adapter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


class Down(Exception):
    """No usable answer: the work may or may not be done. Ask the same again later."""


class Refused(Exception):
    """The provider said no, and will say no again."""


class Forged(Exception):
    """The notice does not come from the provider, or not from this account."""


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """One gateway, opened. `repr` shows no secret."""

    api_base: str
    secrets: "Secrets"


class Secrets(dict[str, str]):
    """Secrets by name that do not print themselves."""

    def __repr__(self) -> str:
        return f"<{len(self)} secrets>"

    __str__ = __repr__


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One attempt to pay, as the provider is to show it. The same attempt is asked in the same words every time."""

    reference: str
    amount: int
    title: str
    email: str
    language: str
    return_url: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class Started:
    """The provider knows the attempt. `pay_url` is empty where the buyer does not leave our pages."""

    external_id: str
    pay_url: str


class Standing(StrEnum):
    """How an attempt stands at the provider."""

    OPEN = "open"
    PAID = "paid"
    FAILED = "failed"
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The provider's own record of an attempt, just fetched.

    `money_id` names the movement of money once it is paid. `live` is None where the provider has no test mode.
    `doubt` says why the amount cannot be trusted as it stands, e.g. parts of a rupiah.
    """

    standing: Standing
    reference: str
    amount: int
    currency: str
    money_id: str = ""
    live: bool | None = None
    doubt: str = ""


@dataclass(frozen=True, kw_only=True)
class Told:
    """A notice that is really from the provider: which attempt it is about. A hint to go and ask.

    `body` keeps what explains the notice later, without the buyer's personal data.
    """

    external_id: str
    kind: str
    reference: str
    body: Mapping[str, object]


class Provider(Protocol):
    """What an adapter offers. All calls raise Down or Refused."""

    remote: bool  # its calls go over the network
    smallest: int  # whole rupiah
    largest: int
    shortest: timedelta  # how long an attempt stays open: at least, at most
    longest: timedelta
    secret_names: tuple[str, ...]  # what a gateway must hold, sealed
    setting_names: tuple[str, ...]  # what a gateway shows to buyers

    def start(self, credentials: Credentials, asked: Asked) -> Started:
        """Make the attempt known. Asked again with the same reference, it is the same attempt."""

    def fetch(self, credentials: Credentials, *, external_id: str) -> Snapshot:
        """How the attempt stands now."""

    def is_live(self, credentials: Credentials) -> bool | None:
        """Whether these credentials move real money; None where there is no test mode."""

    def read_notice(self, credentials: Credentials, *, body: bytes, headers: Mapping[str, str]) -> Told | None:
        """Check and read a notice. None when it is about nothing of ours. Raises Forged."""
