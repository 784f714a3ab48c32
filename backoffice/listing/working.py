"""The page of a listing at work: shown, kept while it is typed, submitted. The same for the member who lists and for
the officer who does it for a member; they differ in what submitting means (`finish`)."""

import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from backoffice.listing import desk as desks
from backoffice.listing import filling, page, typed
from backoffice.listing.desk import Desk
from backoffice.listing.filling import Filled
from catalog import categories, photos, proposing, writing
from catalog.models import Picture

SUBMIT, KEEP, HELP = "ajukan", "simpan", "hitung"
FORM = "backoffice/_listing.html"


def work(
    request: HttpRequest, desk: Desk, *, template: str, finish: Callable[[Desk], str], **more: Any
) -> HttpResponse:
    """Show the listing, or keep what was sent; by the button `do` also submit it: `finish` returns where to go then
    and raises writing.Refused. Whatever goes wrong, what was typed is kept first."""
    now = timezone.now()
    if request.method != "POST":
        shown = page.context(request, desk, desk.filled(), now=now)
        return TemplateResponse(request, template, {**shown, **more})
    if desk.is_waiting:
        return go(request, finish(desk))
    desk = desks.with_proposal(desk, by=str(request.user), now=now)
    _taken, refused = desks.add_photos(desk, request.FILES.getlist("photos"), now=now)
    filled = read(request.POST, desk)
    asked = request.POST.get("do", SUBMIT)
    if asked == SUBMIT and more.get("is_officer"):
        filled = with_new_category(filled)
    desk = desks.insist(desk, filled, by=str(request.user), now=now)
    problems: list[tuple[str, str]] = []
    if asked == SUBMIT and not refused:
        problems = filled.problems()
        if not problems:
            try:
                return go(request, finish(desk))
            except writing.Refused as refusal:
                problems = filling.named(refusal.problems)
    is_wrong = bool(problems or refused)
    shown = page.context(request, desk, filled, now=now, problems=problems, told=refused, is_helping=asked == HELP)
    if is_wrong and wants_json(request):
        return wrong(request, {**shown, **more})
    return TemplateResponse(request, template, {**shown, **more}, status=422 if is_wrong else 200)


def wrong(request: HttpRequest, shown: dict[str, Any]) -> JsonResponse:
    """The form again with what is wrong at its fields, for the page's own script."""
    return JsonResponse({"form": render_to_string(FORM, shown, request=request)}, status=422)


def frame(*, submit_word: str) -> dict[str, Any]:
    """What the form of a draft needs beside its fields: where its script sends things, what the button says."""
    return {
        "save_to": reverse("backoffice:own_listing_save"),
        "photo_to": reverse("backoffice:own_listing_photo"),
        "submit_word": submit_word,
    }


def keep(request: HttpRequest, desk: Desk) -> JsonResponse:
    """What the page sends by itself while somebody types. A save that arrives late changes nothing, and the answer says
    so: `taken` is whether what was sent is what is kept."""
    filled = read(request.POST, desk)
    version = typed.whole(request.POST.get("version", "")) or 0
    if not desk.is_waiting:
        desk = desks.save(desk, filled, version=version, by=str(request.user), now=timezone.now())
    checks = render_to_string("backoffice/_listing_checks.html", {"checks": page.points(desk, filled)}, request=request)
    return JsonResponse({**_state(desk, filled), "checks": checks})


def take_photo(request: HttpRequest, desk: Desk) -> JsonResponse:
    """One photo. Sent twice it is one; a file that is no photo is refused with the reason."""
    now = timezone.now()
    file = request.FILES.get("photo")
    if file is None or desk.is_waiting:
        return JsonResponse({"error": ""}, status=422)
    desk = desks.with_proposal(desk, by=str(request.user), now=now)
    try:
        picture = desks.add_photo(desk, file, now=now)
    except photos.BadPhoto as error:
        return JsonResponse({"error": str(error)}, status=422)
    return photo_answer(request, picture, key=str(desk.key))


def photo_answer(request: HttpRequest, picture: Picture, *, alt: str = "", key: str = "") -> JsonResponse:
    """The photo as it stands in the form, for the page's own script."""
    html = render_to_string("backoffice/_listing_photo.html", {"photo": picture, "alt": alt}, request=request)
    return JsonResponse({"picture": picture.pk, "html": html, "key": key})


def read(data: QueryDict, desk: Desk) -> Filled:
    """What was sent, with the photos that this listing has by now."""
    pictures = [picture.pk for picture in desk.pictures()]
    return filling.posted(data, pictures=pictures, dropped=desk.dropped())


def with_new_category(filled: Filled) -> Filled:
    """An officer may name a category that the shop does not have yet."""
    wanted = filled.fields.get("new_category", "").strip()
    if not wanted:
        return filled
    try:
        category = categories.at(categories.path(wanted))
    except categories.NoName:
        return filled
    content = replace(filled.content, category=category.pk)
    return replace(filled, content=content, fields={**filled.fields, "category": str(category.pk), "new_category": ""})


def key_of(text: str) -> uuid.UUID | None:
    """None for what is no key."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def go(request: HttpRequest, address: str) -> HttpResponse:
    """On to another page, for a browser or for the page's own script."""
    return JsonResponse({"go": address}) if wants_json(request) else redirect(address)


def _state(desk: Desk, filled: Filled) -> dict[str, Any]:
    proposal = desk.proposal
    kept = {name: value for name, value in proposal.content.items() if name != proposing.BASE} if proposal else {}
    return {
        "key": str(desk.key),
        "version": desk.version,
        "state": proposal.state if proposal else "",
        "taken": _plain(kept) == _plain(filled.draft()),
    }


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value))
