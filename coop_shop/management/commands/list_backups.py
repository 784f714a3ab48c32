from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from tenants.models import Backup


class Command(BaseCommand):
    help = "The backups of one cooperative, or of all, newest first: when, how large, and whether they are proven."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cooperative", help="slug; default: all of them")

    def handle(self, *args: Any, **options: Any) -> None:
        backups = Backup.objects.select_related("cooperative").order_by("cooperative__slug", "-began_at")
        if options["cooperative"]:
            backups = backups.filter(cooperative__slug=options["cooperative"])
        for each in backups.iterator():
            self.stdout.write(
                f"{each.cooperative.slug}  {each.began_at:%Y-%m-%d %H:%M} UTC  {each.kind}  {each.rows} rows"
                f"  {each.size} bytes  {_state(each)}  {each.name}"
            )


def _state(backup: Backup) -> str:
    if backup.error or backup.ended_at is None:
        return f"FAILED ({backup.error})" if backup.error else "being made"
    if backup.proven_at:
        return f"proven {backup.proven_at:%Y-%m-%d %H:%M}" + (f" ({backup.proof_error})" if backup.proof_error else "")
    return f"NOT PROVEN ({backup.proof_error})" if backup.proof_error else "not proven yet"
