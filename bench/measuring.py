"""Runs the questions and prints one table of ratios."""

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.test.utils import override_settings  # noqa: E402

from bench import questions  # noqa: E402
from tenants import provisioning  # noqa: E402
from tenants.context import in_tenant  # noqa: E402

ROUNDS = 15


@dataclass(frozen=True, kw_only=True)
class Question:
    """`ours` against `other`: how many times as long does the other way take?"""

    name: str
    ours: Callable[[], object]
    other: Callable[[], object]


def run_all(*, only: Sequence[str]) -> None:
    call_command("migrate_schemas", shared=True, verbosity=0)
    provisioning.create_platform()
    cooperative = provisioning.create_cooperative(name="Koperasi Ukur", slug="koperasi-ukur", state="open")
    print(f"{'question':<70} {'other / ours':>12}  {'min to max':>15}")
    with in_tenant(cooperative), override_settings(ALLOWED_HOSTS=["*"]):
        for make in questions.ALL:
            if not only or make.__name__ in only:
                _print(Question(**make()))


def _print(question: Question) -> None:
    question.ours(), question.other()
    ratios = []
    for _ in range(ROUNDS):
        ratios.append(_seconds(question.other) / _seconds(question.ours))
    low, middle, high = min(ratios), statistics.median(ratios), max(ratios)
    print(f"{question.name:<70} {middle:>12.2f}  {low:>6.2f} to {high:>5.2f}")


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    run_all(only=sys.argv[1:])
