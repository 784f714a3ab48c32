"""The page of the shop's addresses, as an officer uses it."""

import re

import pytest
from django.db import connection

from accounts.models import User
from members.models import Officer
from tenants import domains
from tenants.context import in_tenant
from tenants.models import Domain, DomainClaim
from tests import make
from tests.browsing import Browser
from tests.with_domains import NAME, NOW, RECORD, own

PAGE = "/kelola/alamat/"


@pytest.fixture
def officer(mine, zone):
    """The chair of a cooperative whose rows are really committed, because DNS is asked outside transactions."""
    host = mine.domains.get().domain
    with in_tenant(mine):
        user = make.officer()
        yield Browser(host, user=user)
    connection.set_schema_to_public()
    with in_tenant(mine):
        Officer.objects.all().delete()
        for each in User.objects.all():
            each.delete()


def said(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_from_typing_a_name_to_the_shops_primary_address(officer, mine, zone, settings):
    settings.PUBLIC_ADDRESSES = ["203.0.113.10", "2001:db8::10"]
    page = officer.post(f"{PAGE}tambah/", {"domain": f"https://{NAME.upper()}/"}, follow=True)
    claimed = DomainClaim.objects.get()
    assert claimed.domain == NAME
    for shown in (
        RECORD,
        f"coop-shop-verify={claimed.token}",
        mine.domains.get().domain,
        "203.0.113.10",
        "2001:db8::10",
    ):
        assert f'<code class="break-all select-all">{shown}</code>' in page.text
    assert "Belum terbukti" in said(page)

    page = officer.post(f"{PAGE}{claimed.pk}/periksa/", follow=True)
    assert "Catatan TXT belum ditemukan." in said(page)
    page = officer.post(f"{PAGE}{claimed.pk}/periksa/", follow=True)
    assert "Tunggu sepuluh detik" in said(page)
    assert not Domain.objects.filter(domain=NAME).exists()

    zone.say(RECORD, f"coop-shop-verify={claimed.token}")
    DomainClaim.objects.update(checked_at=NOW)
    page = officer.post(f"{PAGE}{claimed.pk}/periksa/", follow=True)
    assert f"{NAME} terbukti milik koperasi Anda." in said(page)
    assert "Terbukti" in said(page)

    row = Domain.objects.get(domain=NAME)
    page = officer.post(f"{PAGE}{row.pk}/utama/", follow=True)
    assert f"{NAME} sekarang alamat utama toko." in said(page)
    assert officer.get("/")["Location"] == f"http://{NAME}:8000/"

    page = officer.post(f"{PAGE}{claimed.pk}/lepas/", follow=True)
    assert "Domain dilepas." in said(page)
    assert "Alamat utama" in said(page)
    assert list(mine.domains.values_list("is_primary", flat=True)) == [True]
    assert officer.get("/").status_code == 200


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("10.0.0.1", "Ini alamat IP."),
        ("", "Bidang ini tidak boleh kosong."),
        ("<b>x</b>", "Tulis nama domainnya saja"),
        ("lautbiru.co.id", "sudah dipakai koperasi lain"),
        ("1autbiru.co.id", "terlalu mirip"),
        ("dilepas.co.id", "Coba lagi sesudah"),
    ],
)
def test_a_refusal_says_what_to_do_and_keeps_what_was_typed(officer, theirs, zone, typed, words, time_machine):
    time_machine.move_to(NOW)
    own(theirs, zone, "lautbiru.co.id")
    own(theirs, zone, "dilepas.co.id")
    own_again = theirs.domain_claims.get(domain="dilepas.co.id")
    domains.remove(cooperative=theirs, claim_id=own_again.pk, now=NOW)
    page = officer.post(f"{PAGE}tambah/", {"domain": typed})
    assert page.status_code == 422
    assert words in said(page)
    assert "<b>x</b>" not in page.text
    assert not DomainClaim.objects.exclude(cooperative=theirs).exists()


def test_a_missing_record_is_shown_with_the_day_on_which_the_domain_is_lost(officer, mine, zone):
    own(mine, zone)
    Domain.objects.filter(domain=NAME).update(failing_since=NOW)
    DomainClaim.objects.update(error="no_record")
    page = officer.get(PAGE)
    assert "Bukti hilang" in said(page)
    assert "Pasang kembali sebelum 26 Nov 2026 14.00 WIB" in said(page)


def test_what_belongs_to_another_cooperative_does_not_exist_here(officer, theirs, zone):
    made = own(theirs, zone)
    claimed = theirs.domain_claims.get()
    before = list(Domain.objects.order_by("pk").values())
    for path in (f"{claimed.pk}/periksa/", f"{claimed.pk}/lepas/", f"{made.pk}/utama/"):
        assert officer.post(f"{PAGE}{path}").status_code == 404
    assert list(Domain.objects.order_by("pk").values()) == before
    assert claimed.token not in officer.get(PAGE).text
