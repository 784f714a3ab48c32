"""Sets the search_path only when the server says that it is another one.

PostgreSQL 18 reports `search_path` to the client, so the client knows the truth without a round trip, also after
a ROLLBACK. `TENANT_LIMIT_SET_CALLS` guesses instead, and reads the previous tenant's rows when a swallowed
database error turns COMMIT into ROLLBACK. Older servers report nothing: there the path is always set.

It also notices which statements change what visitors see, and says so once they are committed (tenants/freshness.py).
"""

from typing import Any

from django_tenants.postgresql_backend import base

from tenants import freshness


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.changed: set[str] = set()  # by the transaction that is open
        self.execute_wrappers.append(freshness.notice)

    def tell_changes(self) -> None:
        changed, self.changed = self.changed, set()
        if changed:
            freshness.tell(changed)

    def _commit(self) -> None:
        try:
            super()._commit()
        finally:  # where the connection broke, nobody knows whether it was committed
            self.tell_changes()

    def _rollback(self) -> None:
        super()._rollback()
        self.changed.clear()

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
