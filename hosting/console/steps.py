"""What an operator may do with a row: a step has a page of its own, with a form and a button, and is written down.

    class ApplicationAdmin(WithSteps, ModelAdmin):
        steps = (Step(name="refuse", title=..., form=ReasonForm, run=refuse, fits=is_waiting),)

`run` answers with what to tell the operator, or with a response of its own; it raises Refused when nothing happened.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from hosting.console.site import ReadOnly


class Refused(Exception):
    """Nothing has changed; the message tells the operator why."""


class NothingToSay(forms.Form):
    """Only the button."""


class ReasonForm(forms.Form):
    """Why. It stands in the log of the console, and where the step says so the cooperative reads it."""

    reason = forms.CharField(label=_("Alasan"), max_length=300, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}))


class TypedForm(ReasonForm):
    """For what cannot be undone: the name in the address, typed."""

    slug = forms.CharField(label=_("Tulis nama di alamat untuk memastikan"), widget=UnfoldAdminTextInputWidget)


@dataclass(frozen=True, kw_only=True)
class Step:
    name: str
    title: str | Promise
    run: Callable[[HttpRequest, Any, dict[str, Any]], str | Promise | HttpResponse]
    fits: Callable[[HttpRequest, Any], bool] = lambda request, row: True
    form: type[forms.Form] = NothingToSay
    says: str | Promise = ""  # what will happen, above the form
    initial: Callable[[Any], dict[str, Any]] = lambda row: {}


class WithSteps(ReadOnly):
    """A ModelAdmin whose rows change by steps only."""

    steps: Sequence[Step] = ()
    change_form_outer_before_template = "hosting/console/_steps.html"

    def get_urls(self) -> list:
        about = self.model._meta
        one = path(
            "<path:object_id>/step/<slug:name>/",
            self.admin_site.admin_view(self.step_view),
            name=f"{about.app_label}_{about.model_name}_step",
        )
        return [one, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        fitting = [] if row is None else [(step, self._address(row, step)) for step in self._fitting(request, row)]
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "steps": fitting})

    def step_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        step = next((one for one in self._fitting(request, row) if one.name == name), None) if row else None
        if step is None:
            raise Http404
        form = step.form(request.POST if request.method == "POST" else None, initial=step.initial(row))
        if request.method == "POST" and form.is_valid():
            answer = self._run(request, row, step, form)
            if answer is not None:
                return answer
        context = {
            **self.admin_site.each_context(request),
            "title": step.title,
            "step": step,
            "form": form,
            "row": row,
            "opts": self.model._meta,
            "back": self._page_of(row),
        }
        return TemplateResponse(request, "hosting/console/step.html", context, status=422 if form.errors else 200)

    def _run(self, request: HttpRequest, row: Model, step: Step, form: forms.Form) -> HttpResponse | None:
        try:
            answer = step.run(request, row, form.cleaned_data)
        except Refused as error:
            form.add_error(None, str(error))
            return None
        why = form.cleaned_data.get("reason", "")
        self.log_change(request, row, f"{step.name}: {why}" if why else step.name)
        if isinstance(answer, HttpResponse):
            return answer
        messages.success(request, answer)
        return redirect(self._page_of(row))

    def _fitting(self, request: HttpRequest, row: Model) -> list[Step]:
        return [step for step in self.steps if step.fits(request, row)]

    def _address(self, row: Model, step: Step) -> str:
        about = self.model._meta
        return reverse(f"admin:{about.app_label}_{about.model_name}_step", args=[row.pk, step.name])

    def _page_of(self, row: Model) -> str:
        about = self.model._meta
        return reverse(f"admin:{about.app_label}_{about.model_name}_change", args=[row.pk])
