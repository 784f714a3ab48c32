"""Rows, queries and instances of a cooperative know whose they are, and refuse to work in another's schema.

The ORM is lazy: a queryset asks when it is read, an instance asks again for what it was not given. Where that happens
after the code has moved on to another cooperative, the same tables of another schema would answer. Every model of ours
in settings.TENANT_APPS stands on TenantModel, so that this raises CrossTenantError instead (docs/tenancy.md).
"""

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from django.db import models
from django.db.models import sql

from lib.schema import connection

M = TypeVar("M", bound=models.Model)


class CrossTenantError(RuntimeError):
    """A query or an instance of one cooperative was used in another, or in `public`."""


class TenantQuery(sql.Query):
    """A query that is compiled only in the schema in which it was begun."""

    schema: str

    def __init__(self, model: Any, *args: Any, **options: Any) -> None:
        super().__init__(model, *args, **options)
        self.schema = connection.schema_name

    def chain(self, klass: Any = None) -> Any:
        return super().chain(SEALED_KINDS.get(klass, klass))

    def get_compiler(self, *args: Any, **options: Any) -> Any:
        check(self)
        return super().get_compiler(*args, **options)

    def check_query_object_type(self, value: Any, opts: Any, field: Any) -> None:
        """`filter(member=…)`: an instance that is compared with is of this cooperative too."""
        if isinstance(value, TenantModel):
            check(value._state)
        super().check_query_object_type(value, opts, field)


class TenantUpdateQuery(TenantQuery, sql.UpdateQuery):
    pass


class TenantDeleteQuery(TenantQuery, sql.DeleteQuery):
    pass


SEALED_KINDS = {sql.Query: TenantQuery, sql.UpdateQuery: TenantUpdateQuery, sql.DeleteQuery: TenantDeleteQuery}


class TenantQuerySet(models.QuerySet[M]):
    def __init__(self, model: Any = None, query: Any = None, using: Any = None, hints: Any = None) -> None:
        _check_hints(hints)
        super().__init__(model, query if query is not None or model is None else TenantQuery(model), using, hints)

    def _add_hints(self, **hints: Any) -> None:
        _check_hints(hints)
        super()._add_hints(**hints)

    def _fetch_all(self) -> None:
        check(self._query)  # also when its rows were read before: they are another's now
        super()._fetch_all()

    def iterator(self, *args: Any, **options: Any) -> Iterator[M]:
        """Rows one by one, as long as the code stays where it began to read."""
        for row in super().iterator(*args, **options):
            yield row
            check(self._query)

    def bulk_update(self, objs: Iterable[M], *args: Any, **options: Any) -> int:
        rows = list(objs)
        for row in rows:
            check(row._state)
        return super().bulk_update(rows, *args, **options)

    def _insert(self, objs: Any, *args: Any, **options: Any) -> Any:
        check(self._query)
        for row in objs:
            _check_instance(row)
        return super()._insert(objs, *args, **options)

    def _raw_delete(self, using: Any) -> Any:
        check(self._query)
        return super()._raw_delete(using)


class TenantManager(models.Manager.from_queryset(TenantQuerySet)):
    pass


class TenantModel(models.Model):
    """The base of every model whose rows belong to one cooperative."""

    objects = TenantManager()

    class Meta:
        abstract = True

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self._state.schema = connection.schema_name

    def save_base(self, *args: Any, **options: Any) -> None:
        _check_instance(self)
        super().save_base(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        check(self._state)
        return super().delete(*args, **options)

    def prepare_database_save(self, field: Any) -> Any:
        """`update(member=…)`: an instance that is pointed at is of this cooperative too."""
        check(self._state)
        return super().prepare_database_save(field)


# Relations and refresh_from_db go through the base manager. Set here and not in Meta, where every migration would
# have to repeat it.
TenantModel._meta.base_manager_name = "objects"


def check(stamped: Any) -> None:
    """`stamped.schema` is where the code stands. Raises CrossTenantError."""
    if stamped.schema != connection.schema_name:
        raise CrossTenantError(f"made in {stamped.schema}, used in {connection.schema_name}")


def _check_hints(hints: Any) -> None:
    """A relation of an instance is read where the instance is at home."""
    instance = hints and hints.get("instance")
    if isinstance(instance, TenantModel):
        check(instance._state)


def _check_instance(instance: Any) -> None:
    """Of this cooperative, and so is every object that it was given to point at."""
    check(instance._state)
    for other in instance._state.fields_cache.values():
        if isinstance(other, TenantModel):
            check(other._state)
