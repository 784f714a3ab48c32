"""Every log line says in which schema it was written."""

import logging

from django.db import connection


class TenantFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.schema = getattr(connection, "schema_name", "-")
        return True
