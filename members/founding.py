"""A cooperative begins: its shop, and the first person who runs it."""

from accounts.models import User
from members.models import Officer
from tenants import provisioning
from tenants.context import in_tenant
from tenants.models import Cooperative


def found(*, name: str, slug: str, admin_email: str, admin_name: str = "") -> Cooperative:
    """Make a cooperative with an empty shop and its first `pengurus`, who logs in by a code sent to `admin_email`.

    Raises provisioning.SlugRefused.
    """
    cooperative = provisioning.create_cooperative(name=name, slug=slug, state=Cooperative.State.OPEN)
    with in_tenant(cooperative):
        user = User.objects.create_user(admin_email, name=admin_name)
        Officer.objects.create(user=user, role=Officer.Role.PENGURUS)
    return cooperative
