"""What the terminal shows."""

import errno
import time
from pathlib import Path
from typing import Any

from coop_shop.demo.place import Place

_BEGAN = time.monotonic()


def say(line: str) -> None:
    """One line of progress, with the seconds since the beginning."""
    print(f"{time.monotonic() - _BEGAN:6.1f} s  {line}", flush=True)


def table(place: Place, shops: list[dict[str, Any]], *, seconds: float) -> str:
    """Addresses and one-tap logins: one block per shop, then the other sides of every wire."""
    lines = [f"\nReady after {seconds:.0f} s. Open any of these; a link logs you in as that person.\n"]
    for shop in shops:
        at = place.shop(shop["shop"]) if shop["shop"] else place.web
        lines.append(f"  {shop['name']:<28}{at}/")
        lines += [f"    {login['role']:<12}{login['name']:<22}{at}{login['path']}" for login in shop["logins"]]
        if shop["shop"]:
            lines.append(f"    {'mail':<34}{at}/demo/surat/")
        lines.append("")
    lines += [
        f"  {'Shopee, its shops':<28}{place.shopee}/",
        f"  {'Shopee, as a seller':<28}{place.shopee}/seller/220033101/",
        f"  {'Stripe, what it sees':<28}{place.stripe}/",
        f"  {'Mail, as files':<28}{place.folder / 'mail'}",
        f"  {'Logs':<28}{place.folder / 'log'}",
        "\nCtrl-C stops everything; `make demo` brings it back as it was; `make reset` begins anew.",
    ]
    return "\n".join(lines)


def disk_or_not(error: OSError, folder: Path) -> str:
    """One sentence for what the operating system refused."""
    if error.errno == errno.ENOSPC:
        return f"The disk of {folder} is full: make room and run it again."
    return f"The operating system refused something: {error}."
