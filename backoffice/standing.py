"""How a product stands on a channel, in a word and a tone: wanted beside pushed beside seen."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplaces import wanting
from marketplaces.channels.base import Offer
from marketplaces.models import Listing, ListingVariant
from marketplaces.wanting import Difference, Wanted


@dataclass(frozen=True, kw_only=True)
class Row:
    """One variant: what it should be, and what the channel confirmed and last reported."""

    name: str
    wanted: Offer
    told: ListingVariant | None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """`tone` is a class of the style sheet: state-good, state-bad, state-busy, state-wait, or nothing."""

    listing: Listing
    tone: str
    word: str | Promise
    rows: list[Row]

    @property
    def can_retry(self) -> bool:
        return self.listing.wanted_live and (self.listing.needs_person or bool(self.listing.last_error))


def of(listing: Listing) -> Standing:
    """The standing of a listing of `wanting.read`. Costs no query."""
    want = wanting.wanted(listing)
    tone, word = _tone_and_word(listing, want, wanting.difference(listing, want))
    told = {row.variant_id: row for row in listing.listed}
    names = {variant.pk: variant.name or variant.sku for variant in listing.product.active}
    rows = [Row(name=names[pk], wanted=offer, told=told.get(pk)) for pk, offer in want.offers.items()]
    return Standing(listing=listing, tone=tone, word=word, rows=rows)


def _tone_and_word(listing: Listing, want: Wanted, left: Difference) -> tuple[str, str | Promise]:
    if listing.needs_person and listing.wanted_live:
        return "state-bad", _("perlu diperbaiki")
    if left:
        return _on_its_way(listing, want)
    if not want.live:
        return "", _("tidak ditayangkan")
    if listing.seen_live is False or any(_differs(row) for row in listing.listed):
        return "state-wait", _("berbeda di kanal")
    return "state-good", _("tayang")


def _on_its_way(listing: Listing, want: Wanted) -> tuple[str, str | Promise]:
    if listing.last_error:
        return "state-wait", _("dicoba lagi")
    if not want.live:
        return "state-busy", _("sedang diturunkan")
    return "state-busy", _("perubahan dikirim") if listing.external_id else _("sedang diterbitkan")


def _differs(row: ListingVariant) -> bool:
    seen_quantity = row.seen_quantity is not None and row.seen_quantity != row.pushed_quantity
    return seen_quantity or (row.seen_price is not None and row.seen_price != row.pushed_price)
