from celery import shared_task
from django.utils import timezone

from members.domain_letters import tell_officers
from tenants import rechecking


@shared_task(platform=True)  # type: ignore[call-overload]
def check_domains() -> None:
    """Own domains whose daily check has come."""
    rechecking.check_due(now=timezone.now(), tell=tell_officers)
