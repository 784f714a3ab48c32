"""Operators at the console: with a second factor that they passed, as after a real login."""

import time
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal import auth as totp

from accounts.models import User
from backoffice.tests.conftest import seller, world  # noqa: F401 - fixtures
from tenants.context import in_tenant
from tenants.models import PUBLIC, Cooperative
from tests.browsing import PLATFORM, Browser

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def platform_itself(db: None) -> Cooperative:
    return Cooperative.objects.get(schema_name=PUBLIC)


@pytest.fixture
def operator(platform_itself: Cooperative) -> User:
    with in_tenant(platform_itself):
        return User.objects.create_superuser("op@platform.example", name="Operator")


@pytest.fixture
def colleague(platform_itself: Cooperative) -> User:
    with in_tenant(platform_itself):
        return User.objects.create_superuser("rekan@platform.example", name="Rekan")


@pytest.fixture
def sit_down(platform_itself: Cooperative) -> Callable[[User], Browser]:
    """A browser in which this operator has come through both steps."""

    def browser(user: User) -> Browser:
        client = Browser(PLATFORM)
        with in_tenant(platform_itself):
            totp.TOTP.activate(user, SECRET)
            client.force_login(user)
            session = client.session
            session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
            session["account_authentication_methods_user"] = str(user.pk)
            session.save()
        return client

    return browser


@pytest.fixture
def console(operator: User, sit_down: Callable[[User], Browser]) -> Browser:
    return sit_down(operator)


def code_now(secret: str, *, steps: int = 0) -> str:
    """What the device of `secret` shows, or shows `steps` half minutes later."""
    counter = int(time.time()) // 30 + steps
    return totp.format_hotp_value(totp.hotp_value(secret, counter))
