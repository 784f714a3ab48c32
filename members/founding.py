"""A cooperative begins: its shop, and the first person who runs it."""

from django.db import transaction

from accounts.models import User
from members.models import Officer
from tenants import provisioning
from tenants.context import in_tenant
from tenants.models import Cooperative


@transaction.atomic
def found(
    *, name: str, slug: str, admin_email: str, admin_name: str = "", state: str = Cooperative.State.PREPARING
) -> Cooperative:
    """Make a cooperative with an empty shop and its first `pengurus`, who logs in by a code sent to `admin_email`
    and opens the shop when it is ready.

    All or nothing. This is the one transaction that begins outside the cooperative (tenants/context.py): the schema
    is made in it. Nothing here waits for the commit, so nothing can run in the wrong schema then.
    Raises provisioning.SlugRefused.
    """
    cooperative = provisioning.create_cooperative(name=name, slug=slug, state=state)
    with in_tenant(cooperative):
        user = User.objects.create_user(admin_email, name=admin_name)
        Officer.objects.create(user=user, role=Officer.Role.PENGURUS)
    return cooperative
