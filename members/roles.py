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
    SEE_MONEY = "see_money"
    CONFIRM_MONEY = "confirm_money"
    SEE_CHANNELS = "see_channels"
    CONNECT_CHANNELS = "connect_channels"


SEE = {May.ENTER, May.SEE_ORDERS, May.SEE_PRODUCTS, May.SEE_MONEY, May.SEE_CHANNELS}
ALLOWED: dict[str, set[May]] = {
    Officer.Role.PENGURUS: set(May),
    Officer.Role.BENDAHARA: SEE | {May.CONFIRM_MONEY},
    Officer.Role.PETUGAS: {
        May.ENTER,
        May.SEE_ORDERS,
        May.HANDLE_ORDERS,
        May.SEE_PRODUCTS,
        May.EDIT_PRODUCTS,
        May.SEE_CHANNELS,
    },
    Officer.Role.PENGAWAS: SEE,
}


def may(user: User, what: May) -> bool:
    """Whether `user` holds an office that allows `what`. Nobody by default."""
    if not user.is_authenticated or not user.is_active:
        return False
    officer = Officer.objects.filter(user=user).first()
    return officer is not None and what in ALLOWED[officer.role]
