"""Idempotency-Key as Stripe keeps it: the first answer of a key is its answer for 24 hours, even a 500."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from simulators.stripe.errors import StripeError
from simulators.stripe.world import Account, Json, World

KEPT_SECONDS = 24 * 3600
_MAX_KEY = 255


@dataclass
class Answer:
    status: int
    body: Json
    replayed: bool = False
    original_request: str | None = None


def once(
    world: World,
    account: Account,
    *,
    key: str,
    request_id: str,
    path: str,
    form: list[list[str]],
    work: Callable[[], Json],
) -> Answer:
    """Do `work` unless this account has used `key` before; then replay what came of it.

    Raises StripeError 400 idempotency_error when the key was used for other parameters, 409 while the first
    request with it is still being worked on.
    """
    if len(key) > _MAX_KEY:
        raise StripeError(f"Idempotency key too long: at most {_MAX_KEY} characters.", kind="idempotency_error")
    with world.lock:
        _forget_old(account, world.now())
        if (account.id, key) in world.in_progress:
            raise StripeError(
                "There is currently another in-progress request using this Idempotent Key (that probably means "
                f"you submitted twice, and the other request is still going through): {key}. Try again later.",
                status=409,
                kind="idempotency_error",
                code="idempotency_key_in_use",
            )
        kept = account.idempotency.get(key)
        if kept is not None:
            _refuse_other_use(kept, key, path, form)
            return Answer(kept["status"], kept["body"], replayed=True, original_request=kept["request_id"])
        world.in_progress.add((account.id, key))
    try:
        lasting = world.faults.strikes("in_progress", path, method="POST")
        if lasting:
            time.sleep(1 if lasting.seconds is None else lasting.seconds)
        with world.lock:
            answer = attempt(world, path, work)
            account.idempotency[key] = {
                "path": path,
                "form": form,
                "request_id": request_id,
                "status": answer.status,
                "body": answer.body,
                "at": world.now(),
            }
            return answer
    finally:
        with world.lock:
            world.in_progress.discard((account.id, key))


def attempt(world: World, path: str, work: Callable[[], Json], *, method: str = "POST") -> Answer:
    """Work; refusals after the work began become answers. Raises StripeError for those before it."""
    if method == "POST" and world.faults.strikes("saved_500", path, method=method):
        broken = StripeError("An unknown error occurred", status=500, kind="api_error")
        return Answer(500, broken.body())
    try:
        return Answer(200, work())
    except StripeError as error:
        if not error.saved:
            raise
        return Answer(error.status, error.body())


def _refuse_other_use(kept: Json, key: str, path: str, form: list[list[str]]) -> None:
    if kept["path"] != path:
        raise StripeError(
            "Keys for idempotent requests can only be used for the same endpoint they were first used for "
            f"('{kept['path']}' vs '{path}'). Try using a key other than '{key}' if you meant to execute a "
            "different request.",
            kind="idempotency_error",
        )
    if kept["form"] != form:
        raise StripeError(
            "Keys for idempotent requests can only be used with the same parameters they were first used "
            f"with. Try using a key other than '{key}' if you meant to execute a different request.",
            kind="idempotency_error",
        )


def _forget_old(account: Account, now: int) -> None:
    for key in [key for key, kept in account.idempotency.items() if now - kept["at"] >= KEPT_SECONDS]:
        del account.idempotency[key]
