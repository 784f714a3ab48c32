from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from lib.schema import connection
from tenants.models import PUBLIC
from tenants.sealing import TenantManager, TenantModel


class UserManager(TenantManager["User"], BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user without a usable password unless one is given: people log in by a code sent to them."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An operator. A password would open nothing: operators log in by code and second factor."""
        return self.create_user(email, is_operator=True, **fields)


class User(TenantModel, AbstractBaseUser):
    """A person who can log in: customer, member or officer of one cooperative, or (in `public`) an operator.

    There are no permission tables: what a person may do follows from membership and office
    (members/roles.py), or from being an operator of the platform.
    """

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("nama"), max_length=80, blank=True)
    phone = models.CharField(_("nomor HP"), max_length=20, blank=True)
    language = models.CharField(max_length=2, default="id", db_default="id")
    is_active = models.BooleanField(default=True, db_default=True)
    is_operator = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()  # type: ignore[misc]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_user_per_email")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        """May open the operator console, which exists on the platform's host only."""
        return self.is_operator and connection.schema_name == PUBLIC

    @property
    def is_superuser(self) -> bool:
        return self.is_staff

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_active and self.is_staff

    def has_perms(self, perm_list: Any, obj: Any = None) -> bool:
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff
