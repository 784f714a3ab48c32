"""One-tap logins: a signed link per role, which only exists while settings.DEMO is on."""

from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import User
from lib import signing
from members.models import Officer

CUSTOMER = "pelanggan"
MEMBER = "anggota"
OPERATOR = "operator"
ROLES = (CUSTOMER, MEMBER, *Officer.Role.values, OPERATOR)
PURPOSE = "demo-login"


def path(*, role: str, user: User) -> str:
    """The path of a link that logs in `user`, in the schema in which we stand."""
    token = signing.sign(user.pk, purpose=f"{PURPOSE}:{role}")
    return f"{reverse('demo:login', args=[role])}?{urlencode({'t': token}, safe=':')}"


def who(*, role: str, token: str) -> User | None:
    """The person that `token` stands for; None when it is forged, of another role or of another cooperative."""
    try:
        pk = signing.unsign(token, purpose=f"{PURPOSE}:{role}")
    except signing.BadToken:
        return None
    return User.objects.filter(pk=pk, is_active=True).first()
