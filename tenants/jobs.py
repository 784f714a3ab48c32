"""The base of every Celery task: it knows its cooperative or it does not run.

tenant-schemas-celery carries the schema in a header and switches to it, but runs a task without a header, or of
a cooperative that is gone, in `public`. This base refuses both.
"""

from functools import partial
from typing import Any

from celery.exceptions import Reject
from celery.utils.log import get_task_logger
from django.db import transaction
from tenant_schemas_celery.task import TenantTask

from lib.schema import connection
from tenants.models import PUBLIC, Cooperative

logger = get_task_logger(__name__)


class NeedsCooperative(RuntimeError):
    """A task of a cooperative was sent or started without one."""


class CooperativeTask(TenantTask):
    """A task that belongs to the cooperative in whose schema it is sent.

    Declare `platform = True` for the few that work in `public`.
    """

    abstract = True
    platform = False

    def apply_async(self, args: Any = None, kwargs: Any = None, *rest: Any, **options: Any) -> Any:
        headers = options.get("headers") or {}
        if not self.platform and headers.get("_schema_name", connection.schema_name) == PUBLIC:
            raise NeedsCooperative(f"{self.name} sent from the public schema")
        return super().apply_async(args, kwargs, *rest, **options)

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:
        # The schema is bound now: at commit the connection may stand elsewhere.
        headers = {"_schema_name": connection.schema_name}
        send = partial(self.apply_async, args=args, kwargs=kwargs, headers=headers)
        transaction.on_commit(send, robust=True)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        wanted = self.request.get("_schema_name") or (self.request.headers or {}).get("_schema_name")
        if self.platform:
            connection.set_schema_to_public()
        elif not self._stands_in(wanted):
            logger.error("%s refused: no living cooperative %r", self.name, wanted)
            raise Reject("no living cooperative", requeue=False)
        return super().__call__(*args, **kwargs)

    def _stands_in(self, wanted: str | None) -> bool:
        if not wanted or wanted == PUBLIC or connection.schema_name != wanted:
            return False
        cooperative = Cooperative.objects.filter(schema_name=wanted, state=Cooperative.State.OPEN).first()
        if cooperative is None:
            return False
        connection.set_tenant(cooperative)
        return True
