"""Own domains are proven anew each day; officers hear of it, and a DNS server in trouble costs nobody anything."""

import logging
import time
from datetime import timedelta

import dns.rcode
import pytest
from django.db import connection, transaction

from lib import http
from members.domain_letters import tell_officers
from members.tasks import check_domains
from notifications.models import Message
from tenants import domains, rechecking
from tenants.context import in_tenant
from tenants.models import Domain, FreedName
from tests import make
from tests.with_domains import DAY, NAME, NOW, RECORD, claim, own, verify

HOUR = timedelta(hours=1)


@pytest.fixture
def domain(mine, zone):
    made = own(mine, zone)
    domains.make_primary(cooperative=mine, domain_id=made.pk)
    zone.asked.clear()
    with in_tenant(mine):
        make.officer(role="pengurus", email="ketua@padi.example")
        make.officer(role="bendahara", email="uang@padi.example")
    yield made
    with in_tenant(mine):
        Message.objects.all().delete()
        for user in make.User.objects.all():
            user.delete()


def check(now, **options):
    return rechecking.check_due(now=now, tell=tell_officers, **options)


def state():
    return list(Domain.objects.filter(domain=NAME).values_list("checked_at", "failing_since", "is_primary"))


def messages(cooperative):
    with in_tenant(cooperative):
        return list(Message.objects.order_by("pk").values_list("to", "subject", "body"))


def test_a_domain_is_asked_about_once_a_day(domain, zone):
    assert [check(NOW + 23 * HOUR), check(NOW + DAY), check(NOW + DAY + 23 * HOUR)] == [0, 1, 0]
    assert zone.asked == [("udp", RECORD)]
    assert state() == [(NOW + DAY, None, True)]


def test_a_missing_record_is_told_at_once_and_costs_nothing_within_the_grace(domain, mine, zone):
    zone.texts.clear()
    check(NOW + DAY)
    assert state() == [(NOW + DAY, NOW + DAY, True)]
    assert not check(NOW + DAY + HOUR - timedelta(seconds=1))
    check(NOW + DAY + HOUR)  # again each hour while in doubt, and no second message
    check(NOW + 4 * DAY - timedelta(seconds=1))
    assert state() == [(NOW + 4 * DAY - timedelta(seconds=1), NOW + DAY, True)]
    ((to, subject, body),) = messages(mine)
    assert (to, subject) == ("ketua@padi.example", f"Bukti kepemilikan {NAME} hilang")
    claimed = mine.domain_claims.get()
    for said in (RECORD, f"coop-shop-verify={claimed.token}", "27 Nov 2026 14.00 WIB", f"{mine.slug}.localhost"):
        assert said in body
    assert claimed.error == "no_record"


def test_a_record_that_is_back_ends_the_doubt(domain, mine, zone):
    kept = dict(zone.texts)
    zone.texts.clear()
    check(NOW + DAY)
    zone.texts.update(kept)
    check(NOW + DAY + HOUR)
    assert state() == [(NOW + DAY + HOUR, None, True)]
    assert mine.domain_claims.get().error == ""
    zone.texts.clear()
    check(NOW + 5 * DAY)  # the grace begins anew
    assert state() == [(NOW + 5 * DAY, NOW + 5 * DAY, True)]


def test_after_the_grace_the_domain_is_released_and_links_go_to_the_subdomain(domain, mine, theirs, zone):
    zone.texts.clear()
    check(NOW + DAY)
    check(NOW + 4 * DAY)
    assert state() == []
    assert list(mine.domains.values_list("domain", "is_primary")) == [(domains.subdomain_of(mine), True)]
    assert FreedName.objects.values_list("name", "freed_at", "freed_by").get() == (NAME, NOW + 4 * DAY, mine.pk)
    assert [subject for _, subject, _ in messages(mine)][1:] == [f"{NAME} dilepas dari toko Anda"]
    with pytest.raises(domains.DomainRefused, match="cooling"):
        claim(theirs, now=NOW + 5 * DAY)
    zone.say(RECORD, domains.record_text(mine.domain_claims.get().token))
    assert verify(mine.domain_claims.get(), NOW + 5 * DAY).tenant_id == mine.pk  # the same record proves it again


