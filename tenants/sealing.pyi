"""For the type checker: what the plugin for Django needs to know, without the inside of Django that sealing.py uses."""

from typing import TypeVar

from django.db.models import Manager, Model
from django.db.models import QuerySet as TenantQuerySet

__all__ = ["CrossTenantError", "TenantManager", "TenantModel", "TenantQuerySet"]

M = TypeVar("M", bound=Model, covariant=True)

class CrossTenantError(RuntimeError): ...
class TenantManager(Manager[M]): ...

class TenantModel(Model):
    class Meta:
        abstract = True
