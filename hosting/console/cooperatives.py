"""Cooperatives as the platform sees them: their state, their figures, and the steps between states."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from hosting.console.site import ReadOnly
from hosting.console.steps import ReasonForm, Refused, Step, TypedForm, WithSteps
from tenants import lifecycle, purging, versions
from tenants.models import Backup, Cooperative, Domain

State = Cooperative.State
TONES = {
    State.PREPARING: "info",
    State.OPEN: "success",
    State.SUSPENDED: "warning",
    State.CLOSED: "danger",
    State.PURGING: "danger",
}


def moves(step: Callable[..., Cooperative], done: Any) -> Callable[[HttpRequest, Cooperative, dict[str, Any]], str]:
    """A step of the lifecycle as a step of the console; `done` is what the operator is told."""

    def run(request: HttpRequest, cooperative: Cooperative, said: dict[str, Any]) -> str:
        why = {"reason": said["reason"]} if "reason" in said else {}
        try:
            step(cooperative_id=cooperative.pk, by=request.user.email, now=timezone.now(), **why)
        except lifecycle.Refused as error:
            raise Refused(_("Tidak bisa: koperasi ini sedang %(state)s.") % {"state": error.state}) from error
        except lifecycle.ReasonMissing as error:
            raise Refused(_("Tulis alasannya.")) from error
        return str(done) % {"name": cooperative.name}

    return run


def purge(request: HttpRequest, cooperative: Cooperative, said: dict[str, Any]) -> HttpResponse:
    """The row is gone afterwards, so the way leads back to the list."""
    if said["slug"] != cooperative.slug:
        raise Refused(_("Yang ditulis bukan nama di alamat koperasi ini."))
    try:
        purging.purge(cooperative_id=cooperative.pk, by=request.user.email, now=timezone.now())
    except purging.TooEarly as error:
        raise Refused(
            _("Pengurus masih boleh mengambil data sampai %(until)s.") % {"until": f"{error.until:%d-%m-%Y}"}
        ) from error
    except lifecycle.Refused as error:
        raise Refused(_("Tidak bisa: koperasi ini sedang %(state)s.") % {"state": error.state}) from error
    messages.success(request, _("%(name)s dihapus seluruhnya.") % {"name": cooperative.name})
    return redirect("admin:tenants_cooperative_changelist")


def in_state(*states: str) -> Callable[[HttpRequest, Cooperative], bool]:
    return lambda request, cooperative: cooperative.state in states


class DomainsOfCooperative(ReadOnly, TabularInline):
    model = Domain
    fields = ("domain", "is_primary", "checked_at", "failing_since")
    extra = 0


class CooperativeAdmin(WithSteps, ModelAdmin):
    list_display = ("name", "slug", "state_word", "version_word", "backup_age", "lag", "failures", "drift", "broken")
    list_filter = ("state", "server")
    search_fields = ("name", "slug", "domains__domain")
    ordering = ("name",)
    fields = (
        "name",
        "slug",
        "state",
        "state_since",
        "state_reason",
        "zone",
        "created_at",
        "schema_name",
        "server",
        "schema_version",
        "migrate_error",
        "backup_age",
        "lag",
        "failures",
        "drift",
        "broken",
        "database_size",
        "file_size",
    )
    readonly_fields = ("backup_age", "lag", "failures", "drift", "broken", "database_size", "file_size")
    inlines = (DomainsOfCooperative,)
    actions = None
    list_per_page = 50
    steps = (
        Step(
            name="suspend",
            title=gettext_lazy("Tangguhkan"),
            form=ReasonForm,
            run=moves(lifecycle.suspend, gettext_lazy("%(name)s ditangguhkan.")),
            fits=in_state(State.OPEN),
            says=gettext_lazy("Toko tidak melayani lagi, pekerjaan berhenti. Pengurus membaca alasan ini."),
        ),
        Step(
            name="reopen",
            title=gettext_lazy("Buka kembali"),
            run=moves(lifecycle.reopen, gettext_lazy("%(name)s dibuka kembali.")),
            fits=in_state(State.SUSPENDED),
        ),
        Step(
            name="close",
            title=gettext_lazy("Tutup koperasi"),
            form=ReasonForm,
            run=moves(lifecycle.close, gettext_lazy("%(name)s ditutup.")),
            fits=in_state(State.PREPARING, State.OPEN, State.SUSPENDED),
            says=gettext_lazy("Toko berakhir; pengurus masih bisa mengambil datanya. Pengurus membaca alasan ini."),
        ),
        Step(
            name="return",
            title=gettext_lazy("Batalkan penutupan"),
            run=moves(lifecycle.return_to_preparing, gettext_lazy("%(name)s disiapkan lagi.")),
            fits=in_state(State.CLOSED),
        ),
        Step(
            name="purge",
            title=gettext_lazy("Hapus seluruhnya"),
            form=TypedForm,
            run=purge,
            fits=in_state(State.CLOSED, State.PURGING),
            says=gettext_lazy("Tabel, berkas dan alamat koperasi ini hilang untuk selamanya. Tidak bisa dibatalkan."),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cooperative]:
        proven = Backup.objects.filter(cooperative=OuterRef("pk"), proven_at__isnull=False)
        last = proven.order_by().values("cooperative").annotate(last=Max("began_at")).values("last")
        shops = super().get_queryset(request).shops().select_related("pulse")
        return shops.annotate(proven_backup_at=Subquery(last))

    @display(
        description=gettext_lazy("status"), ordering="state", label={str(each.label): TONES[each] for each in State}
    )
    def state_word(self, cooperative: Cooperative) -> str:
        return cooperative.get_state_display()

    @display(description=gettext_lazy("skema"), ordering="schema_version", label=True)
    def version_word(self, cooperative: Cooperative) -> str:
        if cooperative.migrate_error:
            return _("migrasi gagal")
        return _("tertinggal") if versions.is_behind(cooperative.schema_version) else _("terbaru")

    @admin.display(description=gettext_lazy("cadangan terbukti"), ordering="proven_backup_at")
    def backup_age(self, cooperative: Cooperative) -> str:
        at = cooperative.proven_backup_at
        return timesince(at, depth=1) if at else _("belum ada")

    @admin.display(description=gettext_lazy("antrean"), ordering="pulse__lag_s")
    def lag(self, cooperative: Cooperative) -> str:
        return _figure(cooperative, "lag_s", _seconds)

    @admin.display(description=gettext_lazy("kegagalan"), ordering="pulse__failures")
    def failures(self, cooperative: Cooperative) -> str:
        return _figure(cooperative, "failures", str)

    @admin.display(description=gettext_lazy("selisih kanal"), ordering="pulse__drift")
    def drift(self, cooperative: Cooperative) -> str:
        return _figure(cooperative, "drift", str)

    @admin.display(description=gettext_lazy("invarian rusak"), ordering="pulse__broken")
    def broken(self, cooperative: Cooperative) -> str:
        return _figure(cooperative, "broken", str)

    @admin.display(description=gettext_lazy("basis data"))
    def database_size(self, cooperative: Cooperative) -> str:
        return _figure(cooperative, "database_bytes", filesizeformat)

    @admin.display(description=gettext_lazy("berkas"))
    def file_size(self, cooperative: Cooperative) -> str:
        return _figure(cooperative, "file_bytes", filesizeformat)


def _figure(cooperative: Cooperative, name: str, write: Callable[[int], str]) -> str:
    pulse = getattr(cooperative, "pulse", None)
    return write(getattr(pulse, name)) if pulse else "–"


def _seconds(seconds: int) -> str:
    return timesince(timezone.now() - timedelta(seconds=seconds), depth=1) if seconds >= 60 else f"{seconds} s"
