"""A task without a living cooperative does not run, and never runs in `public` by accident."""

import pytest
from celery import current_app, shared_task
from django.db import connection

from tenants import jobs
from tenants.context import in_tenant
from tenants.models import Cooperative

ran_in: list[str] = []


@shared_task
def look_around() -> None:
    ran_in.append(connection.schema_name)


@shared_task(platform=True)
def look_around_from_above() -> None:
    ran_in.append(connection.schema_name)


@pytest.fixture(autouse=True)
def forget():
    ran_in.clear()


def run_as_a_worker_does(task, schema):
    """The body with the request and the signals that a worker makes, which eager mode hides."""
    headers = {} if schema is None else {"_schema_name": schema}
    return task.apply(headers=headers, throw=True)


def test_a_task_runs_in_the_cooperative_that_sent_it(kopi):
    run_as_a_worker_does(look_around, kopi.schema_name)
    assert ran_in == [kopi.schema_name]


@pytest.mark.parametrize("schema", [None, "public", "t_doesnotexist", "'; drop schema public; --"])
def test_a_task_without_a_living_cooperative_does_not_run(kopi, schema):
    connection.set_schema_to_public()
    assert run_as_a_worker_does(look_around, schema).state == "REJECTED"
    assert ran_in == []


def test_a_task_of_a_suspended_cooperative_does_not_run(kopi):
    Cooperative.objects.filter(pk=kopi.pk).update(state="suspended")
    assert run_as_a_worker_does(look_around, kopi.schema_name).state == "REJECTED"
    assert ran_in == []


def test_a_task_cannot_be_sent_from_public(db):
    connection.set_schema_to_public()
    with pytest.raises(jobs.NeedsCooperative):
        look_around.delay()


def test_a_platform_task_runs_in_public_wherever_it_was_sent(kopi):
    run_as_a_worker_does(look_around_from_above, kopi.schema_name)
    assert ran_in == ["public"]


def test_the_cooperative_is_bound_when_the_task_is_sent_not_at_commit(
    kopi, batik, monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr(look_around, "apply_async", lambda **options: sent.append(options["headers"]))
    with django_capture_on_commit_callbacks(execute=True), in_tenant(batik):
        look_around.delay_on_commit()
    assert sent == [{"_schema_name": batik.schema_name}]


def test_every_task_of_ours_stands_on_the_closed_base():
    ours = [task for name, task in current_app.tasks.items() if not name.startswith("celery.")]
    assert ours
    assert [task.name for task in ours if not isinstance(task, jobs.CooperativeTask)] == []
