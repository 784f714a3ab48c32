"""Tags for the shop's own pages."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django import template
from django.template import Context
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Product
from storefront import offers

register = template.Library()


@register.filter
def weight(grams: int) -> str:
    """`550` -> `550 g`, `2300` -> `2,3 kg` in the language's way."""
    return f"{grams} g" if grams < 1000 else f"{formats.localize(round(grams / 1000, 2))} kg"


@register.simple_tag(takes_context=True)
def ask_about(context: Context, subject: str) -> str:
    """A WhatsApp link to the cooperative whose message already says what it is about; empty without a number."""
    cooperative = context["cooperative"]
    digits = "".join(character for character in cooperative.whatsapp if character.isdigit())
    message = _("Halo %(shop)s, saya ingin bertanya tentang %(subject)s.") % {
        "shop": cooperative.name,
        "subject": subject,
    }
    return f"https://wa.me/{digits}?text={quote(message)}" if digits else ""


@register.simple_tag(takes_context=True)
def json_ld(context: Context, product: Product, offered: offers.Offer) -> SafeString:
    """The product for search engines. A browser never runs it, and no title can end the element."""
    origin = str(context["origin"])
    data: dict[str, Any] = dict(
        offers.structured(
            product,
            offered,
            address=origin + product.get_absolute_url(),
            origin=origin,
            shop=context["cooperative"].name,
        )
    )
    text = json.dumps(data, ensure_ascii=False).translate(offers.JSON_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308


@register.filter
def within(wait: timedelta) -> str:
    """How long something usually takes, rounded up: `dalam 2 hari`."""
    if wait <= timedelta(hours=3):
        return _("dalam beberapa jam")
    days = -(-wait // timedelta(days=1))
    return ngettext("dalam %(days)d hari", "dalam %(days)d hari", days) % {"days": days}
