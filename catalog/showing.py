"""A product that was on sale is hidden, and shown again."""

from datetime import datetime

from django.db import transaction

from catalog import recording
from catalog.models import Product, ProductEvent
from tenants import due

KINDS = {Product.State.LIVE: ProductEvent.Kind.SHOWN, Product.State.PAUSED: ProductEvent.Kind.HIDDEN}


@transaction.atomic
def set_state(*, product_id: int, state: str, by: str, now: datetime) -> bool:
    """LIVE or PAUSED; what was shown once is never a draft again. Channels hear of it. Returns whether it was
    otherwise before. Raises KeyError for any other state."""
    kind = KINDS[Product.State(state)]
    product = Product.objects.select_for_update().get(pk=product_id)
    if product.state == state:
        return False
    product.state = state
    product.save(update_fields=["state", "updated_at"])
    recording.record(product=product, kind=kind, actor=by, now=now)
    due.note("push", now=now)
    return True
