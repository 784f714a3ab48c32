"""How allauth behaves here: codes by e-mail, never an account on the platform's host by oneself."""

from allauth.account.adapter import DefaultAccountAdapter
from django.db import connection
from django.http import HttpRequest

from tenants.models import PUBLIC


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return connection.schema_name != PUBLIC
