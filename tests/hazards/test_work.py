"""H14, H15, A11: work that runs later or by command knows whose it is, or does not run."""

from io import StringIO
from pathlib import Path

import pytest
from celery import chain, current_app, shared_task
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.db import connection, transaction

from catalog.models import Category
from tenants import jobs
from tenants.commands import CooperativeCommand
from tenants.context import in_tenant
from tenants.models import Cooperative
from tests import make

ROOT = Path(__file__).resolve().parent.parent.parent
ran: list[tuple[str, int]] = []
# Commands that do not work on the rows of the shop where they happen to stand; each with what it is about instead.
OF_THE_PLATFORM = {
    "create_cooperative": "makes one",
    "close_cooperative": "the row of one, named by --cooperative",
    "purge_cooperative": "the whole of one, named by --cooperative",
    "move_cooperative": "the whole of one, named by --cooperative",
    "backup_cooperative": "the whole of one or of --all, with failures apart",
    "restore_cooperative": "the whole of one, named by --cooperative",
    "prove_backups": "files of backups",
    "list_backups": "rows of the platform",
    "export_exit_kit": "the whole of one, named by --cooperative",
    "import_exit_kit": "makes one",
    "migrate_cooperatives": "schemas, one transaction each",
    "build_snapshot": "a file of the code",
    "create_operator": "an operator of the platform",
    "reset_mfa": "an operator of the platform",
    "makemessages": "files of the code",
    "prepare_demo": "a demo",
}


@shared_task
def count_categories(*_: object) -> int:
    ran.append((connection.schema_name, Category.objects.count()))
    return 0


@pytest.fixture(autouse=True)
def forget() -> None:
    ran.clear()


def run_as_a_worker_does(schema: str | None) -> str:
    headers = {} if schema is None else {"_schema_name": schema}
    return str(count_categories.apply(headers=headers, throw=True).state)


def test_h14_a_task_sees_the_rows_of_the_shop_in_its_header_wherever_the_worker_stood(
    kopi: Cooperative, batik: Cooperative
) -> None:
    make.category("Satu")
    with in_tenant(batik):
        make.category("Satu")
        make.category("Dua")
        run_as_a_worker_does(kopi.schema_name)
        run_as_a_worker_does(batik.schema_name)
    assert ran == [(kopi.schema_name, 1), (batik.schema_name, 2)]


def test_h14_sent_on_commit_it_belongs_to_the_shop_that_asked(
    own_cooperative: Cooperative, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = []
    monkeypatch.setattr(count_categories, "apply_async", lambda **options: sent.append(options["headers"]))
    with transaction.atomic(), in_tenant(own_cooperative):
        count_categories.delay_on_commit()
    assert sent == [{"_schema_name": own_cooperative.schema_name}]


def test_h14_links_of_a_chain_name_the_shop_in_which_they_were_written(kopi: Cooperative, batik: Cooperative) -> None:
    first = count_categories.s()
    with in_tenant(batik):
        second = count_categories.s()
        links = chain(first, second).tasks
    assert [link.options["headers"]["_schema_name"] for link in links] == [kopi.schema_name, batik.schema_name]


@pytest.mark.parametrize("schema", [None, "", "public", "t_tidakadasama", "'; DROP SCHEMA public CASCADE; --", "T_X"])
def test_a11_without_a_living_shop_the_body_does_not_run(schema: str | None, kopi: Cooperative) -> None:
    connection.set_schema_to_public()
    assert run_as_a_worker_does(schema) == "REJECTED"
    assert ran == []


@pytest.mark.parametrize("state", ["suspended", "closed"])
def test_a11_a_shop_that_does_not_live_runs_no_task(state: str, kopi: Cooperative) -> None:
    Cooperative.objects.filter(pk=kopi.pk).update(state=state)
    assert run_as_a_worker_does(kopi.schema_name) == "REJECTED"
    assert ran == []


def test_a11_a_task_of_a_shop_that_was_deleted_meanwhile_does_not_run(own_cooperative: Cooperative) -> None:
    schema = own_cooperative.schema_name
    assert run_as_a_worker_does(schema) == "SUCCESS"
    ran.clear()
    Cooperative.objects.filter(pk=own_cooperative.pk).update(schema_name="t_andersdananders"[:14])
    try:
        assert run_as_a_worker_does(schema) == "REJECTED"
    finally:
        Cooperative.objects.filter(pk=own_cooperative.pk).update(schema_name=schema)
    assert ran == []


def test_a11_from_public_nothing_of_a_shop_is_sent(db: None) -> None:
    connection.set_schema_to_public()
    for send in (count_categories.delay, count_categories.apply_async):
        with pytest.raises(jobs.NeedsCooperative):
            send()


def test_h14_every_task_stands_on_the_base_that_refuses() -> None:
    current_app.loader.import_default_modules()
    ours = [task for name, task in current_app.tasks.items() if not name.startswith("celery.")]
    assert [task.name for task in ours if not isinstance(task, jobs.CooperativeTask)] == []


def test_h15_every_command_says_whose_rows_it_works_on() -> None:
    ours = {name: app for name, app in get_commands().items() if (ROOT / app.replace(".", "/")).is_dir()}
    loose = [
        name
        for name, app in ours.items()
        if name not in OF_THE_PLATFORM and not isinstance(load_command_class(app, name), CooperativeCommand)
    ]
    assert loose == []


@pytest.mark.parametrize(
    ("command", "rest"),
    [
        ("verify_invariants", []),
        ("import_catalog", ["x.csv"]),
        ("add_member", ["--number", "A-9", "--name", "Orang"]),
    ],
)
def test_h15_a_bare_command_is_refused(command: str, rest: list[str], kopi: Cooperative) -> None:
    """Wherever it stands: here it would find a shop."""
    with pytest.raises(CommandError, match="--cooperative"):
        call_command(command, *rest)
    with pytest.raises(CommandError, match="no cooperative with the slug"):
        call_command(command, "--cooperative", "public", *rest)


def test_h15_one_that_fails_stops_no_other(kopi: Cooperative, batik: Cooperative) -> None:
    class Rename(CooperativeCommand):
        works_on_all = True

        def work(self, cooperative: Cooperative, options: dict) -> None:
            if cooperative.slug == "batik-lasem":
                raise ZeroDivisionError("aduh")
            make.category(f"Dari {cooperative.slug}")

    said, complaint = StringIO(), StringIO()
    with pytest.raises(CommandError, match="1 of 2 failed: batik-lasem"):
        call_command(Rename(), "--all", stdout=said, stderr=complaint)
    assert complaint.getvalue() == "batik-lasem: aduh\n"
    assert [category.name for category in Category.objects.all()] == ["Dari kopi-gayo"]
    assert connection.schema_name == kopi.schema_name
