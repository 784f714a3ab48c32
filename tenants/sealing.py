"""Rows, queries and instances of a cooperative know whose they are, and refuse to work in another's schema.

The ORM is lazy: a queryset asks when it is read, an instance asks again for what it was not given. Where that happens
after the code has moved on to another cooperative, the same tables of another schema would answer. Every model of ours
in settings.TENANT_APPS stands on TenantModel, so that this raises CrossTenantError instead (docs/tenancy.md).
"""

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from django.db import connections, models
from django.db.models import sql

from lib.schema import connection

M = TypeVar("M", bound=models.Model)


class CrossTenantError(RuntimeError):
    """A query or an instance of one cooperative was used in another, or in `public`."""


class TenantQuery(sql.Query):
    """A query that runs only where it was begun: it is checked against the very connection that it runs on."""

    schema: str

    def __init__(self, model: Any, *args: Any, **options: Any) -> None:
        super().__init__(model, *args, **options)
        self.schema = connection.schema_name

    def chain(self, klass: Any = None) -> Any:
        return super().chain(SEALED_KINDS.get(klass, klass))

    def get_compiler(self, using: Any = None, connection: Any = None, elide_empty: bool = True) -> Any:
        _check(self.schema, connections[using] if using else connection)
        return super().get_compiler(using, connection, elide_empty)

    def check_query_object_type(self, value: Any, opts: Any, field: Any) -> None:
        """`filter(member=…)`: an instance that is compared with is of this cooperative too."""
        _check_instance(value)
        super().check_query_object_type(value, opts, field)


class TenantUpdateQuery(TenantQuery, sql.UpdateQuery):
    pass


class TenantDeleteQuery(TenantQuery, sql.DeleteQuery):
    pass


SEALED_KINDS = {sql.Query: TenantQuery, sql.UpdateQuery: TenantUpdateQuery, sql.DeleteQuery: TenantDeleteQuery}


class Alias(str):
    """The name of a connection, as Django hands it from a queryset to the instances that it makes, and whose rows
    they are. A thousand instances need not ask a thousand times where they stand."""

    schema: str

    def __new__(cls, name: str, schema: str) -> "Alias":
        made = super().__new__(cls, name)
        made.schema = schema
        return made

    def __getnewargs__(self) -> tuple[str, str]:
        return str(self), self.schema


class TenantQuerySet(models.QuerySet[M]):
    def __init__(self, model: Any = None, query: Any = None, using: Any = None, hints: Any = None) -> None:
        _check_hints(hints)
        super().__init__(model, query if query is not None or model is None else TenantQuery(model), using, hints)

    @property
    def db(self) -> Alias:
        return Alias(super().db, self._query.schema)

    def create(self, **values: Any) -> M:
        _check(self._query.schema)
        return super().create(**values)

    def iterator(self, *args: Any, **options: Any) -> Iterator[M]:
        """Rows one by one, as long as the code stays where it began to read."""
        for row in super().iterator(*args, **options):
            yield row
            _check(self._query.schema)

    def bulk_update(self, objs: Iterable[M], *args: Any, **options: Any) -> int:
        rows = list(objs)
        for row in rows:
            _check_instance(row)
        return super().bulk_update(rows, *args, **options)

    def raw(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError("a raw query does not know whose it is: use the ORM, or a cursor")

    def _add_hints(self, **hints: Any) -> None:
        _check_hints(hints)
        super()._add_hints(**hints)

    def _fetch_all(self) -> None:
        _check(self._query.schema)  # also when its rows were read before: they are another's now
        super()._fetch_all()

    def _insert(self, objs: Any, *args: Any, using: Any = None, **options: Any) -> Any:
        _check(self._query.schema, connections[using or self.db])
        for row in objs:
            _check_with_relations(row)
        return super()._insert(objs, *args, using=using, **options)

    def _raw_delete(self, using: Any) -> Any:
        _check(self._query.schema, connections[using])
        return super()._raw_delete(using)


class TenantManager(models.Manager.from_queryset(TenantQuerySet)):
    pass


class TenantModel(models.Model):
    """The base of every model whose rows belong to one cooperative. Fields are given to it by name."""

    objects = TenantManager()

    class Meta:
        abstract = True

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        if not args:  # made here; what comes from the database comes by from_db
            self._state.schema = connection.schema_name

    @classmethod
    def from_db(cls, db: str, *args: Any) -> Any:
        made = super().from_db(db, *args)
        made._state.schema = db.schema if isinstance(db, Alias) else connections[db].schema_name
        return made

    def save_base(self, *args: Any, **options: Any) -> None:
        _check_with_relations(self)
        super().save_base(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        _check_instance(self)
        return super().delete(*args, **options)

    def prepare_database_save(self, field: Any) -> Any:
        """`update(member=…)`: an instance that is pointed at is of this cooperative too."""
        _check_instance(self)
        return super().prepare_database_save(field)


# Relations and refresh_from_db go through the base manager. Set here and not in Meta, where every migration would
# have to repeat it.
TenantModel._meta.base_manager_name = "objects"


def _check(schema: str, on: Any = connection) -> None:
    if schema != on.schema_name:
        raise CrossTenantError(f"made in {schema}, used in {on.schema_name}")


def _check_instance(instance: Any) -> None:
    if isinstance(instance, TenantModel):
        _check(instance._state.schema)


def _check_hints(hints: Any) -> None:
    """A relation of an instance is read where the instance is at home."""
    _check_instance(hints and hints.get("instance"))


def _check_with_relations(instance: Any) -> None:
    """Of this cooperative, and so is every object that it was given to point at."""
    _check_instance(instance)
    for other in instance._state.fields_cache.values():
        _check_instance(other)
