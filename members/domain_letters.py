"""What officers hear about their shop's own domain."""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from members.models import Officer
from notifications import writing
from tenants import domains, hostnames
from tenants.addresses import on_host
from tenants.models import Cooperative, DomainClaim
from tenants.rechecking import Event, News


def tell_officers(cooperative: Cooperative, news: News) -> None:
    """Leave each `pengurus` a message in their language. The same news again changes nothing.

    The link leads to the subdomain, because the domain in question may answer no more.
    """
    claim = DomainClaim.objects.filter(cooperative=cooperative, domain=news.domain).first()
    context = {
        "news": news,
        "name": hostnames.shown(news.domain),
        "record_name": domains.record_name(news.domain),
        "record_text": domains.record_text(claim.token) if claim else "",
        "subdomain": domains.subdomain_of(cooperative),
        "cooperative": cooperative,
    }
    for officer in Officer.objects.filter(role=Officer.Role.PENGURUS).select_related("user"):
        with translation.override(officer.user.language):
            context["link"] = on_host(domains.subdomain_of(cooperative), reverse("backoffice:domains"))
            writing.write(
                key=f"domain:{news.event}:{news.since:%Y%m%d%H%M%S}:{officer.user_id}:{claim.pk if claim else 0}",
                to=officer.user.email,
                subject=_subject(news),
                body=render_to_string(f"members/emails/domain_{news.event}.txt", context),
                now=news.at,
            )


def _subject(news: News) -> str:
    told = {
        Event.MISSING: _("Bukti kepemilikan %(domain)s hilang"),
        Event.RELEASED: _("%(domain)s dilepas dari toko Anda"),
    }
    return told[news.event] % {"domain": hostnames.shown(news.domain)}
