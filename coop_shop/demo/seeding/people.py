"""Members, officers and one customer who can log in. Stands in the cooperative's schema."""

from datetime import date

from allauth.account.models import EmailAddress

from accounts.models import User
from coop_shop.demo import logins
from coop_shop.demo.seeding.data import Data
from members.models import Member, Officer


def register(data: Data) -> None:
    """The register of members with their users, and the officers."""
    known = set(Member.objects.values_list("number", flat=True))
    for row in data.members:
        if row["number"] not in known:
            Member.objects.create(
                number=row["number"],
                name=row["name"],
                user=_user(member_email(data, row["number"]), row["name"], row["phone"]),
                phone=row["phone"],
                village=f"{row['village']}, {row['kecamatan']}",
                story=row["story"],
                joined_date=date(int(row["since_year"]), 1, 1),
                bank_name=row["bank_name"],
                bank_account=row["bank_account"],
                bank_holder=row["bank_holder"],
            )
    for row in data.about["officers"]:
        officer = _user(row["email"], row["name"])
        Officer.objects.get_or_create(user=officer, defaults={"role": row["role"]})
        _prove(officer)
    buyer = _customer(data)
    _prove(_user(buyer["email"], buyer["name"], buyer["phone"]))


def one_tap_logins(data: Data) -> list[tuple[str, str, str]]:
    """(role, person's name, path of the link) for everybody that a visitor of the demo may want to be."""
    first = data.members[0]
    buyer = _customer(data)
    people = [
        (logins.CUSTOMER, buyer["name"], buyer["email"]),
        (logins.MEMBER, first["name"], member_email(data, first["number"])),
        *((row["role"], row["name"], row["email"]) for row in data.about["officers"]),
    ]
    return [(role, name, logins.path(role=role, user=User.objects.get(email=email))) for role, name, email in people]


def member_email(data: Data, number: str) -> str:
    return f"{number.lower()}@{data.slug}.example"


def _customer(data: Data) -> dict[str, str]:
    """Who ordered last in the shop itself; marketplaces hide their buyers."""
    return next(row["buyer"] for row in reversed(data.orders) if row["channel"] == "shop")


def _user(email: str, name: str, phone: str = "") -> User:
    return User.objects.filter(email=email).first() or User.objects.create_user(email, name=name, phone=phone)


def _prove(user: User) -> None:
    """As after a first login by code: a shop opens only with an officer who has proven an address, and a customer sees
    the orders of a proven one."""
    EmailAddress.objects.get_or_create(user=user, email=user.email, verified=True, primary=True)
