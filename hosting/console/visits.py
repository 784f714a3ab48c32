"""Visits into cooperatives: asked for here, consented to by a second operator, entered from here."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextareaWidget

from hosting.console.steps import ReasonForm, Refused, Step, WithSteps
from members import visiting as log
from tenants import visiting
from tenants.addresses import on_host
from tenants.context import in_tenant
from tenants.models import Cooperative, Visit


class AskForm(forms.ModelForm):
    """Which cooperative, why, and for how long."""

    reason = forms.CharField(
        label=gettext_lazy("Alasan"),
        min_length=visiting.SHORTEST_REASON,
        max_length=300,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=gettext_lazy("Koperasi membacanya. Tulis apa yang dilaporkan dan apa yang perlu dilihat."),
    )

    class Meta:
        model = Visit
        fields = ("cooperative", "reason", "minutes")

    def clean_minutes(self) -> int:
        minutes = self.cleaned_data["minutes"]
        if not visiting.SHORTEST <= minutes <= visiting.LONGEST:
            raise forms.ValidationError(
                _("Antara %(least)d dan %(most)d menit.") % {"least": visiting.SHORTEST, "most": visiting.LONGEST}
            )
        return minutes


def may_decide(request: HttpRequest, visit: Visit) -> bool:
    return visit.decided_at is None and visit.ended_at is None and visit.asked_by != request.user.email


def may_enter(request: HttpRequest, visit: Visit) -> bool:
    mine = visiting.may_begin(now=timezone.now()).filter(pk=visit.pk, asked_by=request.user.email)
    return mine.exists()


def is_unended(request: HttpRequest, visit: Visit) -> bool:
    is_over = visit.ends_at is not None and visit.ends_at <= timezone.now()
    was_refused = visit.decided_at is not None and not visit.is_approved
    return visit.ended_at is None and not is_over and not was_refused


def approve(request: HttpRequest, visit: Visit, said: dict[str, Any]) -> str:
    _decide(request, visit, is_approved=True)
    return _("Disetujui. %(who)s bisa masuk dalam empat jam.") % {"who": visit.asked_by}


def refuse(request: HttpRequest, visit: Visit, said: dict[str, Any]) -> str:
    _decide(request, visit, is_approved=False)
    return _("Kunjungan ditolak.")


def enter(request: HttpRequest, visit: Visit, said: dict[str, Any]) -> HttpResponse:
    try:
        token = visiting.ticket(visit=visit, by=request.user.email, now=timezone.now())
    except visiting.NotWaiting as error:
        raise Refused(_("Kunjungan ini tidak bisa dimulai lagi.")) from error
    path = reverse("visiting:begin", urlconf=settings.ROOT_URLCONF)
    return redirect(on_host(visit.cooperative.primary_domain, f"{path}?{urlencode({'t': token}, safe=':')}"))


def end(request: HttpRequest, visit: Visit, said: dict[str, Any]) -> str:
    with in_tenant(visit.cooperative):
        is_ended = log.end(visit=visit, now=timezone.now())
    if not is_ended:
        raise Refused(_("Kunjungan ini sudah berakhir."))
    return _("Kunjungan dihentikan.")


def _decide(request: HttpRequest, visit: Visit, *, is_approved: bool) -> None:
    try:
        visiting.decide(visit_id=visit.pk, by=request.user.email, is_approved=is_approved, now=timezone.now())
    except visiting.NeedsAnother as error:
        raise Refused(_("Orang lain yang harus menyetujui.")) from error
    except visiting.NotWaiting as error:
        raise Refused(_("Kunjungan ini sudah diputuskan.")) from error


class VisitAdmin(WithSteps, ModelAdmin):
    list_display = ("cooperative", "asked_by", "asked_at", "decided_by", "is_approved", "began_at", "ended_at")
    list_select_related = ("cooperative",)
    list_filter = ("is_approved",)
    search_fields = ("cooperative__name", "asked_by", "reason")
    autocomplete_fields = ("cooperative",)
    ordering = ("-asked_at",)
    list_per_page = 50
    steps = (
        Step(
            name="approve",
            title=gettext_lazy("Setujui kunjungan"),
            run=approve,
            fits=may_decide,
            says=gettext_lazy("Nama Anda tercatat pada koperasi sebagai orang kedua."),
        ),
        Step(name="refuse", title=gettext_lazy("Tolak"), form=ReasonForm, run=refuse, fits=may_decide),
        Step(
            name="enter",
            title=gettext_lazy("Masuk ke koperasi"),
            run=enter,
            fits=may_enter,
            says=gettext_lazy("Tautannya berlaku lima menit dan satu kali, di alamat koperasi itu sendiri."),
        ),
        Step(name="end", title=gettext_lazy("Hentikan"), run=end, fits=is_unended),
    )

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return self.admin_site.has_permission(request)

    def get_form(self, request: HttpRequest, obj: Visit | None = None, change: bool = False, **kwargs: Any) -> type:
        return super().get_form(request, obj, change, **kwargs if change else {**kwargs, "form": AskForm})

    def get_fields(self, request: HttpRequest, obj: Visit | None = None) -> tuple[str, ...]:
        asked = ("cooperative", "reason", "minutes")
        told = ("asked_by", "asked_at", "decided_by", "decided_at", "is_approved", "began_at", "ends_at", "ended_at")
        return asked + told if obj else asked

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "cooperative":
            kwargs["queryset"] = Cooperative.objects.shops()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Visit, form: AskForm, change: bool) -> None:
        said = form.cleaned_data
        asked = visiting.ask(
            cooperative=said["cooperative"],
            reason=said["reason"],
            minutes=said["minutes"],
            by=request.user.email,
            now=timezone.now(),
        )
        obj.pk = asked.pk
        obj.refresh_from_db()