def test_a_domain_without_its_record_for_the_grace_may_be_claimed_and_is_free_after_release_and_rest(
    domain, mine, theirs, zone
):
    zone.texts.clear()
    check(NOW + DAY)
    with pytest.raises(domains.DomainRefused, match="taken"):
        claim(theirs, now=NOW + 4 * DAY - timedelta(seconds=1))
    claimed = claim(theirs, now=NOW + 4 * DAY)
    zone.say(RECORD, domains.record_text(claimed.token))
    with pytest.raises(domains.DomainRefused, match="taken"):
        verify(claimed, NOW + 4 * DAY)
    check(NOW + 4 * DAY)  # another's token is no record
    with pytest.raises(domains.DomainRefused, match="cooling"):
        verify(claimed, NOW + 5 * DAY)
    assert verify(claimed, NOW + 11 * DAY).tenant_id == theirs.pk


@pytest.mark.parametrize("rcode", [dns.rcode.SERVFAIL, dns.rcode.REFUSED])
def test_dns_in_trouble_never_counts_as_missing_however_long(domain, mine, zone, rcode):
    zone.rcode = rcode
    for days in range(1, 8):
        assert check(NOW + days * DAY) == 1
    assert state() == [(NOW + 7 * DAY, None, True)]
    assert messages(mine) == []
    assert mine.domain_claims.get().error == "dns_away"
    assert check(NOW + 7 * DAY + HOUR) == 1  # asked again soon


def test_the_grace_ends_with_an_answer_and_not_with_silence(domain, zone):
    zone.texts.clear()
    check(NOW + DAY)
    zone.rcode = dns.rcode.SERVFAIL
    check(NOW + 9 * DAY)
    assert state() == [(NOW + 9 * DAY, NOW + DAY, True)]
    zone.rcode = dns.rcode.NOERROR
    check(NOW + 9 * DAY + HOUR)
    assert state() == []


def test_a_domain_that_was_proven_by_hand_meanwhile_is_not_released(domain, mine, zone):
    kept = dict(zone.texts)
    zone.texts.clear()
    check(NOW + DAY)

    def meanwhile(cooperative, news):
        zone.texts.update(kept)
        connection.set_schema_to_public()
        Domain.objects.filter(domain=NAME).update(failing_since=None)

    rechecking.check_due(now=NOW + 4 * DAY, tell=meanwhile)
    assert state() == [(NOW + 4 * DAY, None, True)]


def test_a_schema_that_takes_no_message_does_not_save_a_lost_domain_nor_stop_the_next(domain, theirs, zone, caplog):
    own(theirs, zone, "lautbiru.co.id")
    zone.texts.clear()

    def broken(cooperative, news):
        raise RuntimeError("no table")

    with caplog.at_level(logging.CRITICAL):
        rechecking.check_due(now=NOW + DAY, tell=broken)
        rechecking.check_due(now=NOW + 4 * DAY, tell=broken)
    assert Domain.objects.filter(checked_at__isnull=False).count() == 0


def test_a_run_asks_about_a_bounded_number_the_longest_unasked_first_and_many_at_once(domain, mine, theirs, zone):
    for number in range(1, 5):
        own(theirs, zone, f"laut{'abcde'[number]}.co.id", NOW + number * HOUR)
    zone.asked.clear()
    zone.seconds = 0.2
    began = time.monotonic()
    assert check(NOW + 3 * DAY, limit=3) == 3
    assert time.monotonic() - began < 0.5
    assert sorted(name for _, name in zone.asked) == sorted(
        [RECORD, "_coop-shop.lautb.co.id", "_coop-shop.lautc.co.id"]
    )
    assert check(NOW + 3 * DAY) == 2
    assert check(NOW + 3 * DAY) == 0


def test_the_daily_check_is_no_work_for_a_transaction(domain, zone):
    with pytest.raises(http.InsideTransaction), transaction.atomic():
        check(NOW + DAY)
    assert zone.asked == []


def test_the_clock_calls_it(domain, zone, time_machine):
    zone.texts.clear()
    time_machine.move_to(NOW + 2 * DAY, tick=False)
    check_domains.apply(throw=True)
    assert state() == [(NOW + 2 * DAY, NOW + 2 * DAY, True)]
