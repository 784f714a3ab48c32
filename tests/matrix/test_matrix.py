"""Every address x every kind of person x three hosts: who gets in, and that nothing of the other shop is ever there.

Generated from the resolver; who should get in stands in expected.py and, for the back office, on the views.
"""

from collections.abc import Iterator

import pytest
from django.http import HttpResponse

from members.roles import allowed
from tenants.context import in_tenant
from tests.matrix.conftest import World, everything_in
from tests.matrix.expected import AUDIENCE, PLATFORM_URLS, SHOP_URLS, For, View, address, views
from tests.two_shops import ROLES, Shop, checksums

LOGINS = ("/akun/masuk/", "/operator/login/")
# after these the rest would be asked by nobody
ENDS_THE_SESSION = {"account_logout", "admin:logout"}


def test_every_address_says_who_it_is_for() -> None:
    everything = [*views(SHOP_URLS), *views(PLATFORM_URLS)]
    others = {view.name for view in everything if not view.needs and not view.name.startswith("admin:")}
    unsaid = others - AUDIENCE.keys()
    assert unsaid == set(), "say in tests/matrix/expected.py who they are for"
    assert AUDIENCE.keys() - others == set(), "these are gone, or say it themselves"


@pytest.mark.parametrize("role", ROLES)
def test_at_home_each_gets_where_they_may_and_sees_nothing_of_the_other_shop(role: str, world: World) -> None:
    browser = world.browser(role)
    wrong = []
    for view, path in paths(SHOP_URLS, world.kopi):
        answer = browser.get(path)
        if not as_expected(answer, view, role, world, writing=False):
            wrong.append((view.name, answer.status_code, answer.headers.get("Location")))
        assert not shows(answer, "kanari-batik", "rahasia-batik"), (view.name, path)
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_an_empty_form_changes_nothing_for_who_may_not_and_nothing_of_the_other_for_anybody(
    role: str, world: World
) -> None:
    browser = world.browser(role)
    own, other = checksums(world.kopi), checksums(world.batik)
    later, wrong = [], []
    for view, path in paths(SHOP_URLS, world.kopi):
        if may(view, role, world, writing=True):
            later.append((view, path))
            continue
        answer = browser.post(path)
        if not as_expected(answer, view, role, world, writing=True):
            wrong.append((view.name, answer.status_code))
    assert wrong == []
    assert checksums(world.kopi) == own
    for view, path in later:
        answer = browser.post(path)
        assert answer.status_code < 500, (view.name, answer.status_code)
        assert not shows(answer, "kanari-batik", "rahasia-batik"), (view.name, path)
    assert checksums(world.batik) == other


@pytest.mark.parametrize("role", ["pengurus", "member"])
def test_keys_of_the_other_shop_open_nothing_of_it(role: str, world: World) -> None:
    """In a shop's own tables they are equal, and find the own row; in the shared tables they name the other's."""
    browser = world.browser(role)
    before = checksums(world.batik)
    for view, path in paths(SHOP_URLS, world.batik):
        if not view.parts:
            continue
        for answer in (browser.get(path), browser.post(path)):
            assert answer.status_code < 500, (view.name, answer.status_code)
            assert not shows(answer, "kanari-batik", "rahasia-batik"), (view.name, path)
            if path != address(view, world.kopi):
                assert answer.status_code in (404, 405), (view.name, answer.status_code)
    assert checksums(world.batik) == before


@pytest.mark.parametrize("role", ROLES)
def test_a_session_carried_to_the_other_shop_is_nobodys(role: str, world: World) -> None:
    browser = world.browser(role, "other")
    before = checksums(world.batik)
    wrong = []
    for view, path in paths(SHOP_URLS, world.batik):
        if view.name in ("storefront:order", "storefront:question"):
            continue  # its address is the key, whoever holds it: test_keys.py
        asked = [(browser.get(path), False)]
        if role in ("nobody", "pengurus"):
            asked.append((browser.post(path), True))
        for answer, writing in asked:
            if not as_expected(answer, view, "nobody", world, writing=writing):
                wrong.append((view.name, answer.status_code, writing))
            assert not shows(answer, "rahasia", "kanari-kopi"), (view.name, path)
            browser.cookies["sessionid"] = world.sessions.get(role, "")
    assert wrong == []
    assert checksums(world.batik) == before


@pytest.mark.parametrize("role", ROLES)
def test_the_platform_knows_no_person_of_a_shop(role: str, world: World) -> None:
    browser = world.browser(role, "platform")
    opened = set()
    for view, path in paths(PLATFORM_URLS, world.batik):
        answer = browser.get(path)
        if view.audience is For.OPERATOR and is_in(answer):
            opened.add(view.name)
        assert answer.status_code < 500, view.name
        assert not shows(answer, "rahasia"), view.name
    if role == "operator":  # blind, but not locked out
        assert opened > {"admin:index", "admin:tenants_cooperative_changelist", "admin:tenants_pulse_changelist"}
    else:
        assert opened == set()


def test_no_address_of_a_shop_shows_anything_of_it_at_the_platform_not_even_to_an_operator(world: World) -> None:
    browser = world.browser("operator", "platform")
    before = checksums(world.kopi), checksums(world.batik)
    for view, path in paths(SHOP_URLS, world.batik):
        for answer in (browser.get(path), browser.post(path)):
            assert answer.status_code < 500, view.name
            assert not shows(answer, "rahasia"), view.name
    assert (checksums(world.kopi), checksums(world.batik)) == before


def paths(urlconf: str, shop: Shop) -> Iterator[tuple[View, str]]:
    for view in views(urlconf):
        if view.name not in ENDS_THE_SESSION:
            yield view, address(view, shop)


def may(view: View, role: str, world: World, *, writing: bool) -> bool:
    """Whether this address lets this kind of person of the first shop in, at home."""
    if view.audience is For.BY_RIGHT:
        if role not in world.kopi.people:
            return False
        reading, to_write = view.needs
        wanted = {to_write} if writing and to_write else set(reading)
        with in_tenant(world.kopi.cooperative):
            return bool(allowed(world.kopi.people[role]) & wanted)
    if view.audience is For.LOGGED_IN:
        return role in world.kopi.people
    return view.audience in (For.ANYONE, For.STEP)


def as_expected(answer: HttpResponse, view: View, role: str, world: World, *, writing: bool) -> bool:
    if may(view, role, world, writing=writing):
        return is_in(answer) or (view.audience is For.STEP and is_sent_to_log_in(answer))
    if view.audience is For.BY_RIGHT:
        return answer.status_code == 404 if role in world.kopi.people else is_sent_to_log_in(answer)
    if view.audience is For.LOGGED_IN:
        return is_sent_to_log_in(answer)
    return 400 <= answer.status_code < 500


def shows(answer: HttpResponse, *canaries: str) -> bool:
    text = everything_in(answer)
    return any(canary.encode() in text for canary in canaries)


def is_in(answer: HttpResponse) -> bool:
    """The view itself answered: a page, a way on, or that it wants another method or a filled-in form."""
    return answer.status_code in (200, 301, 302, 303, 400, 405, 422) and not is_sent_to_log_in(answer)


def is_sent_to_log_in(answer: HttpResponse) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith(LOGINS)
