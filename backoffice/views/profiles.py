"""A member's page as visitors read it: photo, place and story, written by the member or by an officer for them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backoffice.access import needs
from backoffice.profile_forms import ProfileForm
from catalog import producers as makers
from lib.photo_files import BadPhoto
from members import describing
from members.models import Member
from members.roles import May


@needs(May.SEE_OWN, to_write=May.EDIT_OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def own_profile(request: HttpRequest) -> HttpResponse:
    """My own."""
    return _edit(request, request.user.member, back_to="backoffice:own_profile")


@needs(May.EDIT_MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def member_profile(request: HttpRequest, pk: int) -> HttpResponse:
    """That of a member who does not come here."""
    return _edit(request, get_object_or_404(Member, pk=pk), back_to="backoffice:members")


def _edit(request: HttpRequest, member: Member, *, back_to: str) -> HttpResponse:
    is_post = request.method == "POST"
    told = {name: getattr(member, name) for name in ("village", "origin_code", "story", "story_en")}
    form = ProfileForm(request.POST if is_post else None, request.FILES if is_post else None, initial=told)
    if not member.photo:
        del form.fields["drop_photo"]
    if is_post and form.is_valid() and _write(form, member):
        messages.success(request, _("Profil disimpan."))
        return redirect(back_to)
    is_own, sells = back_to == "backoffice:own_profile", makers.producers().filter(pk=member.pk).exists()
    context = {"form": form, "member": member, "is_own": is_own, "sells": sells}
    return TemplateResponse(request, "backoffice/profile.html", context, status=422 if form.errors else 200)


def _write(form: ProfileForm, member: Member) -> bool:
    photo = form.cleaned_data["photo"]
    if photo:  # first: when it is refused, nothing is written
        try:
            describing.set_portrait(member_id=member.pk, name=photo.name, data=photo.read())
        except BadPhoto as refusal:
            form.add_error("photo", str(refusal))
            return False
    elif form.cleaned_data.get("drop_photo"):
        describing.remove_portrait(member_id=member.pk)
    describing.describe(member_id=member.pk, now=timezone.now(), **form.about())
    return True
