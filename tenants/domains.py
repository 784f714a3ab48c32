"""A cooperative's own domain: said to be theirs, proven by a record in DNS, chosen as the shop's address, given up.

A claim takes nothing; only `verify` makes a Domain row, and that row's uniqueness is the last word between two.
"""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import IntegrityError, transaction

from tenants import hostnames, resolving, servers
from tenants.models import Cooperative, Domain, DomainClaim, FreedName

MOST_CLAIMS = 5
GRACE = timedelta(days=settings.DOMAIN_GRACE_DAYS)  # how long the record of a domain may be missing
COOL_DOWN = timedelta(days=7)  # how long a domain that one cooperative gave up is nobody else's
PAUSE = timedelta(seconds=10)  # between two looks at one claim
RECORD_HOST = "_coop-shop"
RECORD_TEXT = "coop-shop-verify="


class Reason(StrEnum):
    """Why not, beside hostnames.Refusal. Translated where people read it (backoffice/domain_words.py)."""

    PLATFORM = "platform"  # the platform's own name, or one below it
    TAKEN = "taken"
    YOURS = "yours"
    COOLING = "cooling"
    LOOK_ALIKE = "look_alike"
    TOO_MANY = "too_many"
    TOO_SOON = "too_soon"
    NO_RECORD = "no_record"
    OTHER_TOKEN = "other_token"  # noqa: S105 - the record is there and has another cooperative's token
    DNS_AWAY = "dns_away"


