"""A browser at one host. After each request the test stands where it stood before."""

from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from tenants.context import in_tenant
from tenants.models import Cooperative

PLATFORM = "localhost"
KOPI = "kopi-gayo.localhost"
BATIK = "batik-lasem.localhost"


class Browser(Client):
    """Django's client, which the tenant middleware would leave standing in `public`."""

    def __init__(self, host: str = KOPI, *, user: User | None = None, **options: Any) -> None:
        super().__init__(HTTP_HOST=host, **options)
        self.host = host
        if user:
            with in_tenant(self._cooperative()):
                self.force_login(user)

    def request(self, **request: Any) -> HttpResponse:
        before = connection.tenant
        try:
            return super().request(**request)
        finally:
            connection.set_tenant(before)

    @property
    def is_logged_in(self) -> bool:
        """Whether the session, at the host that it belongs to, knows a user."""
        with in_tenant(self._cooperative()):
            return "_auth_user_id" in self.session

    def _cooperative(self) -> Cooperative:
        return Cooperative.objects.get(domains__domain=self.host)
