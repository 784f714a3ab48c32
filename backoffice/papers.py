"""Documents as pages show them: how long they are valid, which one needs care."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import FileResponse, Http404

from catalog.models import Document
from catalog.passport import watching

State = Document.State


@dataclass(frozen=True)
class Row:
    """`left`: whole days until its last one, negative afterwards; None where it has none."""

    document: Document
    left: int | None

    @property
    def is_over(self) -> bool:
        return self.left is not None and self.left < 0

    @property
    def ends_soon(self) -> bool:
        return self.left is not None and 0 <= self.left <= watching.WARN_AT[0]


def row(document: Document, today: date) -> Row:
    return Row(document, (document.valid_until - today).days if document.valid_until else None)


def ending(today: date) -> QuerySet[Document]:
    """Accepted, with a last day that is near or over, and nothing later in its place; the most urgent first."""
    later = Document.objects.filter(
        Q(product=OuterRef("product")) | Q(product=None, member=OuterRef("member")),
        Q(valid_until=None) | Q(valid_until__gt=OuterRef("valid_until")),
        state=State.ACCEPTED,
        kind=OuterRef("kind"),
    )
    soon = Document.objects.filter(state=State.ACCEPTED, valid_until__lte=today + timedelta(days=watching.WARN_AT[0]))
    return soon.exclude(Exists(later)).order_by("valid_until", "pk")


def file_of(document: Document) -> FileResponse:
    """Its photo, for whoever the view has let in: never kept by anybody in between, never run. 404 without one."""
    if not document.file or not document.file.storage.exists(document.file.name):
        raise Http404
    response = FileResponse(document.file.open("rb"), content_type="image/webp")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
