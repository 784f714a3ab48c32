from collections.abc import Iterator

import pytest

from simulators.shopee.app import serving
from simulators.shopee.settings import Settings
from simulators.shopee.tests.partner import (
    OTHER_SHOP,
    PARTNER_ID,
    PARTNER_KEY,
    PUSH_KEY,
    SHOP,
    Callback,
    Partner,
)


@pytest.fixture(scope="session")
def simulator() -> Iterator[str]:
    """One simulator for all tests of a worker; each test begins with an empty one."""
    with serving(Settings(partner_id=PARTNER_ID, partner_key=PARTNER_KEY, push_key=PUSH_KEY)) as (address, _):
        yield address


@pytest.fixture
def stranger(simulator) -> Partner:
    """A partner whom no shop has authorised, before an empty simulator with the usual settings."""
    partner = Partner(simulator, shop_id=SHOP)
    usual = Settings(partner_id=0, partner_key="", push_key="")
    partner.control(
        "settings",
        push_url="",
        rate_limit=None,
        push_retry_seconds=[0.1, 0.2, 0.3],
        access_seconds=usual.access_seconds,
        code_seconds=usual.code_seconds,
        overlap_seconds=usual.overlap_seconds,
        refresh_seconds=usual.refresh_seconds,
    )
    partner.control("reset")
    return partner


@pytest.fixture
def partner(stranger) -> Partner:
    """A partner whom one shop has authorised."""
    stranger.authorize()
    return stranger


@pytest.fixture
def other_shop(partner) -> Partner:
    """The same application, authorised by another shop."""
    other = Partner(partner.address, shop_id=OTHER_SHOP)
    other.authorize()
    return other


@pytest.fixture
def callback(partner) -> Iterator[Callback]:
    callback = Callback()
    partner.control("settings", push_url=callback.url)
    yield callback
    partner.control("settings", push_url="")
    callback.close()
