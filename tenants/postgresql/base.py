"""Sets the search_path only when the server says that it is another one.

PostgreSQL 18 reports `search_path` to the client, so the client knows the truth without a round trip, also after
a ROLLBACK. `TENANT_LIMIT_SET_CALLS` guesses instead, and reads the previous tenant's rows when a swallowed
database error turns COMMIT into ROLLBACK. Older servers report nothing: there the path is always set.
"""

from typing import Any

from django_tenants.postgresql_backend import base


class DatabaseWrapper(base.DatabaseWrapper):
    def _handle_search_path(self, cursor: Any = None) -> None:
        if self._setting_search_path:
            return
        connection = self.connection
        if connection is not None:
            reported = connection.info.parameter_status("search_path")
            if reported is not None and reported == ", ".join(self._get_cursor_search_paths()):
                return
        self.search_path_set_schemas = None
        super()._handle_search_path(cursor)
