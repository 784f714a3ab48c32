"""Domains of a cooperative's own: who gets one, by which proof, and who does not. DNS is a real server on loopback."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import dns.rcode
import pytest
from django.db import connection, transaction

from lib import http
from tenants import domains
from tenants.domains import DomainRefused
from tenants.models import Domain, DomainClaim, FreedName
from tests.with_domains import DAY, NAME, NOW, RECORD, claim, own, publish, verify


def refused(act, *args, **options):
    """The reason, after seeing that nobody has the domain who had it not before."""
    before = list(Domain.objects.order_by("pk").values())
    with pytest.raises(DomainRefused) as caught:
        act(*args, **options)
    assert list(Domain.objects.order_by("pk").values()) == before
    return caught.value.reason


def test_the_record_makes_the_domain_the_cooperatives(mine, zone):
    claimed = claim(mine)
    assert len(claimed.token) == 40
    assert not Domain.objects.filter(domain=NAME).exists()
    publish(zone, claimed)
    made = verify(claimed)
    assert (made.domain, made.tenant_id, made.is_primary, made.checked_at) == (NAME, mine.pk, False, NOW)
    assert zone.asked == [("udp", RECORD)]
    claimed.refresh_from_db()
    assert (claimed.checked_at, claimed.error) == (NOW, "")


def test_the_same_claim_again_keeps_its_token_however_it_is_typed(mine):
    assert [claim(mine, text).pk for text in (f"HTTPS://{NAME.upper()}.:443/", f"{NAME}.")] == [claim(mine).pk] * 2


@pytest.mark.parametrize(
    ("published", "reason"),
    [
        (None, "no_record"),
        ([], "no_record"),
        ([["v=spf1 -all"]], "no_record"),
        ([["coop-shop-verify="]], "other_token"),
        ([["coop-shop-verify={theirs}"]], "other_token"),
        ([["{mine}"]], "no_record"),
        ([["coop-shop-verify={mine}0"]], "other_token"),
    ],
)
def test_without_its_own_token_nothing_is_proven(mine, theirs, zone, published, reason):
    claimed, other = claim(mine), claim(theirs)
    if published is not None:
        zone.texts[RECORD] = [[s.format(mine=claimed.token, theirs=other.token) for s in one] for one in published]
    assert refused(verify, claimed) == reason
    claimed.refresh_from_db()
    assert claimed.error == reason


def test_each_token_proves_only_for_the_cooperative_that_it_was_given_to(mine, theirs, zone):
    claimed, other = claim(mine), claim(theirs)
    publish(zone, other)
    assert refused(verify, claimed) == "other_token"
    assert verify(other).tenant_id == theirs.pk


def test_a_record_in_several_strings_among_many_records_behind_an_alias_in_quotes_is_found(mine, zone):
    claimed = claim(mine)
    text = domains.record_text(claimed.token)
    noise = [[f"site-verification-{number}={'x' * 200}"] for number in range(30)]
    zone.aliases[RECORD] = "proofs.example.net"
    zone.texts["proofs.example.net"] = [*noise, [text[:7], text[7:20], text[20:]], ["end"]]
    assert verify(claimed).domain == NAME
    assert [transport for transport, _ in zone.asked] == ["udp", "tcp"]  # the answer fits no datagram


def test_quotes_that_were_pasted_along_do_not_count(mine, zone):
    claimed = claim(mine)
    zone.texts[RECORD] = [[rf"\"{domains.record_text(claimed.token)}\""]]
    assert verify(claimed).domain == NAME


@pytest.mark.parametrize("trouble", ["servfail", "refused", "silent", "slow", "garbage", "no server"])
def test_a_dns_server_in_trouble_is_no_missing_record_and_is_waited_for_briefly(mine, zone, settings, trouble):
    claimed = claim(mine)
    publish(zone, claimed)
    zone.rcode = {"servfail": dns.rcode.SERVFAIL, "refused": dns.rcode.REFUSED}.get(trouble, dns.rcode.NOERROR)
    zone.silent, zone.garbage = trouble == "silent", trouble == "garbage"
    zone.seconds = 1.5 if trouble == "slow" else 0
    if trouble == "no server":
        settings.DNS_RESOLVERS = ["127.0.0.1:9"]
    began = time.monotonic()
    assert refused(verify, claimed) == "dns_away"
    assert time.monotonic() - began < 1.2


def test_dns_is_never_asked_inside_a_transaction(mine, zone):
    claimed = claim(mine)
    with pytest.raises(http.InsideTransaction), transaction.atomic():
        verify(claimed)
    assert zone.asked == []


def test_a_second_look_within_ten_seconds_does_not_reach_dns(mine, zone):
    claimed = claim(mine)
    assert refused(verify, claimed) == "no_record"
    publish(zone, claimed)
    assert refused(verify, claimed, NOW + timedelta(seconds=9.9)) == "too_soon"
    assert len(zone.asked) == 1
    assert verify(claimed, NOW + timedelta(seconds=10)).domain == NAME


def test_a_domain_that_another_cooperative_has_is_taken(mine, theirs, zone):
    own(theirs, zone)
    assert refused(claim, mine) == "taken"
    assert refused(claim, mine, f" {NAME.upper()}.:80") == "taken"


def test_who_claimed_first_and_proves_second_gets_nothing(mine, theirs, zone):
    early = claim(mine)
    own(theirs, zone)
    zone.texts[RECORD].append([domains.record_text(early.token)])
    assert refused(verify, early) == "taken"


def test_two_cooperatives_that_both_can_prove_it_race_and_one_wins(mine, theirs, zone):
    for number in range(5):
        name = f"rebutan{number}.co.id"
        claims = [claim(mine, name), claim(theirs, name)]
        zone.texts[f"_coop-shop.{name}"] = [[domains.record_text(one.token)] for one in claims]
        barrier = Barrier(2)

        def race(claimed, barrier=barrier):
            try:
                barrier.wait(5)
                return verify(claimed).tenant_id
            except DomainRefused as error:
                return error.reason
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            results = list(pool.map(race, claims))
        winner = Domain.objects.get(domain=name).tenant_id
        assert sorted(map(str, results)) == sorted([str(winner), "taken"])
        DomainClaim.objects.all().delete()


@pytest.mark.parametrize(
    ("text", "reason"),
    [("10.0.0.1", "address"), ("kopi", "one_label"), ("co.id", "anybodys"), ("a b.com", "malformed"),
     ("coop.co.id", "platform"), ("toko.coop.co.id.", "platform"), ("TOKO.COOP.CO.ID:443", "platform"),
     ("c00p.co.id", "look_alike"), ("masuk.c0op.co.id", "look_alike")],
)  # fmt: skip
def test_names_that_cannot_be_a_cooperatives_own_are_refused(mine, settings, text, reason):
    settings.PLATFORM_HOST = "coop.co.id"
    assert refused(claim, mine, text) == reason
    assert DomainClaim.objects.count() == 0


def test_a_look_alike_of_another_cooperatives_domain_is_refused_and_of_ones_own_is_not(mine, theirs, zone):
    own(theirs, zone)
    assert refused(claim, mine, "kopigay0.co.id") == "look_alike"
    assert claim(theirs, "kopigay0.co.id").pk


def test_a_look_alike_that_was_claimed_before_is_refused_when_it_is_proven(mine, theirs, zone):
    claimed = claim(mine, "kopigay0.co.id")
    own(theirs, zone)
    publish(zone, claimed)
    assert refused(verify, claimed) == "look_alike"


def test_letters_beyond_ascii_are_kept_as_punycode(mine, zone):
    assert own(mine, zone, "café-gayo.co.id").domain == "xn--caf-gayo-d1a.co.id"


def test_a_cooperative_has_at_most_five_domains(mine, theirs):
    for number in range(5):
        claim(mine, f"kopi{number}a.co.id")
    assert refused(claim, mine) == "too_many"
    assert claim(theirs).pk


def test_what_one_gave_up_is_nobody_elses_for_seven_days_and_ones_own_at_once(mine, theirs, zone):
    own(mine, zone)
    mine_again = mine.domain_claims.get()
    early = claim(theirs, "sementara.co.id")
    DomainClaim.objects.filter(pk=early.pk).update(domain=NAME)  # claimed in the days when it was free
    early.refresh_from_db()
    domains.remove(cooperative=mine, claim_id=mine_again.pk, now=NOW + DAY)
    assert not Domain.objects.filter(domain=NAME).exists()
    assert not DomainClaim.objects.filter(pk=mine_again.pk).exists()
    publish(zone, early)
    assert refused(verify, early, NOW + 2 * DAY) == "cooling"
    DomainClaim.objects.filter(pk=early.pk).delete()
    with pytest.raises(DomainRefused) as caught:
        claim(theirs, now=NOW + 8 * DAY - timedelta(seconds=1))
    assert (caught.value.reason, caught.value.until) == ("cooling", NOW + 8 * DAY)
    assert own(mine, zone, now=NOW + 2 * DAY).tenant_id == mine.pk
    assert not FreedName.objects.exists()


def test_after_seven_days_it_is_free(mine, theirs, zone):
    own(mine, zone)
    domains.remove(cooperative=mine, claim_id=mine.domain_claims.get().pk, now=NOW)
    assert own(theirs, zone, now=NOW + 7 * DAY).tenant_id == theirs.pk


def test_a_claim_that_was_given_up_while_dns_was_asked_makes_no_domain(mine, zone, monkeypatch):
    claimed = claim(mine)
    publish(zone, claimed)
    ask = domains.resolving.texts

    def meanwhile(name):
        found = ask(name)
        domains.remove(cooperative=mine, claim_id=claimed.pk, now=NOW)
        return found

    monkeypatch.setattr(domains.resolving, "texts", meanwhile)
    with pytest.raises(DomainClaim.DoesNotExist):
        verify(claimed)
    assert not Domain.objects.filter(domain=NAME).exists()


def test_one_address_is_the_primary_and_giving_it_up_makes_it_the_subdomain_again(mine, zone):
    made = own(mine, zone)
    domains.make_primary(cooperative=mine, domain_id=made.pk)
    assert list(mine.domains.filter(is_primary=True).values_list("domain", flat=True)) == [NAME]
    assert mine.primary_domain == NAME
    domains.remove(cooperative=mine, claim_id=mine.domain_claims.get().pk, now=NOW)
    assert list(mine.domains.values_list("domain", "is_primary")) == [(domains.subdomain_of(mine), True)]
    assert mine.primary_domain == domains.subdomain_of(mine)


def test_another_cooperatives_domain_claim_or_subdomain_is_out_of_reach(mine, theirs, zone):
    made = own(mine, zone)
    before = list(Domain.objects.order_by("pk").values())
    claimed = mine.domain_claims.get()
    with pytest.raises(Domain.DoesNotExist):
        domains.make_primary(cooperative=theirs, domain_id=made.pk)
    with pytest.raises(DomainClaim.DoesNotExist):
        domains.remove(cooperative=theirs, claim_id=claimed.pk, now=NOW)
    with pytest.raises(DomainClaim.DoesNotExist):
        domains.verify(cooperative=theirs, claim_id=claimed.pk, now=NOW + DAY)
    assert list(Domain.objects.order_by("pk").values()) == before
