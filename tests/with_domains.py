"""For tests of domains of a cooperative's own: two cooperatives, a DNS zone, and the way to a domain."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from tenants import domains, provisioning
from tenants.models import Cooperative, DomainClaim, FreedName
from tests import dns_server

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
DAY = timedelta(days=1)
NAME = "kopigayo.co.id"
RECORD = f"_coop-shop.{NAME}"


@pytest.fixture(scope="module")
def pair(django_db_setup, django_db_blocker):
    """Two cooperatives whose rows are really committed: DNS is never asked inside a transaction."""
    with django_db_blocker.unblock():
        stamp = f"{datetime.now(UTC):%H%M%S%f}"
        made = [
            provisioning.create_cooperative(name=f"Koperasi {word}", slug=f"{word}-{stamp}", state="open")
            for word in ("padi", "laut")
        ]
        yield made
        for cooperative in made:
            Cooperative.objects.get(pk=cooperative.pk).delete(force_drop=True)


@pytest.fixture
def mine(pair, django_db_blocker):
    with django_db_blocker.unblock():
        yield pair[0]
        connection.set_schema_to_public()
        DomainClaim.objects.all().delete()
        FreedName.objects.all().delete()
        for cooperative in pair:
            cooperative.domains.exclude(domain=domains.subdomain_of(cooperative)).delete()
            cooperative.domains.update(is_primary=True)


@pytest.fixture
def theirs(mine, pair):
    return pair[1]


@pytest.fixture
def zone(settings):
    with dns_server.serving() as zone:
        settings.DNS_RESOLVERS = [zone.address]
        settings.DNS_SECONDS = 0.6
        yield zone


def claim(cooperative, text=NAME, now=NOW):
    return domains.claim(cooperative=cooperative, text=text, now=now)


def publish(zone, claimed):
    zone.say(f"_coop-shop.{claimed.domain}", domains.record_text(claimed.token))


def verify(claimed, now=NOW):
    return domains.verify(cooperative=claimed.cooperative, claim_id=claimed.pk, now=now)


def own(cooperative, zone, text=NAME, now=NOW):
    claimed = claim(cooperative, text, now)
    publish(zone, claimed)
    return verify(claimed, now)
