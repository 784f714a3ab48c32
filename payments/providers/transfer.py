"""Transfer to the cooperative's own bank account: nobody to ask, an officer reads the bank statement."""

from collections.abc import Mapping
from datetime import timedelta

from payments.providers.base import Asked, Credentials, Forged, Refused, Snapshot, Started, Told


class Transfer:
    remote = False
    smallest = 1
    largest = 999_999_999_999
    shortest = timedelta(0)
    longest = timedelta(days=365)
    secret_names: tuple[str, ...] = ()
    setting_names: tuple[str, ...] = ("bank", "account_number", "account_holder")

    def start(self, credentials: Credentials, asked: Asked) -> Started:
        return Started(external_id="", pay_url="")

    def fetch(self, credentials: Credentials, *, external_id: str) -> Snapshot:
        raise Refused("an officer confirms transfers (payments/confirming.py)")

    def is_live(self, credentials: Credentials) -> bool | None:
        return None

    def read_notice(self, credentials: Credentials, *, body: bytes, headers: Mapping[str, str]) -> Told | None:
        raise Forged("a bank sends no notices")
