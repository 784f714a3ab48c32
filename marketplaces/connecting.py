"""A shop on a marketplace is joined, its right to act kept alive, and left again."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.db import connection as database
from django.db import transaction
from django.utils import timezone, translation

from lib import signing
from lib.secrets import Safe
from marketplaces import opening, words
from marketplaces.channels.base import Access, Grant
from marketplaces.channels.errors import ChannelError, Problem, Refused, TokenInvalid
from marketplaces.models import Connection
from tenants import due
from tenants.addresses import absolute
from tenants.context import current_cooperative
from tenants.models import ChannelRoute

PURPOSE = "connect-channel"
STATE_SECONDS = 600  # the marketplace's code lives ten minutes
RENEW_BEFORE = timedelta(minutes=5)
P = ParamSpec("P")
T = TypeVar("T")


class BadState(Exception):
    """The way back from the marketplace was not begun by this officer, here, in the last ten minutes."""


class ShopTaken(Exception):
    """The marketplace's shop already belongs to another cooperative."""


class ConnectionLost(Exception):
    """The right to act is dead: an officer must connect the shop again."""


def start(*, channel: str, officer_id: int) -> str:
    """The address at the marketplace where the seller says yes. It comes back to `/kelola/kanal/<channel>/kembali/`."""
    state = signing.sign({"channel": channel, "officer": officer_id}, purpose=PURPOSE)
    back = absolute(f"/kelola/kanal/{channel}/kembali/?state={state}")
    return opening.channel(channel).connect_url(back=back)


def finish(*, channel: str, officer_id: int, params: Mapping[str, str], now: datetime) -> Connection:
    """The seller came back with `params`: exchange the code, save the tokens, route the shop's pushes here.

    Raises BadState, ShopTaken, and ChannelError when the marketplace does not give the tokens; nothing is saved then.
    """
    _check_state(params.get("state", ""), channel, officer_id)
    _check_route(channel, params.get("shop_id", ""))
    adapter = opening.channel(channel)
    grant = adapter.finish_connect(params)
    with transaction.atomic():
        _route(channel, grant.shop_id)
        joined, _ = Connection.objects.get_or_create(
            channel=channel,
            external_shop_id=grant.shop_id,
            defaults={"name": f"{adapter.name} {grant.shop_id}", "connected_at": now, "pulled_until": now},
        )
        _save_tokens(joined, grant, now)
        Connection.objects.filter(pk=joined.pk).update(connected_at=now)
        due.note("push", now=now)
        due.note("pull", now=now)
        due.note("import_orders", now=now)
    _learn_name(joined)
    joined.refresh_from_db()
    return joined


def disconnect(joined: Connection) -> None:
    """Stop acting for the shop and forget its tokens; what was sold and listed stays on record."""
    with transaction.atomic():
        Connection.objects.filter(pk=joined.pk).update(
            state=Connection.State.CLOSED, sealed_tokens="", access_expires_at=None, refresh_expires_at=None
        )
        ChannelRoute.objects.filter(
            channel=joined.channel, external_shop_id=joined.external_shop_id, cooperative=current_cooperative()
        ).delete()


def lose(joined: Connection) -> None:
    """The marketplace says that the right to act is gone. The back office shows `last_error` as a banner."""
    with translation.override(settings.LANGUAGE_CODE):  # as every text that is stored
        text = words.say(Problem(code="token_invalid"))
    Connection.objects.filter(pk=joined.pk).exclude(state=Connection.State.CLOSED).update(
        state=Connection.State.LOST, last_error=text
    )


