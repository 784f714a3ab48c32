from typing import Any

from django.http import HttpRequest


def shop(request: HttpRequest) -> dict[str, Any]:
    """What every page of a shop shows: whose shop it is."""
    return {"cooperative": getattr(request, "tenant", None)}
