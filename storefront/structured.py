"""What search engines read of a page (schema.org, as JSON-LD): the same facts that stand on it, nothing more."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.models import Category, Product
from lib import gtin
from members.models import Member
from reviews.models import Review
from storefront.offers import Choice, Offer
from tenants import opening_hours
from tenants.models import Cooperative

CONTEXT = "https://schema.org"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
CONDITIONS = {Product.Condition.NEW: "NewCondition", Product.Condition.USED: "UsedCondition"}
ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}  # no text ends the element
Data = dict[str, Any]


def product(shown: Product, offer: Offer, *, reviews: Sequence[Review], origin: str, shop: str, today: date) -> Data:
    """A product as its page shows it: `offer` with each choice, the rating and the reviews that stand on the page."""
    address = origin + shown.get_absolute_url()
    photos = [origin + photo.image.url for photo in shown.photos]  # type: ignore[attr-defined]
    data: Data = {
        "@context": CONTEXT,
        "@type": "Product",
        "@id": f"{address}#produk",
        "name": shown.label,
        "description": shown.text,
        "url": address,
        "image": photos,
        "category": shown.category.label,
        "brand": {"@type": "Brand", "name": shop},
        "offers": _offers(shown, offer, address, origin, shop, today),
    }
    if len(offer.choices) == 1:
        data |= {"sku": offer.chosen.sku} | _barcode(offer.chosen.barcode)
    if shown.rating_count:
        data["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": str(shown.rating_sum * 10 // shown.rating_count / 10),  # as on the page: rounded down
            "reviewCount": shown.rating_count,
        }
        data["review"] = [_review(review) for review in reviews]
    return data


def breadcrumbs(steps: Sequence[tuple[str, str]], *, origin: str) -> Data:
    """`steps` are (name, path), the shop's home first."""
    return {
        "@context": CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": origin + path}
            for number, (name, path) in enumerate(steps, start=1)
        ],
    }


def steps_to(category: Category, *, then: Product | None = None) -> list[tuple[str, str]]:
    """From home down to `category`, and to the product in it."""
    above = [category.parent] if category.parent else []
    found = [(each.label, each.get_absolute_url()) for each in (*above, category)]
    return [_home(), *found, *([(then.label, then.get_absolute_url())] if then else [])]


def steps_to_maker(member: Member) -> list[tuple[str, str]]:
    return [_home(), (_("Para produsen"), reverse("storefront:producers")), (member.name, member.get_absolute_url())]


def organization(cooperative: Cooperative, *, origin: str, story: str, logo: str, cover: str) -> Data:
    """The cooperative, with the hours and the place that its pages show."""
    data: Data = {
        "@context": CONTEXT,
        "@type": ["Organization", "Store"],
        "@id": f"{origin}/#koperasi",
        "name": cooperative.name,
        "url": f"{origin}/",
        "description": story,
        "logo": logo and origin + logo,
        "image": cover and origin + cover,
        "telephone": cooperative.phone or cooperative.whatsapp,
        "email": cooperative.email,
        "address": _address(cooperative),
        "geo": _place(cooperative),
        "openingHoursSpecification": [
            {"@type": "OpeningHoursSpecification", "dayOfWeek": DAYS[int(day)], "opens": f"{opens:%H:%M}",
             "closes": f"{closes:%H:%M}"}
            for day, (opens, closes) in opening_hours.hours_of(cooperative).items()
        ],
    }  # fmt: skip
    return {name: value for name, value in data.items() if value}


def _offers(shown: Product, offer: Offer, address: str, origin: str, shop: str, today: date) -> Data:
    each = [_offer(shown, choice, address, origin, shop, today, is_only=len(offer.choices) == 1)
            for choice in offer.choices]  # fmt: skip
    if len(each) == 1:
        return each[0]
    prices = [choice.piece.amount for choice in offer.choices]
    return {
        "@type": "AggregateOffer",
        "priceCurrency": "IDR",
        "lowPrice": str(min(prices)),
        "highPrice": str(max(prices)),
        "offerCount": len(each),
        "offers": each,
    }


def _offer(shown: Product, choice: Choice, address: str, origin: str, shop: str, today: date, *, is_only: bool) -> Data:
    starts = shown.preorder_date if shown.preorder_date and shown.preorder_date > today else None
    data: Data = {
        "@type": "Offer",
        "sku": choice.variant.sku,
        "name": f"{shown.label} {choice.variant.name}".strip(),
        "url": address if is_only else f"{address}?v={choice.variant.pk}",
        "price": str(choice.piece.amount),
        "priceCurrency": "IDR",
        "itemCondition": f"{CONTEXT}/{CONDITIONS[Product.Condition(shown.condition)]}",
        "availability": f"{CONTEXT}/{_availability(shown, choice, starts)}",
        "seller": {"@type": "Organization", "@id": f"{origin}/#koperasi", "name": shop},
    }
    if starts:
        data["availabilityStarts"] = starts.isoformat()
    if offer_needs(shown) > 1:
        data["eligibleQuantity"] = {"@type": "QuantitativeValue", "minValue": offer_needs(shown)}
    return data | _barcode(choice.variant.barcode)


def offer_needs(shown: Product) -> int:
    """The smallest number of pieces that can be bought."""
    return max(1, shown.min_per_order)


def _availability(shown: Product, choice: Choice, starts: date | None) -> str:
    if choice.is_sold_out:
        return "OutOfStock"
    if starts:
        return "PreOrder"
    return "MadeToOrder" if shown.made_to_order else "InStock"


def _barcode(barcode: str) -> Data:
    return {"gtin": barcode} if gtin.is_valid(barcode) else {}


def _review(review: Review) -> Data:
    data: Data = {
        "@type": "Review",
        "author": {"@type": "Person", "name": review.name},
        "datePublished": review.created_at.date().isoformat(),
        "reviewRating": {"@type": "Rating", "ratingValue": str(review.stars), "bestRating": "5", "worstRating": "1"},
    }
    return data | ({"reviewBody": review.text, "inLanguage": review.language} if review.text else {})


def _address(cooperative: Cooperative) -> Data:
    parts = {
        "streetAddress": cooperative.address,
        "addressLocality": cooperative.regency,
        "addressRegion": cooperative.province,
    }
    said = {name: value for name, value in parts.items() if value}
    return {"@type": "PostalAddress", **said, "addressCountry": "ID"} if said else {}


def _place(cooperative: Cooperative) -> Data:
    if cooperative.latitude is None or cooperative.longitude is None:
        return {}
    return {
        "@type": "GeoCoordinates",
        "latitude": float(cooperative.latitude),
        "longitude": float(cooperative.longitude),
    }


def _home() -> tuple[str, str]:
    return _("Beranda"), reverse("storefront:home")
