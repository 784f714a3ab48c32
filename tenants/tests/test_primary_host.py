"""A shop with several names shows its pages at the primary one; whoever works or posts stays where they are."""

import pytest

from tenants.models import Cooperative, Domain
from tests import make
from tests.browsing import BATIK, KOPI, Browser
from tests.with_domains import NAME, NOW


@pytest.fixture
def own_domain(kopi):
    kopi.domains.update(is_primary=False)
    return Domain.objects.create(domain=NAME, tenant=kopi, is_primary=True, checked_at=NOW)


@pytest.mark.parametrize("path", ["/", "/produk/kopi/?a=b%20c&d=%C3%A9", "/en/", "/keranjang/", "/sitemap.xml"])
def test_a_page_of_the_shop_at_another_name_leads_to_the_same_page_at_the_primary(own_domain, path):
    for method in ("get", "head"):
        answer = getattr(Browser(KOPI), method)(path)
        assert (answer.status_code, answer["Location"]) == (301, f"http://{NAME}:8000{path}")
        assert answer["Cache-Control"] == "max-age=300"
        assert "Set-Cookie" not in answer


def test_a_path_that_looks_like_a_host_stays_a_path(own_domain):
    answer = Browser(KOPI).get("/", PATH_INFO="//evil.example/")
    assert (answer.status_code, answer["Location"]) == (301, f"http://{NAME}:8000//evil.example/")


def test_at_the_primary_name_however_it_is_written_the_page_is_there(own_domain):
    for host in (NAME, f"{NAME}:8000", NAME.upper()):
        answer = Browser(KOPI).get("/", HTTP_HOST=host)
        assert answer.status_code == 200
        assert f'<link rel="canonical" href="http://{NAME}:8000/">' in answer.text
    dotted = Browser(KOPI).get("/", HTTP_HOST=f"{NAME}.")
    assert (dotted.status_code, dotted["Location"]) == (301, f"http://{NAME}:8000/")


@pytest.mark.parametrize("path", ["/kelola/", "/en/kelola/", "/akun/masuk/", "/media/nothing.png", "/hooks/x/"])
def test_officers_logins_files_and_notices_stay_where_they_are(own_domain, path):
    for host in (KOPI, NAME):
        answer = Browser(KOPI).get(path, HTTP_HOST=host)
        assert answer.status_code in (200, 302, 404)
        assert NAME not in answer.get("Location", "")


def test_an_officer_who_is_logged_in_at_the_subdomain_still_is_after_the_address_has_changed(own_domain):
    officer = Browser(KOPI, user=make.officer())
    assert officer.get("/kelola/").status_code == 200


def test_a_form_and_a_piece_of_a_page_are_not_led_away(own_domain):
    variant = make.variant(title="Kopi", on_hand=3)
    posted = Browser(KOPI).post("/keranjang/tambah/", {"v": variant.pk, "quantity": 1})
    assert posted.status_code == 302
    assert NAME not in posted["Location"]
    assert Browser(KOPI).get("/cari/?q=kopi", HTTP_HX_REQUEST="true").status_code == 200


def test_nobody_is_led_to_a_domain_whose_record_is_missing_and_the_domain_still_answers(own_domain):
    Domain.objects.filter(pk=own_domain.pk).update(failing_since=NOW)
    assert Browser(KOPI).get("/").status_code == 200
    assert Browser(KOPI).get("/", HTTP_HOST=NAME).status_code == 200


def test_an_own_domain_that_is_not_primary_leads_to_the_subdomain(kopi, own_domain):
    kopi.domains.filter(domain=NAME).update(is_primary=False)
    kopi.domains.filter(domain=KOPI).update(is_primary=True)
    answer = Browser(KOPI).get("/", HTTP_HOST=NAME)
    assert (answer.status_code, answer["Location"]) == (301, f"http://{KOPI}:8000/")


def test_only_this_shop_moves_and_an_officers_preview_does_not(own_domain, kopi, batik):
    assert Browser(BATIK).get("/").status_code == 200
    Cooperative.objects.filter(pk=kopi.pk).update(state="preparing")
    assert "Location" not in Browser(KOPI).get("/")


@pytest.mark.parametrize("host", [f"www.{KOPI}", "www.localhost", f"www.{NAME}", f"x.{NAME}", f"{NAME}..", f".{NAME}"])
def test_a_name_that_nobody_proved_is_nobodys(own_domain, host):
    assert Browser(KOPI).get("/", HTTP_HOST=host).status_code in (400, 404)


def test_letters_and_links_follow_the_primary_name(own_domain):
    link = make.order(cart={make.variant(title="Kopi", on_hand=3).pk: 1})
    assert link.token
    answer = Browser(KOPI).get("/sitemap.xml", HTTP_HOST=NAME)
    assert f"<loc>http://{NAME}:8000/sitemap-lain.xml</loc>" in answer.text
    assert KOPI not in answer.text
