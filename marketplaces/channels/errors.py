"""What can go wrong with a marketplace, and what follows from it.

ChannelError
├── ChannelDown    no usable answer: try again; `outcome_unknown` when the work may have been done
├── RateLimited    too many calls: wait
├── TokenInvalid   the access token (or, when renewing, the refresh token) is not accepted: renew once
├── Rejected       this listing or order will not be accepted as it is: show a person the problems
├── NotFound       the thing is not there any more
└── Refused        we as an application, or the shop as a whole, may not: show the officer
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that stands in the way. `code` is a key of marketplaces.words; `detail` is the channel's own text, or
    the figure or name that the sentence needs."""

    code: str
    detail: str = ""


class ChannelError(Exception):
    """A call to a marketplace that did not do what was asked."""


class ChannelDown(ChannelError):
    """No usable answer. `outcome_unknown` says that the work may or may not have been done."""

    def __init__(self, reason: str, *, outcome_unknown: bool) -> None:
        super().__init__(reason)
        self.outcome_unknown = outcome_unknown


class RateLimited(ChannelError):
    """`retry_after` in seconds, when it is known."""

    def __init__(self, retry_after: float | None = None) -> None:
        super().__init__(f"rate limited, retry after {retry_after}")
        self.retry_after = retry_after


class TokenInvalid(ChannelError):
    """The token is not, or no longer, accepted."""


class Rejected(ChannelError):
    """Not acceptable as it is; `problems` say why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(", ".join(f"{problem.code} {problem.detail}".strip() for problem in problems))
        self.problems = tuple(problems)


class NotFound(ChannelError):
    """The listing or order does not exist in this shop."""


class Refused(ChannelError):
    """The application or the whole shop may not do this; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.code} {problem.detail}".strip())
        self.problem = problem
