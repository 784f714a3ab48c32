"""A task without a living cooperative does not run, and never runs in `public` by accident."""

import pytest
from celery import Signature, Task, current_app, group, shared_task
from celery.exceptions import Retry
from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

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


@pytest.fixture
def sent(monkeypatch):
    """The schemas that messages name."""
    named = []

    def send(*args, headers, **options):
        named.append(headers["_schema_name"])

    monkeypatch.setattr(Task, "apply_async", lambda self, args=None, kwargs=None, **options: send(**options))
    return named


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


@pytest.mark.parametrize(
    "is_so",
    [
        {"state": "suspended"}, {"state": "closed"}, {"state": "purging"}, {"moving_to": "second"},
        {"schema_version": "0001-0000000000"}, {"schema_version": ""},
    ],
    ids=str,
)  # fmt: skip
def test_a_task_of_a_cooperative_in_which_nobody_may_work_does_not_run(kopi, is_so):
    Cooperative.objects.filter(pk=kopi.pk).update(**is_so)
    assert run_as_a_worker_does(look_around, kopi.schema_name).state == "REJECTED"
    assert ran_in == []


def test_a_task_of_a_deleted_cooperative_does_not_run_even_while_a_worker_remembers_it(kopi, batik, monkeypatch):
    monkeypatch.setitem(current_app.conf, "task_tenant_cache_seconds", 60)
    connection.set_schema_to_public()
    run_as_a_worker_does(look_around, batik.schema_name)
    Cooperative.objects.filter(pk=batik.pk).delete()
    connection.set_schema_to_public()
    assert run_as_a_worker_does(look_around, batik.schema_name).state == "REJECTED"
    assert ran_in == [batik.schema_name]


def test_a_task_runs_in_a_cooperative_that_prepares_its_shop(kopi):
    Cooperative.objects.filter(pk=kopi.pk).update(state="preparing")
    run_as_a_worker_does(look_around, kopi.schema_name)
    assert ran_in == [kopi.schema_name]


def test_a_task_cannot_be_sent_from_public(db):
    connection.set_schema_to_public()
    for send in (look_around.delay, look_around.apply_async, look_around.s().apply_async, look_around.s().delay):
        with pytest.raises(jobs.NeedsCooperative):
            send()


def test_a_signature_without_its_cooperative_is_refused_wherever_it_is_sent(kopi, sent):
    """The body of a chord is sent by whichever worker ends last, in whatever cooperative that one stands."""
    body = Signature(look_around.name, app=current_app)
    with pytest.raises(jobs.NeedsCooperative):
        body.apply_async()
    with pytest.raises(jobs.NeedsCooperative):
        look_around.apply_async()
    assert sent == []


def test_a_signature_belongs_to_the_cooperative_in_which_it_was_made(kopi, batik, sent):
    made = look_around.s()
    links = group(look_around.s(), look_around.s().set(headers={"_schema_name": batik.schema_name}))
    with in_tenant(batik):
        made.apply_async()
        links.apply_async()
    connection.set_schema_to_public()
    made.delay()
    assert sent == [kopi.schema_name, kopi.schema_name, batik.schema_name, kopi.schema_name]


def test_a_retry_stays_in_its_cooperative(kopi, sent):
    look_around.push_request(args=(), kwargs={}, headers={"_schema_name": kopi.schema_name}, called_directly=False)
    try:
        with pytest.raises(Retry):
            look_around.retry()
    finally:
        look_around.pop_request()
    assert sent == [kopi.schema_name]


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


def test_every_kind_of_due_work_is_done_by_a_task_of_a_cooperative():
    current_app.loader.import_default_modules()
    tasks = {kind: current_app.tasks[name] for kind, name in settings.DUE_TASKS.items()}
    assert [kind for kind, task in tasks.items() if task.platform] == []
    assert settings.SLOW_KINDS.issubset(tasks)
    assert all(callable(import_string(name)) for name in settings.STANDING_ORDERS)


def test_every_line_of_the_clock_is_a_task_of_the_platform():
    current_app.loader.import_default_modules()
    named = [current_app.tasks[line["task"]] for line in current_app.conf.beat_schedule.values()]
    assert [task.name for task in named if not task.platform] == []


def test_every_task_of_ours_stands_on_the_closed_base():
    ours = [task for name, task in current_app.tasks.items() if not name.startswith("celery.")]
    assert ours
    assert [task.name for task in ours if not isinstance(task, jobs.CooperativeTask)] == []
