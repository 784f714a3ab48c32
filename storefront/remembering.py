"""What was read for a page, for whoever asks next: the rows behind a shelf, as long as nothing of the shop changes.

A visitor with a cart gets a page made anew each time; it need not be read anew. Held by the process, beside the numbers
of the data that it was read from (tenants/freshness.py), and right as long as these are the same.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest

from tenants import freshness
from tenants.models import Cooperative

T = TypeVar("T")
MOST = 100  # pages of a shelf, of all cooperatives that a process serves: about 10 MB
NUMBER = "_number_of_the_data"
_known: dict[tuple[Any, ...], tuple[tuple[int | None, int | None], Any]] = {}


def remembered(request: HttpRequest, what: str, read: Callable[[], T]) -> T:
    """What `read` gives for this address, which must depend on nothing but the address and the data, and which nobody
    may change. Without the cache it is read each time."""
    cooperative: Cooperative = request.tenant  # type: ignore[attr-defined]
    numbers = (cooperative.directory, number_of(request)) if settings.REMEMBER_SHELVES else (None, None)
    if None in numbers:
        return read()
    key = (cooperative.schema_name, what, request.path, request.META.get("QUERY_STRING", ""))
    found = _known.get(key)
    if found and found[0] == numbers:
        value: T = found[1]
        return value
    value = read()
    if len(_known) >= MOST:
        _known.clear()
    _known[key] = (numbers, value)
    return value


def number_of(request: HttpRequest) -> int | None:
    """The number of the cooperative's data, asked for once in a request and before anything is read."""
    if not hasattr(request, NUMBER):
        setattr(request, NUMBER, freshness.of(request.tenant.schema_name))  # type: ignore[attr-defined]
    number: int | None = getattr(request, NUMBER)
    return number