class DomainRefused(ValueError):
    """`reason` is a Reason or a hostnames.Refusal; `until`, when it may be tried again, where time mends it."""

    def __init__(self, reason: StrEnum, *, until: datetime | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason.value
        self.until = until


def claim(*, cooperative: Cooperative, text: str, now: datetime) -> DomainClaim:
    """`cooperative` says that the domain that somebody typed as `text` is its own. Again gives the same claim.

    Raises DomainRefused.
    """
    try:
        name = hostnames.normalised(text)
    except hostnames.BadName as error:
        raise DomainRefused(error.reason) from error
    _refuse_platform(name)
    with _at_home():
        # two claims at once of one cooperative count each other
        Cooperative.objects.select_for_update(no_key=True).get(pk=cooperative.pk)
        held = cooperative.domain_claims.filter(domain=name).first()
        if held is not None:
            return held
        _refuse_taken(name, cooperative=cooperative, now=now)
        _refuse_cooling(name, cooperative=cooperative, now=now)
        _refuse_look_alike(name, cooperative=cooperative)
        if cooperative.domain_claims.count() >= MOST_CLAIMS:
            raise DomainRefused(Reason.TOO_MANY)
        return DomainClaim.objects.create(cooperative=cooperative, domain=name, token=secrets.token_hex(20))


def verify(*, cooperative: Cooperative, claim_id: int, now: datetime) -> Domain:
    """Look for the record now. From then on the domain answers with this cooperative's shop.

    Raises DomainRefused, DomainClaim.DoesNotExist, lib.http.InsideTransaction.
    """
    claimed = cooperative.domain_claims.get(pk=claim_id)
    if claimed.checked_at is not None and claimed.checked_at > now - PAUSE:
        raise DomainRefused(Reason.TOO_SOON, until=claimed.checked_at + PAUSE)
    as_read = DomainClaim.objects.filter(pk=claimed.pk, checked_at=claimed.checked_at)
    if not as_read.update(checked_at=now):  # somebody looks at this moment
        raise DomainRefused(Reason.TOO_SOON, until=now + PAUSE)
    try:
        _prove(claimed)
        made = _take(claimed, now)
    except DomainRefused as error:
        DomainClaim.objects.filter(pk=claimed.pk).update(error=error.reason)
        raise
    DomainClaim.objects.filter(pk=claimed.pk).update(error="")
    return made


def make_primary(*, cooperative: Cooperative, domain_id: int) -> Domain:
    """Links in messages, and visitors of the shop's other names, go to this one. Raises Domain.DoesNotExist."""
    with _at_home():
        rows = list(cooperative.domains.select_for_update().order_by("pk"))
        chosen = next((row for row in rows if row.pk == domain_id), None)
        if chosen is None:
            raise Domain.DoesNotExist
        cooperative.domains.exclude(pk=chosen.pk).update(is_primary=False)
        cooperative.domains.filter(pk=chosen.pk).update(is_primary=True)
    _forget_primary(cooperative)
    return chosen


def remove(*, cooperative: Cooperative, claim_id: int, now: datetime) -> None:
    """The cooperative gives the domain up, proven or not. Raises DomainClaim.DoesNotExist."""
    with _at_home():
        claimed = cooperative.domain_claims.select_for_update().get(pk=claim_id)
        released = cooperative.domains.filter(domain=claimed.domain).first()
        if released is not None:
            release(released, now=now)
        claimed.delete()
    _forget_primary(cooperative)


def release(domain: Domain, *, now: datetime) -> None:
    """The domain answers no more, and nobody else gets it for COOL_DOWN. The shop's address is its subdomain again
    when this was it. The claim stays, so that the same record proves it again. Stands in the caller's transaction."""
    FreedName.objects.update_or_create(name=domain.domain, defaults={"freed_at": now, "freed_by_id": domain.tenant_id})
    rows = Domain.objects.filter(tenant_id=domain.tenant_id)
    rows.filter(pk=domain.pk).delete()
    if not rows.filter(is_primary=True).exists():
        rows.filter(domain=subdomain_of(domain.tenant)).update(is_primary=True)


def subdomain_of(cooperative: Cooperative) -> str:
    """The name that every shop has from its first day to its last."""
    return f"{cooperative.slug}.{settings.PLATFORM_HOST}"


def record_name(domain: str) -> str:
    """Where the TXT record stands."""
    return f"{RECORD_HOST}.{domain}"


def record_text(token: str) -> str:
    """What the TXT record says."""
    return f"{RECORD_TEXT}{token}"


def is_proven(found: Iterable[str], token: str) -> bool:
    """Whether one of the texts `found` is the record of `token`. Quotes that were pasted along do not count."""
    return record_text(token) in {text.strip().strip('"') for text in found}


def _prove(claimed: DomainClaim) -> None:
    try:
        found = resolving.texts(record_name(claimed.domain))
    except resolving.DnsAway as error:
        raise DomainRefused(Reason.DNS_AWAY) from error
    if not is_proven(found, claimed.token):
        has_another = any(RECORD_TEXT in text for text in found)
        raise DomainRefused(Reason.OTHER_TOKEN if has_another else Reason.NO_RECORD)


def _take(claimed: DomainClaim, now: datetime) -> Domain:
    """The claim is proven. Everything that was asked when it was made is asked again: that may be long ago."""
    cooperative, name = claimed.cooperative, claimed.domain
    _refuse_platform(name)
    mine = cooperative.domains.filter(domain=name)
    if mine.update(checked_at=now, failing_since=None):
        return mine.get()
    if Domain.objects.filter(domain=name).exists():
        raise DomainRefused(Reason.TAKEN)
    _refuse_cooling(name, cooperative=cooperative, now=now)
    _refuse_look_alike(name, cooperative=cooperative)
    try:
        with _at_home():
            DomainClaim.objects.select_for_update().get(pk=claimed.pk)  # not given up meanwhile
            made = Domain.objects.create(domain=name, tenant=cooperative, is_primary=False, checked_at=now)
            FreedName.objects.filter(name=name).delete()
            return made
    except IntegrityError as error:
        raise DomainRefused(Reason.TAKEN) from error


def _refuse_platform(name: str) -> None:
    if hostnames.is_below(name, settings.PLATFORM_HOST):
        raise DomainRefused(Reason.PLATFORM)


def _refuse_taken(name: str, *, cooperative: Cooperative, now: datetime) -> None:
    """A domain whose record has been missing for the whole grace may be claimed; it is free when it is released."""
    held = Domain.objects.filter(domain=name).first()
    if held is None:
        return
    if held.tenant_id == cooperative.pk:
        raise DomainRefused(Reason.YOURS)
    if held.failing_since is None or held.failing_since > now - GRACE:
        raise DomainRefused(Reason.TAKEN)


def _refuse_cooling(name: str, *, cooperative: Cooperative, now: datetime) -> None:
    freed = FreedName.objects.filter(name=name, freed_at__gt=now - COOL_DOWN).exclude(freed_by=cooperative).first()
    if freed is not None:
        raise DomainRefused(Reason.COOLING, until=freed.freed_at + COOL_DOWN)


def _refuse_look_alike(name: str, *, cooperative: Cooperative) -> None:
    """A few thousand names are compared in some milliseconds, and only when somebody adds a domain."""
    others = Domain.objects.exclude(tenant=cooperative).values_list("domain", flat=True)
    if any(hostnames.looks_like(name, other) for other in {*others, settings.PLATFORM_HOST}):
        raise DomainRefused(Reason.LOOK_ALIKE)


@contextmanager
def _at_home() -> Iterator[None]:
    """A transaction where the directory is, wherever the caller stands (tenants/servers.py)."""
    with servers.on(servers.HOME), transaction.atomic():
        yield


def _forget_primary(cooperative: Cooperative) -> None:
    cooperative.__dict__.pop("primary_domain", None)
