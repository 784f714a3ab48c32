"""Everybody of the first shop, logged in at home, and the same sessions carried elsewhere."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import caches
from django.db import transaction
from django.http import HttpResponse

from accounts.models import User
from lib import http
from tenants import resolving
from tenants.context import in_tenant
from tests.browsing import Browser
from tests.two_shops import BATIK_HOST, KOPI_HOST, PLATFORM_HOST, Shop, platform

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
HOSTS = {"own": KOPI_HOST, "other": BATIK_HOST, "platform": PLATFORM_HOST}


@dataclass
class World:
    kopi: Shop
    batik: Shop
    sessions: dict[str, str]  # role -> session key, of the first shop or (operator) of the platform

    def browser(self, role: str, where: str = "own") -> Browser:
        browser = Browser(HOSTS[where], raise_request_exception=False)
        if role in self.sessions:
            browser.cookies["sessionid"] = self.sessions[role]
        return browser


@pytest.fixture(scope="module")
def sessions(two_shops: tuple[Shop, Shop]) -> dict[str, str]:
    kopi, _ = two_shops
    keys = {role: Browser(KOPI_HOST, user=user).cookies["sessionid"].value for role, user in kopi.people.items()}
    return {**keys, "operator": _operator()}


@pytest.fixture
def world(
    two_shops: tuple[Shop, Shop], sessions: dict[str, str], settings: object, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """What a test does is undone after it. Whoever is asked outside of this machine is away."""
    for module in (http, resolving):  # the transaction is the test's
        monkeypatch.setattr(module, "refuse_inside_transaction", lambda call: None)
    settings.SHOPEE_API_BASE = settings.STRIPE_API_BASE = "http://127.0.0.1:1"
    settings.DNS_RESOLVERS, settings.DNS_SECONDS = ["127.0.0.1:1"], 0.05
    for each in caches.all():
        each.clear()
    with transaction.atomic():
        yield World(*two_shops, sessions)
        transaction.set_rollback(True)


def everything_in(answer: HttpResponse) -> bytes:
    """Head and body, in lower case."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return (repr(sorted(answer.items())) + repr(answer.cookies)).encode().lower() + body.lower()


def _operator() -> str:
    browser = Browser(PLATFORM_HOST)
    with in_tenant(platform()):
        user = User.objects.create_superuser("op@platform.example", name="Operator")
        totp.TOTP.activate(user, SECRET)
        browser.force_login(user)
        session = browser.session
        session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
    return browser.cookies["sessionid"].value
