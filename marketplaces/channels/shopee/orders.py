"""Shopee's orders in our words."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from marketplaces.channels.base import RemoteLine, RemoteOrder

STAGE = {
    "UNPAID": "unpaid",
    "PENDING": "unpaid",
    "READY_TO_SHIP": "to_ship",
    "RETRY_SHIP": "to_ship",
    "PROCESSED": "arranged",
    "SHIPPED": "on_the_way",
    "TO_CONFIRM_RECEIVE": "arrived",
    "COMPLETED": "done",
    "IN_CANCEL": "cancel_asked",
    "CANCELLED": "cancelled",
    "TO_RETURN": "returning",
}
WANTED_FIELDS = "item_list,recipient_address,package_list,total_amount,pay_time,buyer_username,note"


def read(row: Mapping[str, Any]) -> RemoteOrder:
    """One entry of get_order_detail. Raises KeyError, TypeError or ValueError when it is not what was promised."""
    address = row.get("recipient_address") or {}
    packages = row.get("package_list") or [{}]
    return RemoteOrder(
        id=str(row["order_sn"]),
        state=str(row["order_status"]),
        stage=STAGE.get(str(row["order_status"]), "unpaid"),
        updated_at=datetime.fromtimestamp(int(row["update_time"]), UTC),
        placed_at=datetime.fromtimestamp(int(row["create_time"]), UTC),
        buyer_name=_unmasked(address.get("name")) or str(row.get("buyer_username", "")),
        buyer_phone=_unmasked(address.get("phone")),
        address=_unmasked(address.get("full_address")),
        district=_unmasked(address.get("district")),
        regency=_unmasked(address.get("city")),
        province=_unmasked(address.get("state")),
        postcode=_unmasked(address.get("zipcode")),
        note=str(row.get("note") or ""),
        courier=str(packages[0].get("shipping_carrier", "")),
        lines=tuple(_line(line) for line in row["item_list"]),
    )


def _line(row: Mapping[str, Any]) -> RemoteLine:
    return RemoteLine(
        listing_id=str(row["item_id"]),
        variant_id=str(row.get("model_id", 0)),
        sku=str(row.get("model_sku") or row.get("item_sku") or ""),
        title=str(row.get("item_name", "")),
        price=int(row["model_discounted_price"]),
        quantity=int(row["model_quantity_purchased"]),
    )


def _unmasked(text: object) -> str:
    """Shopee masks personal data with asterisks until the parcel is arranged."""
    return "" if text is None or "*" in str(text) else str(text)
