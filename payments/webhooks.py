"""What providers send us. Authenticate, put into the inbox, answer; the work comes after (payments/settling.py)."""

from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.common import no_append_slash
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lib.secrets import CannotOpen
from payments import gateways
from payments.models import Gateway, Notice
from payments.providers import PROVIDERS
from payments.providers.base import Forged, Told
from tenants import due

MOST_BYTES = 64 * 1024


@csrf_exempt
@no_append_slash  # providers do not follow a redirect
@require_POST
def receive(request: HttpRequest, provider: str, uid: UUID) -> HttpResponse:
    """200 taken, or nothing of ours; 400 forged; 404 no such gateway here; 413 too long; 503 our own trouble:
    they send it again."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return _answer(413)
    try:
        gateway = Gateway.objects.filter(hook_uid=uid, provider=provider).first()
        if gateway is None:
            return _answer(404)
        told = PROVIDERS[provider].read_notice(gateways.opened(gateway), body=request.body, headers=request.headers)
        if told:
            _keep(gateway, told)
    except Forged:
        return _answer(400)
    except (OperationalError, InterfaceError, CannotOpen):
        return _answer(503)
    return _answer(200)


@transaction.atomic
def _keep(gateway: Gateway, told: Told) -> None:
    now = timezone.now()
    _, is_new = Notice.objects.get_or_create(
        gateway=gateway,
        external_id=told.external_id,
        defaults={"reference": told.reference[:120], "kind": told.kind, "body": told.body, "received_at": now},
    )
    if is_new:
        due.note("settle", now=now)


def _answer(status: int) -> HttpResponse:
    return HttpResponse(status=status, content_type="text/plain")
