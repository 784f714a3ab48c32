from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error


def demo_stays_home(**_: Any) -> list[CheckMessage]:
    """One-tap logins next to real trade would be an open door."""
    if settings.DEMO and settings.SITE_SCHEME == "https":
        return [
            Error(
                "DEMO is on at a site that answers with https: everybody with a link could log in as an officer.",
                hint="Unset DEMO where people trade.",
                id="demo.E001",
            )
        ]
    return []
