"""Shopify's product CSV: one row per variant or further picture; only the first row of a handle has the title.

Headings of both of its templates, the one with `Handle` and `Body (HTML)` and the one of 2025 with `URL handle`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from catalog.shapes.base import Row, Shape, spelled

HEADINGS = {
    "handle": ("Handle", "URL handle"),
    "title": ("Title",),
    "description": ("Body (HTML)", "Body HTML", "Description"),
    "vendor": ("Vendor",),
    "kind": ("Type",),
    "taxonomy": ("Product Category", "Product category", "Standardized Product Type"),
    "published": ("Published", "Published on online store"),
    "status": ("Status",),
    "option1_name": ("Option1 Name",),
    "option1_value": ("Option1 Value",),
    "option2_name": ("Option2 Name",),
    "option2_value": ("Option2 Value",),
    "option3_name": ("Option3 Name",),
    "option3_value": ("Option3 Value",),
    "sku": ("Variant SKU", "SKU"),
    "barcode": ("Variant Barcode", "Barcode"),
    "price": ("Variant Price", "Price"),
    "stock": ("Variant Inventory Qty", "Inventory quantity"),
    "grams": ("Variant Grams", "Weight value (grams)"),
    "image": ("Image Src", "Product image URL"),
    "image_alt": ("Image Alt Text",),
    "image_position": ("Image Position",),
    "variant_image": ("Variant Image", "Variant image URL"),
}
SOURCES = {
    "title": ("title",), "description": ("description",), "category": ("kind", "taxonomy"), "seller": ("vendor",),
    "state": ("status", "published"), "axis1_name": ("option1_name",), "axis1_value": ("option1_value",),
    "axis2_name": ("option2_name",), "axis2_value": ("option2_value",), "axis3_name": ("option3_name",),
    "sku": ("sku", "handle"), "barcode": ("barcode",), "price": ("price",), "stock": ("stock",), "weight": ("grams",),
    "pictures": ("image",), "variant_picture": ("variant_image",),
}  # fmt: skip
STATES = {"active": "live", "draft": "draft", "archived": "paused", "unlisted": "paused"}


def key(cells: Mapping[str, str]) -> Sequence[str]:
    return (cells["handle"].casefold(),) if cells.get("handle") else ()


def translate(rows: Sequence[Row]) -> Sequence[Row]:
    first = rows[0]
    found = [_variant(row, first) for row in rows if row is first or _is_variant(row)]
    shown = [(row["image"], row["image_alt"]) for row in sorted(rows, key=_position) if row["image"]]
    pictures = {"pictures": "\n".join(address for address, _ in shown), "alts": "\n".join(alt for _, alt in shown)}
    return [replace(found[0], cells={**found[0].cells, **pictures}), *found[1:]]


def _is_variant(row: Row) -> bool:
    return any(row[name] for name in ("sku", "price", "option1_value"))


def _position(row: Row) -> int:
    return int(row["image_position"]) if row["image_position"].isdecimal() else 9999


def _variant(row: Row, first: Row) -> Row:
    has_choices = not (first["option1_name"].casefold() == "title" and row["option1_value"] == "Default Title")
    cells = {
        "title": row["title"] or first["title"],
        "description": first["description"],
        "seller": first["vendor"],
        "category": first["kind"] or " > ".join(first["taxonomy"].split(" > ")[-2:]),
        "state": _state(first),
        "code": first["handle"],
        "axis1_name": first["option1_name"] if has_choices else "",
        "axis1_value": row["option1_value"] if has_choices else "",
        "axis2_name": first["option2_name"],
        "axis2_value": row["option2_value"],
        "axis3_name": first["option3_name"] and row["option3_value"] and first["option3_name"],
        "sku": row["sku"],
        "barcode": row["barcode"],
        "price": row["price"],
        "stock": row["stock"],
        "weight": "" if row["grams"] in ("0", "0.0") else row["grams"].removesuffix(".0"),
        "variant_picture": row["variant_image"],
    }
    return replace(row, cells=cells)


def _state(first: Row) -> str:
    if first["status"]:
        return STATES.get(first["status"].casefold(), first["status"])
    return "draft" if first["published"].casefold() == "false" else "live"


SHAPE = Shape(
    name="shopify", headings=spelled(HEADINGS), needed=frozenset({"handle", "title", "price"}), key=key,
    translate=translate, sources=SOURCES, point_is_decimal=True, makes_skus=True,
)  # fmt: skip
