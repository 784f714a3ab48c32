"""Tags for the shop's own pages."""

import json
from datetime import timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django import template
from django.template import Context
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from storefront import structured

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
def product_data(context: Context) -> SafeString:
    """A product page's facts for search engines, and where in the shop it stands."""
    origin, product = str(context["origin"]), context["product"]
    page = context["reviews"].page
    facts = structured.product(
        product,
        context["offer"],
        reviews=page.reviews if page else [],
        origin=origin,
        shop=context["cooperative"].name,
        today=timezone.localdate(timezone=ZoneInfo(context["cooperative"].zone)),
    )
    steps = structured.steps_to(product.category, then=product)
    return _json_ld(facts) + _json_ld(structured.breadcrumbs(steps, origin=origin))


@register.simple_tag(takes_context=True)
def steps_data(context: Context) -> SafeString:
    """Where in the shop the page of a category or of a maker stands."""
    category = context.get("category")
    steps = structured.steps_to(category) if category else structured.steps_to_maker(context["member"])
    return _json_ld(structured.breadcrumbs(steps, origin=str(context["origin"])))


@register.simple_tag(takes_context=True)
def organization_data(context: Context) -> SafeString:
    return _json_ld(
        structured.organization(
            context["cooperative"],
            origin=str(context["origin"]),
            story=context["story"],
            logo=context["logo"],
            cover=context["cover"],
        )
    )


@register.simple_tag(takes_context=True)
def page_query(context: Context) -> str:
    """`?page=3` where this is the third page of a shelf, however it is sorted and narrowed; else nothing. A narrowed
    shelf is the same goods again, so search engines are led to the whole one."""
    number = getattr(context.get("page"), "number", 1)
    is_whole = set(context["request"].GET) <= {"page"}
    return f"?page={number}" if is_whole and isinstance(number, int) and number > 1 else ""


@register.filter
def within(wait: timedelta) -> str:
    """How long something usually takes, rounded up: `dalam 2 hari`."""
    if wait <= timedelta(hours=3):
        return _("dalam beberapa jam")
    days = -(-wait // timedelta(days=1))
    return ngettext("dalam %(days)d hari", "dalam %(days)d hari", days) % {"days": days}


def _json_ld(data: structured.Data) -> SafeString:
    """A browser never runs it, and no title can end the element."""
    text = json.dumps(data, ensure_ascii=False).translate(structured.ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308
