"""Issue 4, acceptance 2: twenty thousand rows, more than two hundred of them broken in more than twenty-five ways."""

from pathlib import Path

import psutil
import pytest
from django.core.files.base import File

from catalog.importing import jobs
from catalog.models import Category, ImportJob, PriceStep, Product, ProductEvent, Variant, WantedPicture
from catalog.tests import seller_files
from inventory import opening
from inventory.models import Movement, Stock
from tests import make

MAKERS = {
    "own": (seller_files.own_file, 4_700, 4),
    "shopify": (seller_files.shopify_file, 900, 3),
    "woocommerce": (seller_files.woocommerce_file, 900, 3),
    "shopee": (seller_files.shopee_file, 900, 3),
}


@pytest.fixture
def sellers(kopi):
    other = make.member(number="KG-001", name="Orang Lain")
    third = make.member(number="KG-003", name="Ketiga")
    make.product(title="Punya orang", sku="MILIK-LAIN", options=("A", "B", "C", "D"), seller=third)
    return other, make.member(number="KG-002", name="Aman Dimot")


memory: list[int] = []  # bytes after each turn


def bring_in(path: Path, *, member, now, seconds=0.5) -> ImportJob:
    """Upload, look through, and write, in turns of half a second."""
    with path.open("rb") as file:
        job = jobs.begin(
            file=File(file), file_name=path.name, by="Pengurus", language="id", now=now, member=member and member.pk
        )
    finish(now, seconds)
    job.refresh_from_db()
    assert job.state == "checked", (job.state, job.error)
    jobs.start(job_id=job.pk, now=now)
    finish(now, seconds)
    job.refresh_from_db()
    assert job.state == "done"
    return job


def finish(now, seconds):
    while opening.go_on_importing(now=now, seconds=seconds):
        memory.append(psutil.Process().memory_info().rss)


@pytest.fixture(scope="module")
def seen():
    """What all files together had in them."""
    return {"rows": 0, "wrong": 0, "kinds": set()}


@pytest.mark.timeout(400)
@pytest.mark.parametrize("shape", MAKERS)
def test_every_broken_row_is_named_with_its_reason_and_all_others_come_in(shape, sellers, seen, tmp_path, now):
    maker, products, each = MAKERS[shape]
    made = maker(tmp_path / f"{shape}.{'xlsx' if shape == 'shopee' else 'csv'}", products=products, broken_each=each)
    member = None if shape == "own" else sellers[0]
    there = Product.objects.count()
    memory.clear()
    job = bring_in(made.path, member=member, now=now)
    assert job.format == shape
    assert job.rows_total == job.rows_checked == job.rows_done == made.rows
    problems = dict(job.problems.values_list("row", "reason"))
    assert job.problems.count() == len(problems)
    assert sorted(problems) == sorted(made.wrong)
    assert [(row, reason) for row, reason in problems.items() if made.wrong[row] not in reason] == []
    assert job.counts["run"] == job.counts["check"]
    assert counts(job) == {"new": products, "changed": 0, "unchanged": 0, "rows_wrong": len(made.wrong)}
    assert Product.objects.count() == products + there
    written = fingerprint()
    again = bring_in(made.path, member=member, now=now)
    assert counts(again) == {"new": 0, "changed": 0, "unchanged": products, "rows_wrong": len(made.wrong)}
    assert fingerprint() == written
    assert max(memory) - memory[len(memory) // 10] < 40 * 1024 * 1024
    seen["rows"] += made.rows
    seen["wrong"] += len(made.wrong)
    seen["kinds"] |= made.kinds


def test_twenty_thousand_rows_and_every_kind_of_fault_were_among_them(seen):
    """Stands below the others and counts what they brought in."""
    if seen["rows"]:  # this one alone says nothing
        assert seen["rows"] >= 20_000
        assert seen["wrong"] >= 200
        assert len(seen["kinds"]) >= 25


def counts(job):
    return {name: job.counts["run"].get(name, 0) for name in ("new", "changed", "unchanged", "rows_wrong")}


def fingerprint():
    """Every row that an import may touch."""
    tables = (Product, Variant, Stock, Movement, PriceStep, ProductEvent, WantedPicture, Category)
    return {table.__name__: hash(repr(list(table.objects.order_by("pk").values_list()))) for table in tables}
