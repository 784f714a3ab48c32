"""The database connection with what django-tenants adds to it (`tenant`, `schema_name`, `set_tenant`, ...), unknown to
Django's own types."""

from typing import Any

from django.db import connection as _connection

connection: Any = _connection
