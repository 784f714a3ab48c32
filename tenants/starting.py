"""A process makes sure that it cannot mix cooperatives up before it serves the first of them."""

import logging
from collections.abc import Sequence
from typing import Any

from django.core.checks import run_checks
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections

SEALING = "sealing"  # the tag of the checks in tenants/checks.py
logger = logging.getLogger(__name__)
_sure_of: set[str] = set()  # database servers that this process has asked


class NotSealed(RuntimeError):
    """This process would mix cooperatives up; each line of the message is a reason."""


def before_serving() -> None:
    """At the start of every process. Raises NotSealed. A home server that is away is asked again by /readyz.

    Leaves nothing open: gunicorn loads us before it forks, and the threads that feed a pool do not come along.
    """
    try:
        make_sure()
    except (OperationalError, InterfaceError) as error:
        logger.warning("cannot tell yet whether cooperatives are sealed: %s", error)
    finally:
        opened: Sequence[Any] = connections.all(initialized_only=True)
        for connection in opened:
            connection.close()
            connection.close_pool()


def make_sure() -> None:
    """Run the checks of tenants/checks.py, once per process and database server.

    Raises NotSealed, and OperationalError when the home server is away; another one that is away is asked next time.
    """
    for alias in set(connections) - _sure_of:
        try:
            problems = run_checks(tags=[SEALING], databases=[alias])
        except (OperationalError, InterfaceError):
            if alias == DEFAULT_DB_ALIAS:
                raise
            logger.warning("database %s is away: not asked yet whether it is sealed", alias)
            continue
        if problems:
            raise NotSealed("\n".join(str(problem) for problem in problems))
        _sure_of.add(alias)
