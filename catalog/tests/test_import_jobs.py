"""A job is stopped, killed, worked at twice, and collides with others; every product is written once."""

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction

from catalog import writing_many
from catalog.importing import jobs
from catalog.models import ImportJob, ImportProblem, Product, ProductEvent, Variant
from inventory import opening
from inventory.models import Movement
from tenants.context import TenantExecutor, in_tenant
from tests import make

HEADING = "title,category,price,stock,sku,weight_g,seller\n"


def rows(count, *, price=65_000):
    return HEADING + "".join(f"Kopi nomor {n},Kopi,{price},2,S-{n},250,A-1\n" for n in range(count))


def begin(text, now, *, run=True):
    make.member(number="A-1") if not Product.objects.exists() else None
    job = jobs.begin(file=ContentFile(text.encode()), file_name="x.csv", by="Rina", language="id", now=now)
    go_on(now)
    if run:
        jobs.start(job_id=job.pk, now=now)
    return job


def go_on(now):
    while opening.go_on_importing(now=now):
        pass


def test_a_worker_that_dies_in_a_batch_leaves_it_undone_and_the_next_one_begins_there(kopi, now, monkeypatch):
    job = begin(rows(450), now)
    opening.go_on_importing(now=now, seconds=0)
    real, calls = opening.filling.fill, []

    def dies(**told):
        calls.append(told)
        real(**told)
        if len(calls) == 1:
            raise ZeroDivisionError

    monkeypatch.setattr(opening.filling, "fill", dies)
    with pytest.raises(ZeroDivisionError):
        opening.go_on_importing(now=now)
    job.refresh_from_db()
    assert (job.rows_done, Product.objects.count(), Movement.objects.count()) == (200, 200, 200)
    go_on(now)
    job.refresh_from_db()
    assert (job.state, job.rows_done, job.counts["run"]["new"]) == ("done", 450, 450)
    assert (Product.objects.count(), Movement.objects.count(), ProductEvent.objects.count()) == (450, 450, 450)


def test_of_a_batch_that_collides_only_the_product_that_collides_stays_out(kopi, now, monkeypatch):
    job = begin(rows(5), now)
    real = writing_many.write_many

    def collides(items, **told):
        if any(item.content.title.endswith("3") for item in items):
            with transaction.atomic():
                raise IntegrityError("somebody was quicker")
        return real(items, **told)

    monkeypatch.setattr(writing_many, "write_many", collides)
    go_on(now)
    job.refresh_from_db()
    assert (job.counts["run"]["new"], job.counts["run"]["wrong"], job.counts["run"]["rows_wrong"]) == (4, 1, 1)
    assert [problem.row for problem in job.problems.all()] == [5]
    assert sorted(Variant.objects.values_list("sku", flat=True)) == ["S-0", "S-1", "S-2", "S-4"]


def test_prices_of_all_products_change_with_their_history_and_figures(kopi, now):
    begin(rows(30), now)
    go_on(now)
    job = begin(rows(30, price=70_000), now)
    assert job.state == "checking"
    go_on(now)
    job.refresh_from_db()
    assert (job.counts["run"]["changed"], job.counts["run"].get("new", 0)) == (30, 0)
    assert set(Product.objects.values_list("price_from", "price_to")) == {(70_000, 70_000)}
    event = ProductEvent.objects.filter(kind="changed").first()
    assert (event.actor, [(each["field"], each["before"], each["after"]) for each in event.detail["changed"]]) == (
        "Rina", [("price", 65_000, 70_000)],
    )  # fmt: skip
    assert ProductEvent.objects.filter(kind="changed").count() == 30
    assert Movement.objects.count() == 30


def test_what_was_sold_is_not_brought_back_by_the_same_file(kopi, now):
    begin(rows(1), now)
    go_on(now)
    variant = Variant.objects.get()
    opening.stock.count(variant_id=variant.pk, on_hand=1, reference="rak", now=now)
    job = begin(rows(1), now)
    go_on(now)
    job.refresh_from_db()
    variant.stock.refresh_from_db()
    assert (job.counts["run"]["unchanged"], variant.stock.on_hand) == (1, 1)


def test_a_dry_run_writes_nothing_but_the_job(kopi, now):
    begin(rows(3), now, run=False)
    assert (Product.objects.count(), Variant.objects.count(), ProductEvent.objects.count()) == (0, 0, 0)
    assert ImportJob.objects.get().counts["check"]["new"] == 3


def test_two_workers_at_one_job_write_every_product_once(own_cooperative, now):
    with in_tenant(own_cooperative):
        begin(rows(600), now)
        with TenantExecutor(2) as workers:
            for done in [workers.submit(opening.go_on_importing, now=now) for _ in range(2)]:
                done.result()
        go_on(now)
        job = ImportJob.objects.get()
        assert (job.state, job.rows_done, job.counts["run"]["new"]) == ("done", 600, 600)
        assert (Product.objects.count(), Movement.objects.count()) == (600, 600)
        assert not ImportProblem.objects.exists()
    connection.set_schema_to_public()
