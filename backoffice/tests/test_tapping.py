"""Stock by one tap, on the member's page and behind the link in a chat."""

import pytest
import time_machine
from django.utils import translation

from accounts.models import User
from inventory import quick, stock
from inventory.models import Movement, Stock
from members.models import Member
from tenants.models import Cooperative
from tests import make
from tests.browsing import Browser
from tests.shopping import forms

pytestmark = pytest.mark.django_db
OWN = "/kelola/saya/stok/"


@pytest.fixture(autouse=True)
def the_day():
    with time_machine.travel(make.NOW, tick=False), translation.override("id"):
        yield


@pytest.fixture
def ina(kopi) -> Member:
    return make.member(name="Ina", email="ina@kopi.example")


@pytest.fixture
def honey(ina):
    return make.variant(title="Madu Hutan", seller=ina, on_hand=7)


def on_hand(variant) -> int:
    return Stock.objects.get(pk=variant.pk).on_hand


def link_of(member: Member) -> str:
    return f"/kelola/stok/{quick.link(member)}/"


def press(browser: Browser, address: str, tap: str, **changes: object):
    """Press a button of the first choice on the page, as a browser without JavaScript does."""
    form = next(form for form in forms(browser.get(address)) if "shown" in form.fields)
    return browser.post(form.action, {**form.fields, "tap": tap, **changes})


@pytest.mark.parametrize(("tap", "pieces", "after"), [("none", "", 0), ("5", "", 12), ("set", "30", 30)])
def test_a_member_taps_on_the_own_page(ina, honey, tap, pieces, after):
    answer = press(Browser(user=ina.user), OWN, tap, pieces=pieces)
    assert answer["Location"] == f"{OWN}#tap-{honey.pk}"
    assert on_hand(honey) == after
    assert Movement.objects.order_by("-pk").first().reference.endswith("Ina")


@pytest.mark.parametrize(("tap", "pieces", "after"), [("none", "", 0), ("5", "", 12), ("set", "30", 30)])
def test_the_link_works_without_a_login(ina, honey, tap, pieces, after):
    link = link_of(ina)
    answer = press(Browser(), link, tap, pieces=pieces)
    assert answer["Location"] == f"{link}#tap-{honey.pk}"
    assert on_hand(honey) == after
    assert Movement.objects.order_by("-pk").first().reference.endswith(f"tautan {ina.number}")


def test_looking_changes_nothing_and_is_kept_nowhere(ina, honey):
    page = Browser().get(link_of(ina))
    assert "Madu Hutan" in page.text
    assert "no-store" in page["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in page.text
    assert on_hand(honey) == 7


def test_the_same_form_sent_twice_adds_once(ina, honey):
    browser, link = Browser(), link_of(ina)
    form = next(form for form in forms(browser.get(link)) if "shown" in form.fields)
    for _again in range(2):
        answer = browser.post(link, {**form.fields, "tap": "10"}, follow=True)
    assert "Ketukan ini sudah tercatat." in answer.text
    assert on_hand(honey) == 17


def test_a_count_of_what_changed_meanwhile_is_asked_again(ina, honey):
    browser, link = Browser(), link_of(ina)
    form = next(form for form in forms(browser.get(link)) if "shown" in form.fields)
    stock.reserve(reference="O-1", wanted={honey.pk: 2}, expires_at=None, now=make.NOW)
    answer = browser.post(link, {**form.fields, "tap": "set", "pieces": "7"}, follow=True)
    assert "Stok berubah menjadi 5 selagi Anda menghitung." in answer.text
    assert on_hand(honey) == 7


def test_the_goods_of_another_member_are_out_of_reach(ina, honey):
    other = make.variant(title="Kopi", seller=make.member(name="Budi"), on_hand=3)
    answer = press(Browser(), link_of(ina), "none", variant=other.pk)
    assert answer.status_code == 302
    assert (on_hand(other), on_hand(honey)) == (3, 7)
    assert "Kopi" not in Browser().get(link_of(ina)).context["rows"].__repr__()


@pytest.mark.parametrize("wrong", [{"tap": "7"}, {"tap": "set", "pieces": "-1"}, {"tap": "5", "key": "x"}, {"tap": ""}])
def test_nonsense_changes_nothing(ina, honey, wrong):
    browser = Browser()
    press(browser, link_of(ina), **{"tap": "none", **wrong})
    assert on_hand(honey) == 7


def test_a_renewed_link_opens_nothing_any_more(ina, honey):
    link, browser = link_of(ina), Browser(user=ina.user)
    assert quick.link(ina) in browser.get(OWN).text
    browser.post("/kelola/saya/stok/tautan/")
    for answer in (Browser().get(link), Browser().post(link, {"variant": honey.pk, "tap": "none", "shown": 7})):
        assert answer.status_code == 404
        assert "Tautan ini tidak berlaku lagi" in answer.text
    assert on_hand(honey) == 7
    fresh = quick.link(Member.objects.get(pk=ina.pk))
    assert fresh in browser.get(OWN).text


def test_in_a_suspended_cooperative_the_link_reads_and_changes_nothing(kopi, ina, honey):
    browser, link = Browser(), link_of(ina)
    form = next(form for form in forms(browser.get(link)) if "shown" in form.fields)
    Cooperative.objects.filter(pk=kopi.pk).update(state="suspended")
    assert browser.get(link).status_code == 200
    assert browser.post(link, {**form.fields, "tap": "none"}).status_code == 503
    assert on_hand(honey) == 7


def test_an_officer_hands_a_link_to_a_member_without_an_account(ina):
    budi = make.member(name="Budi")
    Member.objects.filter(pk=budi.pk).update(phone="+6281200000199")
    page = Browser(user=make.officer()).get(f"/kelola/anggota/{budi.pk}/tautan-stok/")
    assert quick.link(budi) in page.text
    assert "https://wa.me/6281200000199?text=" in page.text


def test_members_of_the_shop_alone_hand_out_no_links_of_others(ina):
    stranger = User.objects.create_user("pembeli@contoh.example", name="Pembeli")
    for user in (ina.user, stranger):
        assert Browser(user=user).get(f"/kelola/anggota/{ina.pk}/tautan-stok/").status_code == 404
    assert Browser(user=stranger).get(OWN).status_code == 404


def test_with_javascript_the_row_comes_back_with_a_word(ina, honey):
    browser, link = Browser(), link_of(ina)
    form = next(form for form in forms(browser.get(link)) if "shown" in form.fields)
    part = browser.post(link, {**form.fields, "tap": "1"}, HTTP_HX_REQUEST="true")
    assert f'id="tap-{honey.pk}"' in part.text
    assert "Ditambah 1." in part.text
    assert "Bisa dijual: 8" in part.text
    assert "<html" not in part.text
