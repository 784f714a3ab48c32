"""One claimed listing: tell the channel, step by step, what it does not know yet.

Each step reads wanted state afresh, makes its call, and writes down what the channel confirmed. Killed between two
steps, the next worker goes on from there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from catalog.models import Picture
from marketplaces import checking, claiming, connecting, opening, photos, wanting, words
from marketplaces.channels.base import Access, Channel, Content, Outcome, RemoteVariant
from marketplaces.channels.errors import ChannelDown, Problem, Rejected
from marketplaces.models import Listing, ListingVariant, RemotePicture
from marketplaces.remembering import remembered
from marketplaces.wanting import Difference, Wanted

MOST_STEPS = 8
P = ParamSpec("P")
T = TypeVar("T")


def tell(listing_id: int, claim: str, *, now: datetime) -> None:
    """Bring the channel up to date about one listing. Raises ChannelError, ConnectionLost, ClaimLost; what was
    confirmed until then is kept."""
    for _ in range(MOST_STEPS):
        found = wanting.read([listing_id], now=now)
        if not found:
            return  # disconnected meanwhile
        want = wanting.wanted(found[0])
        difference = wanting.difference(found[0], want)
        if not difference:
            return
        _step(_Talk(found[0], claim, opening.channel(found[0].connection.channel), now), want, difference)
        if difference.is_quick:
            return  # the last step; what changed meanwhile is seen after the claim is released


@dataclass(frozen=True)
class _Talk:
    """A listing, the claim on it, and the channel to talk to."""

    listing: Listing
    claim: str
    channel: Channel
    now: datetime

    def ask(self, method: Callable[Concatenate[Access, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call, with the claim held for as long as the call can take (a renewed token may have taken a while)."""

        def held(access: Access, /, *args: P.args, **kwargs: P.kwargs) -> T:
            claiming.keep(self.listing.pk, self.claim)
            return method(access, *args, **kwargs)

        return connecting.ask(self.listing.connection, held, *args, **kwargs)

    def write(self, **fields: object) -> None:
        """Only while the claim is ours: a slower worker must not overwrite what a newer one confirmed."""
        mine = Listing.objects.filter(pk=self.listing.pk, claim=self.claim)
        if not mine.update(pushed_at=self.now, **fields):
            raise claiming.ClaimLost(self.listing.pk)


def _step(talk: _Talk, want: Wanted, difference: Difference) -> None:
    if difference.live is False:
        talk.ask(talk.channel.set_live, talk.listing.external_id, False)
        talk.write(pushed_live=False, seen_live=False, seen_at=talk.now)
    elif difference.publish:
        _publish(talk, want)
    elif difference.content:
        talk.ask(talk.channel.revise_listing, talk.listing.external_id, _content(talk, want))
        talk.write(pushed_content=want.content)
    elif difference.choices:
        _set_choices(talk, want)
    else:
        _tell_figures(talk, want, difference)


def _publish(talk: _Talk, want: Wanted) -> None:
    """Make it there, once: when an earlier attempt's outcome is unknown, look for its SKU first."""
    content = _content(talk, want)
    found = talk.listing.publishing_at and talk.ask(talk.channel.find_by_sku, want.sku)
    if found:
        _adopt(talk, found)
        return
    talk.write(publishing_at=talk.now)
    try:
        external_id = talk.ask(talk.channel.publish_listing, content)
    except Rejected as refusal:
        talk.write(publishing_at=None)
        if not any(problem.code == "duplicate" for problem in refusal.problems):
            raise
        found = talk.ask(talk.channel.find_by_sku, want.sku)
        if not found:
            raise
        _adopt(talk, found)
        return
    except ChannelDown as trouble:
        if not trouble.outcome_unknown:
            talk.write(publishing_at=None)
        raise
    talk.write(external_id=external_id, publishing_at=None, pushed_content=want.content, pushed_live=not want.axes)


def _adopt(talk: _Talk, external_id: str) -> None:
    """The shop has it already: from our lost attempt, or put there by hand. All of it is told anew."""
    talk.write(external_id=external_id, publishing_at=None, pushed_content="", pushed_choices="", pushed_live=None)


def _content(talk: _Talk, want: Wanted) -> Content:
    """The content with its pictures at the channel. Raises Rejected with everything that we can see is wrong."""
    if want.category is None:
        raise Rejected([Problem(code="category_missing", detail=talk.listing.product.category.name)])
    shop, channel, category_id = talk.listing.connection, talk.channel, want.category.external_id
    couriers = remembered(f"channel:{shop.pk}:couriers", lambda: talk.ask(channel.logistics))
    limits = remembered(f"channel:{shop.pk}:limits:{category_id}", lambda: talk.ask(channel.limits, category_id))
    shown = want.pictures[: limits.pictures[1]]
    draft = wanting.content(
        talk.listing,
        want,
        picture_ids=[picture.sha256 for picture in shown],
        courier_ids=[courier.id for courier in couriers],
    )
    problems = checking.problems(draft, limits)
    if problems:
        raise Rejected(problems)
    picture_ids = [_remote_picture(talk, picture) for picture in shown]
    return wanting.content(talk.listing, want, picture_ids=picture_ids, courier_ids=draft.courier_ids)


