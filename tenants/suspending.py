"""A cooperative's shop stops answering, and answers again. Its data stay as they are."""

from collections.abc import Iterable

from tenants.models import Cooperative


def suspend(*, cooperative_ids: Iterable[int]) -> int:
    """Close these shops: pages say so, no task runs. Returns how many were open. Never the platform itself."""
    return _turn(cooperative_ids, Cooperative.State.OPEN, Cooperative.State.SUSPENDED)


def reopen(*, cooperative_ids: Iterable[int]) -> int:
    """Open these shops again; what became due meanwhile is done now. Returns how many were suspended."""
    return _turn(cooperative_ids, Cooperative.State.SUSPENDED, Cooperative.State.OPEN)


def _turn(cooperative_ids: Iterable[int], before: Cooperative.State, after: Cooperative.State) -> int:
    return Cooperative.objects.shops().filter(pk__in=list(cooperative_ids), state=before).update(state=after)
