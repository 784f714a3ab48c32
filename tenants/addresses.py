"""Links that leave the house are built from the cooperative's own primary domain, never from a request's Host."""

from django.conf import settings

from tenants.context import current_cooperative


def absolute(path: str) -> str:
    """`/pesanan/…` -> `https://kopi-gayo.example/pesanan/…` for the cooperative in whose schema we stand."""
    return on_host(current_cooperative().primary_domain, path)


def of_platform(path: str) -> str:
    """`/operator/` -> `https://platform.example/operator/`."""
    return on_host(settings.PLATFORM_HOST, path)


def on_host(host: str, path: str) -> str:
    return f"{settings.SITE_SCHEME}://{host}{settings.SITE_PORT}{path}"
