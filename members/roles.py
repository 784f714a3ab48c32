"""Who may do what. One table; a view names a permission and nothing else."""

from enum import StrEnum

from accounts.models import User
from members.models import Officer


class May(StrEnum):
    """What the back office lets people do."""

    ENTER = "enter"
    SEE_ORDERS = "see_orders"
    HANDLE_ORDERS = "handle_orders"
    SEE_PRODUCTS = "see_products"
    EDIT_PRODUCTS = "edit_products"
    APPROVE_PRODUCTS = "approve_products"  # what members submit
    MODERATE_REVIEWS = "moderate_reviews"
    SEE_MONEY = "see_money"
    CONFIRM_MONEY = "confirm_money"
    SEE_CHANNELS = "see_channels"
    CONNECT_CHANNELS = "connect_channels"
    SEE_MEMBERS = "see_members"
    EDIT_MEMBERS = "edit_members"
    RUN_SHOP = "run_shop"  # what the shop is to the world: its addresses, its opening and closing, leaving
    SEE_VISITS = "see_visits"  # which operators of the platform looked in, and at what
    SEE_OWN = "see_own"  # of members: their own goods, sales and statement
    EDIT_OWN = "edit_own"  # of members: list goods, count their own shelf


SEE = {May.ENTER, May.SEE_ORDERS, May.SEE_PRODUCTS, May.SEE_MONEY, May.SEE_CHANNELS, May.SEE_MEMBERS}
ALLOWED: dict[str, set[May]] = {
    Officer.Role.PENGURUS: set(May) - {May.SEE_OWN, May.EDIT_OWN},
    Officer.Role.BENDAHARA: SEE | {May.CONFIRM_MONEY},
    Officer.Role.PETUGAS: {
        May.ENTER,
        May.SEE_ORDERS,
        May.HANDLE_ORDERS,
        May.SEE_PRODUCTS,
        May.EDIT_PRODUCTS,
        May.APPROVE_PRODUCTS,
        May.MODERATE_REVIEWS,
        May.SEE_CHANNELS,
        May.SEE_MEMBERS,
    },
    Officer.Role.PENGAWAS: SEE | {May.SEE_VISITS},
}


def allowed(user: User) -> set[May]:
    """Everything that `user` may do here, by office and by membership. Nothing by default."""
    if not user.is_authenticated or not user.is_active:
        return set()
    role, member = User.objects.values_list("officer__role", "member__pk").get(pk=user.pk)
    by_office = ALLOWED[role] if role else set()
    return by_office | {May.SEE_OWN, May.EDIT_OWN} if member else set(by_office)


def may(user: User, what: May) -> bool:
    """Whether `user` may do `what`."""
    return what in allowed(user)