def ask(joined: Connection, method: Callable[Concatenate[Access, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call `method` of the channel with a living token; a refused token is renewed once and asked again.

    Raises ConnectionLost, and the method's own ChannelErrors; a fresh token that is refused too is Refused, for the
    right to renew is still there.
    """
    access = living_access(joined)
    try:
        return method(access, *args, **kwargs)
    except TokenInvalid:
        access = renew(joined, refused=access.token, now=timezone.now())
    try:
        return method(access, *args, **kwargs)
    except TokenInvalid as error:
        raise Refused(Problem(code="token_invalid")) from error


def living_access(joined: Connection) -> Access:
    """The access token, renewed when it is about to expire. Raises ConnectionLost, ChannelError."""
    now = timezone.now()
    joined.refresh_from_db(fields=["state", "sealed_tokens", "access_expires_at"])
    if joined.state != Connection.State.ACTIVE:
        raise ConnectionLost(joined.pk)
    if joined.access_expires_at is None or joined.access_expires_at - RENEW_BEFORE <= now:
        return renew(joined, refused=_tokens(joined)["access"], now=now)
    return Access(shop_id=joined.external_shop_id, token=_tokens(joined)["access"])


def renew(joined: Connection, *, refused: str, now: datetime) -> Access:
    """A fresh token in place of `refused`, under one lock per shop: whoever waited finds it renewed and does not
    renew again, for the refresh token is good only once. Raises ConnectionLost when that is dead, ChannelError."""
    with _OneAtATime(joined.pk):
        joined.refresh_from_db()
        if joined.state != Connection.State.ACTIVE:
            raise ConnectionLost(joined.pk)
        tokens = _tokens(joined)
        if tokens["access"] == refused:
            adapter = opening.channel(joined.channel)
            try:
                grant = adapter.renew_token(shop_id=joined.external_shop_id, refresh_token=tokens["refresh"])
            except TokenInvalid as error:
                lose(joined)
                raise ConnectionLost(joined.pk) from error
            _save_tokens(joined, grant, now)
            tokens = _tokens(joined)
    return Access(shop_id=joined.external_shop_id, token=tokens["access"])


class _OneAtATime:
    """An advisory lock of the database session, for it must outlast no transaction and hold none open while the
    marketplace answers. Advisory locks are database-wide, so the schema is part of it."""

    def __init__(self, pk: int) -> None:
        self._name = f"{current_cooperative().schema_name}:renew:{pk}"

    def __enter__(self) -> None:
        self._run("SELECT pg_advisory_lock(hashtextextended(%s, 0))")

    def __exit__(self, *_: object) -> None:
        self._run("SELECT pg_advisory_unlock(hashtextextended(%s, 0))")

    def _run(self, statement: str) -> None:
        with database.cursor() as cursor:
            cursor.execute(statement, [self._name])


def _check_state(state: str, channel: str, officer_id: int) -> None:
    try:
        begun = signing.unsign(state, purpose=PURPOSE, max_age=STATE_SECONDS)
    except signing.BadToken as error:
        raise BadState from error
    if begun != {"channel": channel, "officer": officer_id}:
        raise BadState


def _check_route(channel: str, shop_id: str) -> None:
    route = ChannelRoute.objects.filter(channel=channel, external_shop_id=shop_id).first()
    if route and route.cooperative_id != current_cooperative().pk:
        raise ShopTaken(shop_id)


def _route(channel: str, shop_id: str) -> None:
    cooperative = current_cooperative()
    route, _ = ChannelRoute.objects.get_or_create(
        channel=channel, external_shop_id=shop_id, defaults={"cooperative": cooperative}
    )
    if route.cooperative_id != cooperative.pk:
        raise ShopTaken(shop_id)


def _save_tokens(joined: Connection, grant: Grant, now: datetime) -> None:
    tokens = json.dumps({"access": grant.access_token, "refresh": grant.refresh_token})
    joined.sealed_tokens = Safe(settings.CREDENTIAL_KEYS).seal(tokens, place=_place(joined))
    joined.access_expires_at = now + timedelta(seconds=grant.access_seconds)
    joined.refresh_expires_at = now + timedelta(seconds=grant.refresh_seconds)
    joined.state = Connection.State.ACTIVE
    joined.last_error = ""
    joined.save(
        update_fields=["sealed_tokens", "access_expires_at", "refresh_expires_at", "state", "last_error"]
    )  # one statement: both tokens or none


def _tokens(joined: Connection) -> dict[str, str]:
    tokens: dict[str, str] = json.loads(Safe(settings.CREDENTIAL_KEYS).open(joined.sealed_tokens, place=_place(joined)))
    return tokens


def _place(joined: Connection) -> str:
    return f"{current_cooperative().schema_name}|marketplaces_connection|{joined.pk}|sealed_tokens"


def _learn_name(joined: Connection) -> None:
    try:
        name = ask(joined, opening.channel(joined.channel).shop_name)
    except (ChannelError, ConnectionLost):
        return  # the tokens are safe; a number will do as a name
    Connection.objects.filter(pk=joined.pk).update(name=name[:120])
