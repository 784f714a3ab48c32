"""Operators, what they turned on, and what they did."""

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin

from accounts import second_factor
from hosting.console.site import ReadOnly
from hosting.console.steps import ReasonForm, Refused, Step, WithSteps
from hosting.models import Operator
from members import visiting as log
from tenants import switches
from tenants.context import in_tenant
from tenants.models import Cooperative, Switch, Visit


class NewOperatorForm(forms.ModelForm):
    class Meta:
        model = Operator
        fields = ("email", "name")

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if Operator.objects.filter(email=email).exists():
            raise forms.ValidationError(_("E-mail ini sudah dipakai."))
        return email


def is_another(request: HttpRequest, user: Operator) -> bool:
    return user.pk != request.user.pk


def reset(request: HttpRequest, user: Operator, said: dict[str, Any]) -> str:
    if not second_factor.reset(user=user):
        raise Refused(_("Operator ini belum punya langkah kedua."))
    return _("Langkah kedua %(who)s dihapus; ia memasang yang baru saat masuk.") % {"who": user.email}


def dismiss(request: HttpRequest, user: Operator, said: dict[str, Any]) -> str:
    """Out of the console at once, and out of every cooperative."""
    Operator.objects.filter(pk=user.pk).update(is_active=False)
    for visit in Visit.objects.filter(asked_by=user.email, ended_at=None).select_related("cooperative"):
        with in_tenant(visit.cooperative):
            log.end(visit=visit, now=timezone.now())
    return _("%(who)s tidak bisa masuk lagi.") % {"who": user.email}


def readmit(request: HttpRequest, user: Operator, said: dict[str, Any]) -> str:
    Operator.objects.filter(pk=user.pk).update(is_active=True)
    return _("%(who)s bisa masuk lagi.") % {"who": user.email}


class OperatorAdmin(WithSteps, ModelAdmin):
    """Nobody changes their own rights here: another operator does."""

    list_display = ("email", "name", "may_enter", "has_second_factor", "last_login")
    search_fields = ("email", "name")
    ordering = ("email",)
    list_per_page = 50
    steps = (
        Step(
            name="reset",
            title=gettext_lazy("Atur ulang langkah kedua"),
            form=ReasonForm,
            run=reset,
            fits=is_another,
            says=gettext_lazy("Untuk operator yang kehilangan ponsel dan kode cadangan. Pastikan dulu itu memang dia."),
        ),
        Step(
            name="dismiss",
            title=gettext_lazy("Nonaktifkan"),
            form=ReasonForm,
            run=dismiss,
            fits=lambda request, user: user.is_active and is_another(request, user),
        ),
        Step(
            name="readmit",
            title=gettext_lazy("Aktifkan lagi"),
            form=ReasonForm,
            run=readmit,
            fits=lambda request, user: not user.is_active,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Operator]:
        devices = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
        return super().get_queryset(request).filter(is_operator=True).annotate(has_device=Exists(devices))

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return self.admin_site.has_permission(request)

    def get_form(self, request: HttpRequest, obj: Operator | None = None, change: bool = False, **kwargs: Any) -> type:
        return super().get_form(request, obj, change, **kwargs if change else {**kwargs, "form": NewOperatorForm})

    def get_readonly_fields(self, request: HttpRequest, obj: Operator | None = None) -> tuple[str, ...]:
        return ("may_enter", "has_second_factor") if obj else ()

    def get_fields(self, request: HttpRequest, obj: Operator | None = None) -> tuple[str, ...]:
        return ("email", "name", "may_enter", "has_second_factor", "last_login") if obj else ("email", "name")

    def save_model(self, request: HttpRequest, obj: Operator, form: NewOperatorForm, change: bool) -> None:
        obj.is_operator = True
        obj.set_unusable_password()
        obj.save()

    @admin.display(description=gettext_lazy("boleh masuk"), boolean=True, ordering="is_active")
    def may_enter(self, user: Operator) -> bool:
        return user.is_active

    @admin.display(description=gettext_lazy("langkah kedua"), boolean=True, ordering="has_device")
    def has_second_factor(self, user: Operator) -> bool:
        return user.has_device


class SwitchAdmin(ModelAdmin):
    list_display = ("name", "what", "is_on")
    ordering = ("name",)
    fields = ("name", "what", "is_on", "cooperatives")
    readonly_fields = ("name", "what")
    autocomplete_fields = ("cooperatives",)
    list_per_page = 50

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        switches.make_known()
        return super().changelist_view(request, extra_context)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Switch]:
        return super().get_queryset(request).filter(name__in=settings.SWITCHES)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = Cooperative.objects.shops()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("apa"))
    def what(self, switch: Switch) -> str:
        return settings.SWITCHES[switch.name][1]


class LogAdmin(ReadOnly, ModelAdmin):
    """What operators did, for ever."""

    list_display = ("action_time", "user", "content_type", "object_repr", "change")
    list_select_related = ("user", "content_type")
    search_fields = ("user__email", "object_repr", "change_message")
    ordering = ("-action_time",)
    fields = ("action_time", "user", "content_type", "object_repr", "change")
    readonly_fields = ("change",)
    list_per_page = 50

    @admin.display(description=gettext_lazy("tindakan"))
    def change(self, entry: LogEntry) -> str:
        return entry.get_change_message()
