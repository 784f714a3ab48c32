"""The cooperative itself, what its parcels cost, and what it keeps of a sale."""

import io
import uuid
from datetime import date, datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from backoffice import going_live
from coop_shop.demo.drawing import draw_cooperative_cover, draw_logo
from coop_shop.demo.seeding.data import Data
from members.models import Officer
from orders.models import FeeRule
from shipping.models import Rate
from tenants import provisioning
from tenants.models import Cooperative

FEES = {"shop": (500, 0), "shopee": (500, 650)}  # basis points: what the cooperative keeps, what the channel takes
FEES_SINCE = date(2020, 1, 1)


def found(data: Data) -> Cooperative:
    """The cooperative with its host name and schema; visitors read that it opens soon."""
    known = Cooperative.objects.filter(slug=data.slug).first()
    if known:
        return known
    about = data.about
    return provisioning.create_cooperative(
        name=about["name"],
        slug=data.slug,
        zone=about["timezone"],
        theme=about["theme"],
        story_id=about["story"]["id"],
        story_en=about["story"]["en"],
        address=f"{about['address']}, {about['kecamatan']} {about['postcode']}",
        regency=about["kabupaten"],
        province=about["province"],
        phone=about["phone"],
        whatsapp=about["whatsapp"],
        email=about["email"],
        hours=", ".join(_hours(row) for row in about["opening_hours"]),
        legal_number=about["legal_number"],
        nib=about["nib"],
    )


def dress(cooperative: Cooperative) -> None:
    """A cover and a mark for a shop that has none."""
    pictures = {
        "cover": lambda: draw_cooperative_cover(theme=cooperative.theme),
        "logo": lambda: draw_logo(theme=cooperative.theme),
    }
    for field, draw in pictures.items():
        if not getattr(cooperative, field):
            setattr(cooperative, field, _save(cooperative, draw()))
    Cooperative.objects.filter(pk=cooperative.pk).update(cover=cooperative.cover, logo=cooperative.logo)


def write_rules(data: Data) -> None:
    """Rates per province and fees per channel; stands in the cooperative's schema."""
    for zone in data.about["shipping"]:
        for province in zone["provinces"]:
            rate = {
                "per_kg": zone["rupiah_per_kg"],
                "days_from": zone["days_min"],
                "days_to": zone["days_max"],
            }
            Rate.objects.get_or_create(province=province, defaults=rate)
    for channel, (cooperative_bp, channel_bp) in FEES.items():
        fees = {"cooperative_bp": cooperative_bp, "channel_bp": channel_bp}
        FeeRule.objects.get_or_create(channel=channel, from_date=FEES_SINCE, defaults=fees)


def open_doors(cooperative: Cooperative, *, now: datetime) -> Cooperative:
    """The chair opens the shop, which needs all that every shop needs. Stands in the cooperative's schema."""
    if cooperative.state == Cooperative.State.OPEN:
        return cooperative
    chair = Officer.objects.filter(role=Officer.Role.PENGURUS).earliest("pk").user
    return going_live.open_shop(cooperative_id=cooperative.pk, by=str(chair), now=now)


def _save(cooperative: Cooperative, image: Image.Image) -> str:
    with io.BytesIO() as buffer:
        image.save(buffer, "WEBP", quality=82, method=4)
        name = f"{cooperative.uid.hex}/shop/{uuid.uuid4().hex}.webp"
        return default_storage.save(name, ContentFile(buffer.getvalue()))


def _hours(row: dict[str, Any]) -> str:
    return f"{row['days']} {row['opens'].replace(':', '.')}-{row['closes'].replace(':', '.')}"
