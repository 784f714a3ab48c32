"""What an officer decides about a channel: which products are shown there, and as what."""

import difflib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from catalog.models import Category, Product
from marketplaces import opening
from marketplaces.channels import base
from marketplaces.connecting import ask
from marketplaces.models import CategoryMap, Connection, Listing
from marketplaces.remembering import remembered
from tenants import due
from tenants.context import current_cooperative
from tenants.models import Cooperative

UNDECLARED = "Tidak ada"  # the declared value of a mandatory free text that nobody filled in


class NotOpen(Exception):
    """Listings go out when the shop has opened: a buyer on a marketplace asks, pays and complains at a shop that is
    ready for it."""


class ValuesMissing(Exception):
    """The channel demands values for `names` in this category."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(names)
        self.names = list(names)


@transaction.atomic
def want(*, product: Product, connection: Connection, now: datetime) -> Listing:
    """Show `product` in the shop `connection`. Again changes nothing. Raises NotOpen."""
    if current_cooperative().state == Cooperative.State.PREPARING:
        raise NotOpen
    listing, is_new = Listing.objects.get_or_create(connection=connection, product=product)
    if not is_new and not listing.wanted_live:
        Listing.objects.filter(pk=listing.pk).update(wanted_live=True)
        listing.wanted_live = True
    due.note("push", now=now)
    return listing


@transaction.atomic
def unwant(*, product: Product, connection: Connection, now: datetime) -> None:
    """Take `product` off the shop `connection`; the channel keeps it hidden."""
    Listing.objects.filter(connection=connection, product=product).update(wanted_live=False)
    due.note("push", now=now)


@transaction.atomic
def retry(*, listing: Listing, now: datetime) -> None:
    """A person asks for another try, now: also of what was refused, or deleted at the channel."""
    Listing.objects.filter(pk=listing.pk).update(needs_person=False, refused="", attempts=0, try_at=None)
    due.note("push", now=now)


def map_category(
    *, connection: Connection, category: Category, external_id: str, values: Mapping[str, str], now: datetime
) -> CategoryMap:
    """From now on `category` is the channel's category `external_id`, with `values` (attribute id -> value id, or
    text where the channel takes text). Raises ValuesMissing, KeyError for a category the channel does not have."""
    chosen = {one.id: one for one in categories(connection)}[external_id]
    rules = attributes(connection, external_id)
    missing = [rule.name for rule in rules if rule.mandatory and not values.get(rule.id)]
    if missing:
        raise ValuesMissing(missing)
    told = [_told(rule, values[rule.id]) for rule in rules if values.get(rule.id)]
    with transaction.atomic():
        mapped, _ = CategoryMap.objects.update_or_create(
            connection=connection,
            category=category,
            defaults={"external_id": external_id, "external_name": " > ".join(chosen.path)[:200], "attributes": told},
        )
        due.note("push", now=now)
    return mapped


def map_all(*, connection: Connection, now: datetime) -> list[CategoryMap]:
    """Map every category of ours that has products and no map yet to the one that `suggest` finds. Where it finds
    none, a person chooses."""
    unmapped = Category.objects.filter(products__isnull=False).exclude(
        pk__in=CategoryMap.objects.filter(connection=connection).values("category")
    )
    made = []
    for category in unmapped.select_related("parent").distinct().order_by("pk"):
        chosen = suggest(connection, category)
        if chosen is None:
            continue
        values = suggest_values(attributes(connection, chosen.id), about=_path_text(category))
        made.append(
            map_category(connection=connection, category=category, external_id=chosen.id, values=values, now=now)
        )
    return made


def categories(connection: Connection) -> Sequence[base.Category]:
    """The categories of the channel that can be chosen. Raises ChannelError, ConnectionLost."""
    channel = opening.channel(connection.channel)
    return remembered(f"channel:{connection.pk}:categories", lambda: ask(connection, channel.categories))


def attributes(connection: Connection, external_id: str) -> Sequence[base.AttributeRule]:
    """What the channel wants to know in its category `external_id`. Raises ChannelError, ConnectionLost."""
    channel = opening.channel(connection.channel)
    key = f"channel:{connection.pk}:attributes:{external_id}"
    return remembered(key, lambda: ask(connection, channel.attributes, external_id))


def suggest(connection: Connection, category: Category) -> base.Category | None:
    """The channel's category whose name is most like that of `category`: common words first, then spelling. None where
    no word is common, for a guess would do harm."""
    likeliest = max(categories(connection), key=lambda one: _likeness(category, one), default=None)
    return likeliest if likeliest and _likeness(category, likeliest)[0] else None


def suggest_values(rules: Sequence[base.AttributeRule], *, about: str) -> dict[str, str]:
    """A value for each mandatory attribute: the choice that `about` names, else the first; for free text, that there
    is none to declare."""
    return {rule.id: _likely(rule, about) for rule in rules if rule.mandatory}


def _told(rule: base.AttributeRule, value: str) -> list[str]:
    if rule.choices:
        return [rule.id, value, rule.choices[value]]
    return [rule.id, "", value]


def _likely(rule: base.AttributeRule, about: str) -> str:
    if not rule.choices:
        return UNDECLARED
    named = [value for value, name in rule.choices.items() if name.lower() in about.lower()]
    return (named or list(rule.choices))[0]


def _likeness(ours: Category, theirs: base.Category) -> tuple[int, float]:
    own, parent = _words(ours.name), _words(ours.parent.name if ours.parent else "")
    name, above = _words(theirs.name), _words(" ".join(theirs.path[:-1]))
    common = 4 * len(own & name) + 2 * len(parent & name) + 2 * len(own & above) + len(parent & above)
    return common, difflib.SequenceMatcher(None, _path_text(ours).lower(), " ".join(theirs.path).lower()).ratio()


def _path_text(category: Category) -> str:
    return f"{category.parent.name} {category.name}" if category.parent else category.name


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) > 2}
