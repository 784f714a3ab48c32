"""The states of a cooperative, and the only functions that change them. docs/lifecycle.md has what each one means.

applied (an Application) -> preparing -> open <-> suspended -> closed -> purged (tenants/purging.py; nothing is left)
"""

import logging
from datetime import datetime

from tenants import servers
from tenants.models import Cooperative

State = Cooperative.State
TRANSITIONS: dict[str, tuple[frozenset[State], State]] = {
    "open": (frozenset({State.PREPARING}), State.OPEN),
    "suspend": (frozenset({State.OPEN}), State.SUSPENDED),
    "reopen": (frozenset({State.SUSPENDED}), State.OPEN),
    "close": (frozenset({State.PREPARING, State.OPEN, State.SUSPENDED}), State.CLOSED),
    "return": (frozenset({State.CLOSED}), State.PREPARING),
    "purge": (frozenset({State.CLOSED}), State.PURGING),
}

logger = logging.getLogger(__name__)


class Refused(Exception):
    """The step does not begin in the state in which the cooperative is; `state` is that one. Nothing has changed."""

    def __init__(self, step: str, state: str) -> None:
        super().__init__(f"cannot {step} a cooperative that is {state}")
        self.step, self.state = step, state


class ReasonMissing(ValueError):
    """Officers and operators read why; a suspension or closing without a reason is refused."""


def open_shop(*, cooperative_id: int, by: str, now: datetime) -> Cooperative:
    """Visitors may buy from now on. Raises Refused.

    Whether the shop is ready is asked before (backoffice/going_live.py): this app does not know what a shop needs.
    """
    return _step("open", cooperative_id, by, now)


def suspend(*, cooperative_id: int, by: str, reason: str, now: datetime) -> Cooperative:
    """Visitors read that the shop pauses, officers read `reason`, jobs wait. Raises Refused, ReasonMissing."""
    return _step("suspend", cooperative_id, by, now, _said(reason))


def reopen(*, cooperative_id: int, by: str, now: datetime) -> Cooperative:
    """End a suspension: what became due meanwhile is done now. Raises Refused."""
    return _step("reopen", cooperative_id, by, now)


def close(*, cooperative_id: int, by: str, reason: str, now: datetime) -> Cooperative:
    """The shop ends. Officers may still take their data with them; the channels are left (marketplaces/leaving.py).

    Raises Refused, ReasonMissing.
    """
    return _step("close", cooperative_id, by, now, _said(reason))


def return_to_preparing(*, cooperative_id: int, by: str, now: datetime) -> Cooperative:
    """The closing was a mistake: the shop is as it was, without its channels, and has yet to open. Raises Refused."""
    return _step("return", cooperative_id, by, now)


def begin_purge(*, cooperative_id: int, by: str, now: datetime) -> Cooperative:
    """There is no way back from here: tenants/purging.py calls it and removes everything. Raises Refused."""
    return _step("purge", cooperative_id, by, now)


def _step(step: str, cooperative_id: int, by: str, now: datetime, reason: str = "") -> Cooperative:
    """One statement decides, so that of two who act at once one is refused."""
    before, after = TRANSITIONS[step]
    rows = Cooperative.objects.shops().filter(pk=cooperative_id)
    taken = rows.filter(state__in=before, moving_to="").update(state=after, state_since=now, state_reason=reason)
    cooperative = rows.get()
    if not taken:
        raise Refused(step, "moving" if cooperative.moving_to else cooperative.state)
    servers.publish(cooperative)
    logger.info("%s: %s by %s %s", cooperative.slug, step, by, reason)
    return cooperative


def _said(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing
    return reason.strip()
