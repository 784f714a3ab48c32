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


def path(*, role: str, email: str) -> str:
    """The path of a link that logs in the person with this e-mail, in the schema in which we stand."""
    token = signing.sign({"role": role, "email": email}, purpose=PURPOSE)
    return f"{reverse('demo:login', args=[role])}?{urlencode({'t': token})}"


def who(*, role: str, token: str) -> User | None:
    """The person that `token` stands for; None when it is forged, of another role or of another cooperative."""
    try:
        value = signing.unsign(token, purpose=PURPOSE)
    except signing.BadToken:
        return None
    if value["role"] != role:
        return None
    return User.objects.filter(email=value["email"], is_active=True).first()
