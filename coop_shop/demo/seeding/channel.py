"""The first cooperative's shop on the marketplace, joined the way an officer does it: through Shopee's own pages.

The other cooperatives are left for a visitor of the demo to connect. Stands in the cooperative's schema.
"""

from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

import httpx

from catalog.models import Product
from coop_shop.demo.seeding.data import SLUGS, Data
from marketplaces import connecting, listing
from marketplaces.models import Connection
from members.models import Officer

SHOPEE_SHOPS = dict(zip(SLUGS, ("220033101", "220033102", "220033103"), strict=True))
LISTED = 12


def connect(data: Data, *, now: datetime) -> None:
    """Connect the first cooperative and wish for a dozen listings; the worker publishes them."""
    if data.slug != SLUGS[0] or Connection.objects.exists():
        return
    officer = Officer.objects.get(role=Officer.Role.PENGURUS).user_id
    asked = connecting.start(channel="shopee", officer_id=officer)
    answer = httpx.post(asked, data={"shop_id": SHOPEE_SHOPS[data.slug]}, trust_env=False)
    params = dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
    joined = connecting.finish(channel="shopee", officer_id=officer, params=params, now=now)
    listing.map_all(connection=joined, now=now)
    for product in Product.objects.on_sale().filter(pictures__isnull=False).distinct().order_by("pk")[:LISTED]:
        listing.want(product=product, connection=joined, now=now)
