"""Uploaded files, served only on the host of the cooperative that they belong to."""

from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

SHOWN = {".avif": "image/avif", ".webp": "image/webp", ".png": "image/png", ".jpg": "image/jpeg"}
PRIVATE = "private"


@require_safe
def media(request: HttpRequest, name: str) -> FileResponse:
    """A picture of this cooperative; any other name is 404. Names are never used twice, so browsers may keep it.

    What lies below `private/` (documents, files of imports) has no address: it is read through the back office.
    Behind a proxy that can serve files itself, the proxy makes the same checks by the parts of the name.
    """
    path = PurePosixPath(name)
    kind = SHOWN.get(path.suffix.lower())
    if kind is None or ".." in path.parts or path.parts[0] != request.tenant.uid.hex:
        raise Http404
    # in any letters: there are disks for which `Private` is the same folder
    if any(part.casefold() == PRIVATE for part in path.parts) or "\0" in name or not default_storage.exists(name):
        raise Http404
    response = FileResponse(default_storage.open(name), content_type=kind)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
