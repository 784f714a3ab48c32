"""The channels as this installation is set up."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from django.conf import settings

from marketplaces import pacing
from marketplaces.channels import CHANNELS
from marketplaces.channels.base import Channel

SETTINGS = ("PARTNER_ID", "PARTNER_KEY", "PUSH_KEY", "PUSH_URL", "API_BASE", "CALLS_PER_SECOND")


def channel(key: str) -> Channel:
    """The channel `key`, with the values of `<KEY>_*` in the settings. Raises KeyError for one we do not have."""
    prefix = key.upper()
    values = tuple(getattr(settings, f"{prefix}_{name}", "") for name in SETTINGS)
    return _made(key, values)


@cache
def _made(key: str, values: tuple[Any, ...]) -> Channel:
    # one per process, so that connections are kept open; nothing in it belongs to a cooperative
    setting = dict(zip(SETTINGS, values, strict=True))
    turn: Callable[[str], None] = partial(
        _take_turn, key, str(setting["PARTNER_ID"]), float(setting["CALLS_PER_SECOND"] or 1)
    )
    return CHANNELS[key](setting.__getitem__, turn=turn)


def _take_turn(key: str, app: str, rate: float, shop: str) -> None:
    pacing.take_turn(channel=key, app=app, shop=shop, rate=rate)
