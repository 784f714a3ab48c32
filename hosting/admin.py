"""The operator console: which cooperatives there are and whether they are open. Nothing of what is inside them."""

from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import ModelAdmin, TabularInline
from unfold.sites import UnfoldAdminSite

from tenants import suspending
from tenants.models import Cooperative, Domain


class OperatorSite(UnfoldAdminSite):
    """The console, for operators only. Login is by code, as everywhere."""

    site_header = gettext_lazy("Konsol operator")
    site_title = gettext_lazy("Konsol operator")

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return redirect("admin:tenants_cooperative_changelist")

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))


class ReadOnly:
    """Rows are looked at here and changed by named actions or commands."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class DomainsOfCooperative(ReadOnly, TabularInline):
    model = Domain
    fields = ("domain", "is_primary")
    extra = 0


class CooperativeAdmin(ReadOnly, ModelAdmin):
    list_display = ("name", "slug", "state", "hosts", "created_at")
    list_filter = ("state",)
    search_fields = ("name", "slug", "domains__domain")
    ordering = ("name",)
    fields = ("name", "slug", "state", "zone", "created_at", "schema_name")
    inlines = (DomainsOfCooperative,)
    actions = ("suspend", "reopen")
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cooperative]:
        return super().get_queryset(request).shops().prefetch_related("domains")

    @admin.display(description=gettext_lazy("alamat"))
    def hosts(self, cooperative: Cooperative) -> str:
        return ", ".join(domain.domain for domain in cooperative.domains.all())

    # Actions are shown to those who may view: only operators get this far.
    @admin.action(description=gettext_lazy("Tangguhkan"), permissions=["view"])
    def suspend(self, request: HttpRequest, chosen: QuerySet[Cooperative]) -> None:
        count = suspending.suspend(cooperative_ids=chosen.values_list("pk", flat=True))
        for cooperative in chosen:
            self.log_change(request, cooperative, "suspended")
        told = ngettext("%(count)d koperasi ditangguhkan.", "%(count)d koperasi ditangguhkan.", count)
        messages.success(request, told % {"count": count})

    @admin.action(description=gettext_lazy("Buka kembali"), permissions=["view"])
    def reopen(self, request: HttpRequest, chosen: QuerySet[Cooperative]) -> None:
        count = suspending.reopen(cooperative_ids=chosen.values_list("pk", flat=True))
        for cooperative in chosen:
            self.log_change(request, cooperative, "reopened")
        told = ngettext("%(count)d koperasi dibuka kembali.", "%(count)d koperasi dibuka kembali.", count)
        messages.success(request, told % {"count": count})


class DomainAdmin(ReadOnly, ModelAdmin):
    list_display = ("domain", "tenant", "is_primary")
    list_select_related = ("tenant",)
    search_fields = ("domain", "tenant__name")
    ordering = ("domain",)


console = OperatorSite(name="admin")
console.register(Cooperative, CooperativeAdmin)
console.register(Domain, DomainAdmin)
