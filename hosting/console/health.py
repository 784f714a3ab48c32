"""Figures without rows: health, backups, work that waits, addresses."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin

from hosting.console.site import ReadOnly
from tenants import servers
from tenants.models import Backup, Due, Pulse


class PulseAdmin(ReadOnly, ModelAdmin):
    list_display = ("cooperative", "at", "lag_s", "failures", "drift", "broken", "database", "files")
    list_select_related = ("cooperative",)
    search_fields = ("cooperative__name", "cooperative__slug")
    ordering = ("-broken", "-failures", "-lag_s")
    list_per_page = 50

    @admin.display(description=gettext_lazy("basis data"), ordering="database_bytes")
    def database(self, pulse: Pulse) -> str:
        return filesizeformat(pulse.database_bytes)

    @admin.display(description=gettext_lazy("berkas"), ordering="file_bytes")
    def files(self, pulse: Pulse) -> str:
        return filesizeformat(pulse.file_bytes)


class BackupAdmin(ReadOnly, ModelAdmin):
    list_display = ("cooperative", "kind", "began_at", "ended_at", "written", "rows", "proven_at", "wrong")
    list_select_related = ("cooperative",)
    list_filter = ("kind",)
    search_fields = ("cooperative__name", "cooperative__slug", "name")
    ordering = ("-began_at",)
    list_per_page = 50

    @admin.display(description=gettext_lazy("ukuran"), ordering="size")
    def written(self, backup: Backup) -> str:
        return filesizeformat(backup.size)

    @admin.display(description=gettext_lazy("kesalahan"))
    def wrong(self, backup: Backup) -> str:
        return backup.error or backup.proof_error


class DueAdmin(ReadOnly, ModelAdmin):
    """Which work waits, of whom, since when. What it is about stays in the cooperative."""

    list_display = ("what", "whose", "due_at", "offered_at", "begun", "again_after")
    list_select_related = ("cooperative",)
    list_filter = ("kind",)
    search_fields = ("cooperative__name", "cooperative__slug")
    fields = list_display
    readonly_fields = list_display
    ordering = ("at",)
    list_per_page = 50
    list_before_template = "hosting/console/jobs.html"

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        now = timezone.now()
        return super().changelist_view(request, {**(extra_context or {}), "kinds": kinds(now=now)})

    @admin.display(description=gettext_lazy("jenis"), ordering="kind")
    def what(self, due: Due) -> str:
        return due.kind

    @admin.display(description=gettext_lazy("koperasi"), ordering="cooperative__name")
    def whose(self, due: Due) -> str:
        return due.cooperative.name

    @admin.display(description=gettext_lazy("waktunya"), ordering="at")
    def due_at(self, due: Due) -> datetime:
        return due.at

    @admin.display(description=gettext_lazy("ditawarkan"), ordering="rung_at")
    def offered_at(self, due: Due) -> datetime | None:
        return due.rung_at

    @admin.display(description=gettext_lazy("percobaan"), ordering="attempts")
    def begun(self, due: Due) -> int:
        return due.attempts

    @admin.display(description=gettext_lazy("berulang (detik)"), ordering="every")
    def again_after(self, due: Due) -> int | None:
        return due.every


def kinds(*, now: datetime) -> list[dict[str, Any]]:
    """Work whose time has come, by kind, on every server: how much, since when, of how many cooperatives."""
    found: dict[str, dict[str, Any]] = {}
    is_due = Q(at__lte=now) | Q(rung_at__lte=now)
    for name in servers.names():
        with servers.on(name):
            rows = Due.objects.filter(is_due).values("kind").order_by("kind")
            counted = rows.annotate(
                waiting=Count("pk"), shops=Count("cooperative", distinct=True), since=Min("at"), first=Min("rung_at")
            )
            for row in counted:
                _add(found.setdefault(row["kind"], {"kind": row["kind"], "waiting": 0, "shops": 0, "since": None}), row)
    return sorted(found.values(), key=lambda row: row["since"])


def _add(total: dict[str, Any], row: dict[str, Any]) -> None:
    oldest = min(filter(None, (row["since"], row["first"], total["since"])))
    total.update(waiting=total["waiting"] + row["waiting"], shops=total["shops"] + row["shops"], since=oldest)


class DomainAdmin(ReadOnly, ModelAdmin):
    list_display = ("domain", "tenant", "is_primary", "checked_at", "failing_since")
    list_select_related = ("tenant",)
    search_fields = ("domain", "tenant__name")
    ordering = ("domain",)
    list_per_page = 50


class DomainClaimAdmin(ReadOnly, ModelAdmin):
    list_display = ("domain", "cooperative", "created_at", "checked_at", "error")
    list_select_related = ("cooperative",)
    search_fields = ("domain", "cooperative__name")
    fields = ("domain", "cooperative", "created_at", "checked_at", "error")
    ordering = ("-created_at",)
    list_per_page = 50
