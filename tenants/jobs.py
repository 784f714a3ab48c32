"""The base of every Celery task: it knows its cooperative or it does not run.

tenant-schemas-celery carries the schema in a header and switches to it, but runs a task without a header, or of
a cooperative that is gone, in `public`; and the body of a chord in whatever schema the last task before it stood. This
base refuses all three. Work that is due does not come this way: tenants/running.py asks `working_cooperative` itself.
"""

from functools import partial
from typing import Any

from celery.canvas import Signature
from celery.exceptions import Reject
from celery.utils.log import get_task_logger
from tenant_schemas_celery.task import TenantTask

from lib.schema import connection
from tenants import versions
from tenants.context import on_commit
from tenants.models import PUBLIC, Cooperative

logger = get_task_logger(__name__)


class NeedsCooperative(RuntimeError):
    """A task of a cooperative was sent or started without one."""


def working_cooperative(schema_name: str | None) -> Cooperative | None:
    """The cooperative of this schema, if jobs of this code may run in it: it lives, is not moving to another server
    and has the tables that the code needs. Asked anew each time."""
    if not schema_name or schema_name == PUBLIC:
        return None
    found = Cooperative.objects.living().filter(schema_name=schema_name, moving_to="").first()
    return None if found is None or versions.is_behind(found.schema_version) else found


class CooperativeTask(TenantTask):
    """A task that belongs to the cooperative in whose schema it is sent.

    `delay`, `delay_on_commit` and `s` name it, when they are called; `apply_async` wants the header `_schema_name`.
    Declare `platform = True` for the few that work in `public`.
    """

    abstract = True
    platform = False

    def apply_async(self, args: Any = None, kwargs: Any = None, *rest: Any, **options: Any) -> Any:
        if not self.platform and (options.get("headers") or {}).get("_schema_name", PUBLIC) == PUBLIC:
            raise NeedsCooperative(f"{self.name} sent without its cooperative")
        return super().apply_async(args, kwargs, *rest, **options)

    def delay(self, *args: Any, **kwargs: Any) -> Any:
        return self.apply_async(args, kwargs, headers={"_schema_name": connection.schema_name})

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:
        # The schema is bound now: at commit the connection may stand elsewhere.
        headers = {"_schema_name": connection.schema_name}
        on_commit(partial(self.apply_async, args=args, kwargs=kwargs, headers=headers))

    def signature(self, *args: Any, **options: Any) -> Signature:
        # The same for what is sent by others later: links of a chain, the body of a chord, a retry.
        made = super().signature(*args, **options)
        made.options["headers"] = {"_schema_name": connection.schema_name, **(made.options.get("headers") or {})}
        return made

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        wanted = self.request.get("_schema_name") or (self.request.headers or {}).get("_schema_name")
        if self.platform:
            connection.set_schema_to_public()
        elif not self._stands_in(wanted):
            logger.error("%s refused: no living cooperative %r", self.name, wanted)
            raise Reject("no living cooperative", requeue=False)
        return super().__call__(*args, **kwargs)

    def _stands_in(self, wanted: str | None) -> bool:
        cooperative = working_cooperative(wanted)
        if cooperative is None or connection.schema_name != wanted:
            return False
        connection.set_tenant(cooperative)
        return True
