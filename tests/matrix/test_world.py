"""The two shops are what they promise to be: else the matrix would prove nothing."""

from django.db import connection

from tenants.context import in_tenant
from tests.two_shops import Shop, tenant_models

# No person of a cooperative has a second factor, and addresses are confirmed by code.
WITHOUT_ROWS = {"mfa.Authenticator", "account.EmailConfirmation"}
# Nothing but figures, dates, keys and words of a fixed list.
WITHOUT_TEXT = {
    "account.EmailAddress", "catalog.ApprovalRule", "catalog.PriceStep", "catalog.Variant", "inventory.MakingDay",
    "inventory.Stock", "inventory.Movement", "inventory.Reservation",
    "ledger.Account", "ledger.Entry", "marketplaces.ChannelOrder", "members.Officer", "orders.DocumentCounter",
    "orders.FeeRule", "orders.Parcel", "shipping.Rate",
}  # fmt: skip


def test_every_table_has_rows_with_equal_keys_in_both(two_shops: tuple[Shop, Shop]) -> None:
    kopi, batik = (
        _in_each_table(shop, lambda model: [*model.objects.order_by("pk").values_list("pk", flat=True)])
        for shop in two_shops
    )
    assert kopi == batik
    assert {label for label, keys in kopi.items() if not keys} == WITHOUT_ROWS


def test_every_table_with_text_has_its_own_canary_and_no_other(two_shops: tuple[Shop, Shop]) -> None:
    for shop, other in (two_shops, two_shops[::-1]):
        texts = _in_each_table(shop, _text)
        assert [label for label, text in texts.items() if other.mark in text] == []
        without = {label for label, text in texts.items() if shop.public not in text and shop.secret not in text}
        assert without == WITHOUT_ROWS | WITHOUT_TEXT


def _in_each_table(shop, look):
    with in_tenant(shop.cooperative):
        return {model._meta.label: look(model) for model in tenant_models()}


def _text(model) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT t::text FROM "{model._meta.db_table}" t')  # noqa: S608 - a name from the code
        return "\n".join(row for (row,) in cursor.fetchall())