def _remote_picture(talk: _Talk, picture: Picture) -> str:
    """The channel's id of the photo; each content is uploaded once per shop."""
    shop = talk.listing.connection
    known = RemotePicture.objects.filter(connection=shop, sha256=picture.sha256).first()
    if known:
        return known.external_id
    try:
        jpeg = photos.as_jpeg(picture)
    except photos.Unreadable as error:
        raise Rejected([Problem(code="picture_broken")]) from error
    external_id = talk.ask(talk.channel.upload_image, jpeg)
    RemotePicture.objects.update_or_create(
        connection=shop, sha256=picture.sha256, defaults={"picture": picture, "external_id": external_id}
    )
    return external_id


def _set_choices(talk: _Talk, want: Wanted) -> None:
    """Variants there as here; what the channel then shows is what it confirmed."""
    there = talk.ask(talk.channel.set_variants, talk.listing.external_id, _content(talk, want))
    by_sku = {variant.sku: variant for variant in there}
    missing = [offer.sku for offer in want.offers.values() if offer.sku not in by_sku]
    if missing:
        raise ChannelDown("variants missing in the answer", outcome_unknown=True)
    talk.write(pushed_choices=want.choices)
    ListingVariant.objects.filter(listing=talk.listing).exclude(variant__in=want.offers).delete()
    for variant_id, offer in want.offers.items():
        _write_variant(talk.listing, variant_id, by_sku[offer.sku])


def _write_variant(listing: Listing, variant_id: int, remote: RemoteVariant) -> None:
    ListingVariant.objects.update_or_create(
        listing=listing,
        variant_id=variant_id,
        defaults={
            "external_id": remote.id,
            "pushed_price": remote.price,
            "pushed_quantity": remote.quantity,
            "seen_price": remote.price,
            "seen_quantity": remote.quantity,
            "last_error": "",
            "error_code": "",
        },
    )


def _tell_figures(talk: _Talk, want: Wanted, difference: Difference) -> None:
    """Stock before prices: nothing is worse than selling what is gone. Raises Rejected when some did not go through."""
    problems = _tell_some(talk, "quantity", talk.channel.set_stock, difference.stock)
    problems += _tell_some(talk, "price", talk.channel.set_prices, difference.prices)
    if difference.live:
        talk.ask(talk.channel.set_live, talk.listing.external_id, True)
        talk.write(pushed_live=True, seen_live=True, seen_at=talk.now)
    if problems:
        raise Rejected(problems)


def _tell_some(
    talk: _Talk,
    what: str,
    method: Callable[[Access, str, Mapping[str, int]], Sequence[Outcome]],
    wanted: Mapping[int, int],
) -> list[Problem]:
    """Tell figures (variant id -> figure); each succeeds or fails alone. Returns the problems that remain."""
    if not wanted:
        return []
    rows = {row.external_id: row for row in talk.listing.listed if row.variant_id in wanted}  # type: ignore[attr-defined]
    figures = {external_id: wanted[row.variant_id] for external_id, row in rows.items()}
    try:
        outcomes = talk.ask(method, talk.listing.external_id, figures)
    except Rejected as refusal:
        outcomes = [Outcome(variant_id=one, problem=refusal.problems[0]) for one in figures]
    talk.write(seen_at=talk.now)  # raises when the claim was lost
    failed = {outcome.variant_id: outcome.problem for outcome in outcomes if outcome.problem}
    told = {outcome.variant_id for outcome in outcomes} - failed.keys()
    if failed:
        told |= _shown_anyway(talk, what, figures, failed)
    for external_id in told & rows.keys():
        figure = figures[external_id]
        confirmed = {f"pushed_{what}": figure, f"seen_{what}": figure, "last_error": "", "error_code": ""}
        ListingVariant.objects.filter(pk=rows[external_id].pk).update(**confirmed)
    remaining = {one: problem for one, problem in failed.items() if one not in told}
    for external_id, problem in remaining.items():
        ListingVariant.objects.filter(pk=rows[external_id].pk).update(
            last_error=words.say(problem)[:300], error_code=problem.code
        )
    return list(remaining.values())


def _shown_anyway(talk: _Talk, what: str, figures: Mapping[str, int], failed: Mapping[str, Problem]) -> set[str]:
    """Refused, and yet already as it should be: an unpaid order at the channel has taken the pieces there too."""
    there = talk.ask(talk.channel.read_listing, talk.listing.external_id)
    shown = {variant.id: getattr(variant, what) for variant in there.variants}
    return {one for one in failed if shown.get(one) == figures[one]}
