"""What the channels really show, beside what they last confirmed. A difference is shown, and repaired."""

import time
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from marketplaces import claiming, connecting, importing, opening, wanting
from marketplaces.channels.base import RemoteListing
from marketplaces.channels.errors import ChannelError, NotFound, RateLimited
from marketplaces.models import Connection, Listing, ListingVariant
from marketplaces.pushing import forget_remote
from tenants import due

WORK_SECONDS = 60.0  # well below the time limit of a task


@dataclass(frozen=True, kw_only=True)
class Drift:
    """Something that the channel shows differently; `what` is live, price or quantity."""

    listing_id: int
    what: str
    pushed: int | bool | None
    seen: int | bool | None


def reconcile(*, now: datetime) -> list[Drift]:
    """Read the published listings back, the longest unseen first; what there is no time for has its turn in the next
    hour. Returns what had drifted; it is pushed anew. Orders are brought in first, so that a sale at the channel is not
    taken for drift."""
    importing.pull(now=now)
    importing.import_orders(now=now)
    found: list[Drift] = []
    deadline = time.monotonic() + WORK_SECONDS
    published = Listing.objects.exclude(external_id="").filter(connection__state=Connection.State.ACTIVE)
    for listing in published.order_by(F("seen_at").asc(nulls_first=True), "pk"):
        if time.monotonic() > deadline:
            break
        claim = claiming.take(listing.pk)
        if not claim:
            continue  # somebody is pushing it, and that reads it back too
        try:
            found += _read_back(listing.pk, claim, now)
        except (RateLimited, connecting.ConnectionLost):
            break
        except (ChannelError, claiming.ClaimLost):
            continue  # the next hour sees it
        finally:
            claiming.release(listing.pk, claim)
    if found:
        due.note("push", now=now)
    return found


def _read_back(listing_id: int, claim: str, now: datetime) -> list[Drift]:
    listing = wanting.read([listing_id], now=now)[0]
    adapter = opening.channel(listing.connection.channel)
    try:
        there = connecting.ask(listing.connection, adapter.read_listing, listing.external_id)
    except NotFound:
        forget_remote(listing)
        return [Drift(listing_id=listing_id, what="live", pushed=listing.pushed_live, seen=None)]
    claiming.keep(listing_id, claim)
    return [*_live(listing, there, now), *_figures(listing, there)]


def _live(listing: Listing, there: RemoteListing, now: datetime) -> list[Drift]:
    drifted = listing.pushed_live is not None and listing.pushed_live != there.live
    Listing.objects.filter(pk=listing.pk).update(
        seen_live=there.live, pushed_live=there.live if drifted else listing.pushed_live, seen_at=now
    )
    pushed = listing.pushed_live
    return [Drift(listing_id=listing.pk, what="live", pushed=pushed, seen=there.live)] if drifted else []


def _figures(listing: Listing, there: RemoteListing) -> list[Drift]:
    """`pushed` becomes what is seen, so that wanted ≠ pushed wherever wanted ≠ seen."""
    found = []
    want = wanting.wanted(listing)
    shown = {variant.id: variant for variant in there.variants}
    for row in ListingVariant.objects.filter(listing=listing).exclude(external_id=""):
        seen = shown.get(row.external_id)
        if seen is None:
            Listing.objects.filter(pk=listing.pk).update(pushed_choices="")
            found.append(Drift(listing_id=listing.pk, what="quantity", pushed=row.pushed_quantity, seen=None))
            continue
        offer = want.offers.get(row.variant_id)
        if offer and seen.price != offer.price and row.pushed_price == offer.price:
            found.append(Drift(listing_id=listing.pk, what="price", pushed=row.pushed_price, seen=seen.price))
        if offer and seen.quantity != offer.quantity and row.pushed_quantity == offer.quantity:
            found.append(Drift(listing_id=listing.pk, what="quantity", pushed=row.pushed_quantity, seen=seen.quantity))
        ListingVariant.objects.filter(pk=row.pk).update(
            seen_price=seen.price,
            pushed_price=seen.price,
            seen_quantity=seen.quantity,
            pushed_quantity=seen.quantity,
        )
    return found
