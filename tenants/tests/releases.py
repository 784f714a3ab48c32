"""The next release: this code with migrations of its own on top, made in a folder of the test.

In this process by `standing_on(release)`; in one of its own by its `environment`.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.test import override_settings

from coop_shop.demo.place import ROOT
from tenants import versions

COLUMN_AND_INDEX = """
    migrations.AddField("product", "motto", models.CharField(max_length=40, blank=True, db_default="")),
    migrations.AddIndex("product", models.Index(fields=["motto"], name="product_motto")),
"""
# The same as a snapshot has it: what the release step of that release would have written.
SNAPSHOT_OF_IT = """
ALTER TABLE "@@".catalog_product ADD COLUMN motto varchar(40) DEFAULT '' NOT NULL;
CREATE INDEX product_motto ON "@@".catalog_product (motto);
INSERT INTO "@@".django_migrations (app, name, applied) VALUES ('catalog', '9001_later', now());
"""
SETTINGS = """
from coop_shop.settings import *
INSTALLED_APPS = [*INSTALLED_APPS, "{package}"]
SHARED_APPS = [*SHARED_APPS, "{package}"]
MIGRATION_MODULES = {{"catalog": "{package}.catalog"}}
"""
APP = """
from django.apps import AppConfig

class Release(AppConfig):
    name = "{package}"

    def ready(self):
        from tenants import snapshot, versions
        before = snapshot.read(snapshot.PATH.read_text())
        made = snapshot.Snapshot(version=versions.of_code(), sql=before.sql + SNAPSHOT)
        snapshot.shipped = lambda: made

SNAPSHOT = {snapshot!r}
"""
MODULE = """
from pathlib import Path
import catalog.migrations
__path__ = [*catalog.migrations.__path__, str(Path(__file__).parent)]
"""
MIGRATION = """
from django.contrib.postgres import operations as postgres
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("catalog", {leaf!r})]
    {says}
    operations = [{operations}]
"""


@dataclass(frozen=True)
class Release:
    folder: Path
    package: str

    @property
    def environment(self) -> dict[str, str]:
        """For a process of this release."""
        return {
            **os.environ,
            "PYTHONPATH": f"{self.folder}{os.pathsep}{ROOT}",
            "DJANGO_SETTINGS_MODULE": f"{self.package}.settings",
        }


def make(
    folder: Path, operations: str = COLUMN_AND_INDEX, *, says: str = "", snapshot: str = SNAPSHOT_OF_IT
) -> Release:
    """A release whose catalog has one migration more, `9001_later`. `says` is a line of its class."""
    release = Release(folder, f"release_{abs(hash((folder, operations, says)))}")
    package = folder / release.package
    (package / "catalog").mkdir(parents=True)
    leaf = [name for label, name in versions.wanted() if label == "catalog"][-1]
    (package / "__init__.py").touch()
    (package / "settings.py").write_text(SETTINGS.format(package=release.package))
    (package / "apps.py").write_text(APP.format(package=release.package, snapshot=snapshot))
    (package / "catalog" / "__init__.py").write_text(MODULE)
    text = MIGRATION.format(leaf=leaf, says=says, operations=operations)
    (package / "catalog" / "9001_later.py").write_text(text)
    return release


@contextmanager
def standing_on(release: Release) -> Iterator[Release]:
    """This process knows the migrations of `release` meanwhile."""
    sys.path.insert(0, str(release.folder))
    try:
        with override_settings(MIGRATION_MODULES={"catalog": f"{release.package}.catalog"}):
            _forget()
            yield release
    finally:
        sys.path.remove(str(release.folder))
        _forget()


def _forget() -> None:
    for known in (versions.wanted, versions.in_order, versions.of_code):
        known.cache_clear()
