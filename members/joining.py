"""A person joins the cooperative: an entry in the register of members."""

from datetime import date

from django.db import transaction

from accounts.models import User
from members.models import Member


class NumberTaken(ValueError):
    """Another member has this number."""


class EmailTaken(ValueError):
    """Another member logs in with this address."""


@transaction.atomic
def join(*, number: str, name: str, on: date, email: str = "", village: str = "") -> Member:
    """Enter a member. With `email`, they can log in by a code and see their own sales. Raises NumberTaken,
    EmailTaken."""
    if Member.objects.filter(number=number).exists():
        raise NumberTaken(number)
    if email and Member.objects.filter(user__email=email.lower()).exists():
        raise EmailTaken(email)
    user = None
    if email:
        user = User.objects.filter(email=email.lower()).first() or User.objects.create_user(email, name=name)
    return Member.objects.create(number=number, name=name, joined_date=on, user=user, village=village)
