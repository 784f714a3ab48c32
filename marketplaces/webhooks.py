"""Where marketplaces push. Authenticate, write into the inbox of the right cooperative, answer at once."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from marketplaces import importing, opening
from marketplaces.channels.base import NotAPush, Push
from tenants.context import in_tenant
from tenants.models import ChannelRoute

MOST_BYTES = 64 * 1024


@csrf_exempt
@require_POST
def receive(request: HttpRequest, channel: str) -> HttpResponse:
    """Shopee counts any 2xx with an empty body within three seconds as received. A forged push is 401; a push for a
    shop that nobody has is thanked for and dropped."""
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        return HttpResponse(status=413)
    adapter = opening.channel(channel)
    if not adapter.verify_push(authorization=request.headers.get("Authorization", ""), raw_body=request.body):
        return HttpResponse(status=401)
    try:
        push = adapter.read_push(request.body)
    except NotAPush:
        return HttpResponse(status=400)
    _deliver(channel, push)
    return HttpResponse()


def _deliver(channel: str, push: Push) -> None:
    route = (
        ChannelRoute.objects.filter(channel=channel, external_shop_id=push.shop_id)
        .select_related("cooperative")
        .first()
    )
    if route:
        with in_tenant(route.cooperative):
            importing.receive(channel=channel, push=push, now=timezone.now())
