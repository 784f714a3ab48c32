from argparse import ArgumentParser
from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants import bringing_up, migrating, migrating_public, migration_rules, servers, snapshot, versions
from tenants.models import Cooperative
from tenants.versions import Key


class Command(BaseCommand):
    help = (
        "Bring the shared schema and the schema of every cooperative up to this code, while the release before serves."
        " Interrupted, it is run again. Names who is left behind (and is answered with 503), and exits 1 then."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workers", type=int, default=migrating.WORKERS, help="cooperatives at a time")
        parser.add_argument("--only", nargs="+", default=[], metavar="SLUG", help="these cooperatives and no others")
        parser.add_argument("--retry-failed", action="store_true", help="also those that failed to get this version")
        parser.add_argument("--contract", action="store_true", help="allow what takes away (docs/migrating.md)")
        parser.add_argument(
            "--leave-behind", action="store_true", help="exit 0 when not all could follow: others serve"
        )
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when something is due")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            snapshot.shipped()  # or else cooperatives that sign up from now on would be born old
        except snapshot.SnapshotStale as error:
            raise CommandError(str(error)) from error
        if options["check"]:
            self._check()
            return
        say = self.stdout.write if options["verbosity"] else _say_nothing
        _refuse(migrating_public.refusals())
        migrating_public.migrate(say=say)
        known = Cooperative.objects.shops().filter(slug__in=options["only"]).values_list("slug", flat=True)
        unknown = set(options["only"]) - set(known)
        if unknown:
            raise CommandError(f"no cooperative with the slug “{min(unknown)}”")
        rows = migrating.due(only=options["only"], retry_failed=options["retry_failed"])
        _refuse_unsafe(_lacking(rows), may_contract=options["contract"])
        report = migrating.roll(
            workers=options["workers"],
            only=options["only"],
            retry_failed=options["retry_failed"],
            say=say,
        )
        say(f"{report.done} cooperatives brought to {versions.of_code()}")
        self._tell_who_was_left(report, is_fine=options["leave_behind"])

    def _check(self) -> None:
        if migrating_public.is_due():
            raise CommandError("the shared schema is behind this code")
        behind = migrating.due(retry_failed=True)
        if behind:
            raise CommandError(f"{len(behind)} cooperatives are behind {versions.of_code()}")
        self.stdout.write(f"nothing to do: everything has {versions.of_code()}")

    def _tell_who_was_left(self, report: migrating.Report, *, is_fine: bool) -> None:
        for slug, why in sorted(report.left.items()):
            self.stderr.write(f"{slug}: {why}")
        if report.is_stopped:
            raise CommandError("a canary was left behind, so nobody else was touched")
        if report.left and not is_fine:
            raise CommandError(f"{len(report.left)} cooperatives were left behind; see --retry-failed")


def _say_nothing(line: str) -> None:
    pass


def _lacking(rows: list[Cooperative]) -> list[Key]:
    """What the cooperatives lack: one of each version is asked."""
    keys: set[Key] = set()
    for cooperative in {row.schema_version: row for row in rows}.values():
        with servers.on(cooperative.server), suppress(bringing_up.Diverged):  # its own failure, when its turn comes
            keys.update(bringing_up.lacking(schema_name=cooperative.schema_name))
    return [key for key in versions.wanted() if key in keys]


def _refuse_unsafe(keys: list[Key], *, may_contract: bool) -> None:
    _refuse(migration_rules.refusals(keys))
    contracts = migration_rules.contracts(keys)
    if contracts and not may_contract:
        names = ", ".join(".".join(key) for key in contracts)
        raise CommandError(f"{names} take away what older code reads: when none of it runs any more, add --contract")


def _refuse(refusals: list[migration_rules.Refusal]) -> None:
    if refusals:
        told = "\n".join(f"  {refusal}" for refusal in refusals)
        raise CommandError(f"not while the release before serves:\n{told}")
