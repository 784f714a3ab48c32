"""Who asks for a shop, and the answer."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextInputWidget

from hosting.console.steps import ReasonForm, Refused, Step, WithSteps
from members import applying
from tenants import provisioning
from tenants.models import Application

DECIDED = gettext_lazy("Permohonan ini sudah diputuskan.")


class SlugForm(forms.Form):
    """The address may be another one than was asked for, when that has been taken since."""

    slug = forms.CharField(label=gettext_lazy("Nama di alamat"), max_length=40, widget=UnfoldAdminTextInputWidget)


def is_waiting(request: HttpRequest, application: Application) -> bool:
    return application.state == Application.State.WAITING


def approve(request: HttpRequest, application: Application, said: dict[str, Any]) -> str:
    try:
        shop = applying.approve(
            application_id=application.pk, by=request.user.email, slug=said["slug"], now=timezone.now()
        )
    except applying.AlreadyDecided as error:
        raise Refused(DECIDED) from error
    except provisioning.SlugRefused as error:
        raise Refused(error.reason.label) from error
    return _("%(name)s disetujui. Surat ke %(email)s sedang dikirim.") % {
        "name": shop.name,
        "email": application.email,
    }


def refuse(request: HttpRequest, application: Application, said: dict[str, Any]) -> str:
    try:
        applying.refuse(application_id=application.pk, by=request.user.email, reason=said["reason"], now=timezone.now())
    except applying.AlreadyDecided as error:
        raise Refused(DECIDED) from error
    except applying.MailAway:
        return _("Permohonan ditolak, tetapi suratnya tidak terkirim. Kirim ulang dari halaman ini.")
    return _("Permohonan ditolak. Alasannya sudah dikirim.")


def tell_again(request: HttpRequest, application: Application, said: dict[str, Any]) -> str | Promise:
    try:
        applying.tell_refused(application=application)
    except applying.MailAway as error:
        raise Refused(_("Surat tidak terkirim. Coba lagi nanti.")) from error
    return _("Surat dikirim lagi.")


class ApplicationAdmin(WithSteps, ModelAdmin):
    list_display = ("name", "slug", "contact_name", "state", "created_at", "decided_by")
    list_filter = ("state",)
    search_fields = ("name", "slug", "email")
    ordering = ("-created_at",)
    list_per_page = 50
    fields = (
        "name",
        "slug",
        "contact_name",
        "email",
        "phone",
        "state",
        "created_at",
        "verified_at",
        "decided_at",
        "decided_by",
        "reason",
    )
    steps = (
        Step(
            name="approve",
            title=gettext_lazy("Setujui"),
            form=SlugForm,
            run=approve,
            fits=is_waiting,
            initial=lambda application: {"slug": application.slug},
            says=gettext_lazy("Toko dibuat sekarang, dan pemohon menjadi pengurus pertamanya."),
        ),
        Step(
            name="refuse",
            title=gettext_lazy("Tolak"),
            form=ReasonForm,
            run=refuse,
            fits=is_waiting,
            says=gettext_lazy("Alasan ini dikirim ke pemohon."),
        ),
        Step(
            name="tell_again",
            title=gettext_lazy("Kirim ulang surat penolakan"),
            run=tell_again,
            fits=lambda request, application: application.state == Application.State.REFUSED,
        ),
    )
