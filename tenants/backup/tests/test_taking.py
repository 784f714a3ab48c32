"""A backup is whole or is not there, names everything it has, and is read by nobody else."""

import errno
import hashlib
import json
import stat
import zipfile
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection as django_connection

from lib.secrets import new_key
from tenants.backup import archives, copying, places
from tenants.backup.taking import INTERRUPTED, BackupFailed, back_up
from tenants.backup.tests.conftest import files_below, fingerprints, kill_me, killed_in, photo
from tenants.context import in_tenant
from tenants.models import Backup, Cooperative

NIGHTLY = Backup.Kind.NIGHTLY


def test_a_backup_says_what_is_in_it(shop, now, connection):
    backup = back_up(shop, now=now)

    with archives.opened(places.root() / backup.name) as archive:
        manifest = archive.manifest
    measured = copying.measure(connection, shop.schema_name)
    assert manifest.contents == measured
    assert manifest.ledger_sha256 == measured.ledger_sha256
    assert manifest.cooperative["slug"] == "uji-pulih"
    assert [row["domain"] for row in manifest.domains] == ["uji-pulih.localhost"]
    assert manifest.schema_version == shop.schema_version
    assert (backup.rows, backup.kind, backup.error) == (measured.rows, "by_hand", "")
    assert backup.ended_at is not None
    path = places.root() / backup.name
    assert backup.size == path.stat().st_size
    assert backup.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_an_ordinary_zip_program_opens_it(shop, now):
    backup = back_up(shop, now=now)

    with zipfile.ZipFile(places.root() / backup.name) as content:
        assert content.testzip() is None
        names = content.namelist()
        assert "tables/catalog_product.csv" in names
        assert '"@@"' in content.read("schema.sql").decode()
        assert json.loads(content.read("manifest.json"))["format"] == archives.FORMAT


def test_nobody_else_reads_it_and_nothing_else_lies_there(shop, now, folders):
    backup = back_up(shop, now=now)

    for path in [places.root(), *places.root().rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    files = [name for name in files_below(places.root()) if not name.endswith(".lock")]
    assert sorted(name.count("/files/") for name in files) == [0, 1]
    assert backup.name in files


def test_a_picture_is_stored_once_for_all_backups_and_read_once(shop, now, folders, monkeypatch):
    first = back_up(shop, now=now)
    before = files_below(places.folder(shop.uid) / "files")
    monkeypatch.setattr(places, "opened", watched := Watched(places.opened))
    second = back_up(shop, now=now + timedelta(days=1))

    assert len(before) == 1
    assert files_below(places.folder(shop.uid) / "files") == before
    assert watched.names == [first.name.partition("/")[2]]  # the manifest of the night before, no picture
    with archives.opened(places.root() / second.name) as archive:
        assert len(archive.manifest.files) == 1


class Watched:
    def __init__(self, function):
        self.function, self.names = function, []

    def __call__(self, path):
        self.names.append(path.name)
        return self.function(path)


def test_a_picture_that_changed_is_stored_anew(shop, now, folders):
    back_up(shop, now=now)
    (picture,) = [path for path in (folders / "media").rglob("*") if path.is_file()]
    picture.write_bytes(photo("green"))

    back_up(shop, now=now + timedelta(days=1))

    stored = files_below(places.folder(shop.uid) / "files")
    assert len(stored) == 2
    assert photo("green") in stored.values()


def test_with_keys_nothing_is_readable_without_them(shop, now, settings):
    settings.BACKUP_KEYS = [new_key("2026")]
    backup = back_up(shop, now=now)

    assert backup.name.endswith(".zip.sealed")
    for name, content in files_below(places.root()).items():
        if not name.endswith(".lock"):
            assert name.endswith(".sealed")
            assert b"Siti Aminah" not in content and content[:2] != b"PK"
    with archives.opened(places.root() / backup.name) as archive:
        assert b"Siti Aminah" in archive.table("orders_order").read()
        assert archive.missing(archive.manifest.files[0]) == ""
    settings.BACKUP_KEYS = [new_key("2026")]
    with pytest.raises(archives.CannotRead), archives.opened(places.root() / backup.name):
        pass


def test_keys_that_come_later_seal_the_pictures_too(shop, now, settings):
    back_up(shop, now=now)
    settings.BACKUP_KEYS = [new_key("2026")]

    back_up(shop, now=now + timedelta(days=1))

    names = files_below(places.folder(shop.uid) / "files")
    assert sorted(name.endswith(".sealed") for name in names) == [False, True]


def test_a_full_disk_is_said_clearly_and_leaves_what_was_there(shop, now, monkeypatch):
    good = back_up(shop, now=now)
    before = files_below(places.root())
    monkeypatch.setattr(places.Writing, "write", full_after(20_000))

    with pytest.raises(BackupFailed, match="no room left below BACKUP_ROOT"):
        back_up(shop, kind=NIGHTLY, now=now + timedelta(days=1))

    assert files_below(places.root()) == before
    failed = Backup.objects.get(cooperative=shop, kind=NIGHTLY)
    assert failed.error.startswith("no room left below BACKUP_ROOT")
    assert failed.ended_at is not None
    assert Backup.objects.get(pk=good.pk).error == ""


def full_after(size):
    write = places.Writing.write

    def limited(self, data):
        if self.size + len(data) > size:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(self, data)

    return limited


def test_a_folder_that_cannot_be_made_is_an_error_in_the_list(shop, now, settings, folders):
    (folders / "no folder").write_text("")
    settings.BACKUP_ROOT = folders / "no folder" / "backups"

    with pytest.raises(BackupFailed):
        back_up(shop, kind=NIGHTLY, now=now)

    assert Backup.objects.get(cooperative=shop).error.startswith("NotADirectoryError")


def test_a_kill_leaves_no_half_file_and_the_next_backup_tidies_up(shop, now, folders, connection, monkeypatch):
    before = fingerprints(connection, shop)
    with monkeypatch.context() as patched:
        patched.setattr(archives, "keep_files", kill_me)
        assert killed_in(lambda: back_up(shop, now=now))

    left = [path.name for path in places.folder(shop.uid).iterdir()]
    assert [name.startswith(places.PART) for name in left if name != ".lock"] == [True]
    assert Backup.objects.get(cooperative=shop).ended_at is None

    made = back_up(shop, now=now)

    assert not list(places.folder(shop.uid).glob(f"{places.PART}*"))
    assert Backup.objects.get(cooperative=shop, error=INTERRUPTED).ended_at == now
    assert (places.root() / made.name).exists()
    assert fingerprints(connection, shop) == before


def test_two_at_once_are_one(shop, now):
    with places.held(places.folder(shop.uid)), pytest.raises(places.Busy):
        back_up(shop, now=now)

    assert not Backup.objects.filter(cooperative=shop).exists()


def test_what_has_had_its_time_goes_with_the_pictures_that_only_it_named(shop, now, folders, settings):
    settings.BACKUP_KEEP_DAYS, settings.BACKUP_KEEP_WEEKS, settings.BACKUP_KEEP_MONTHS = 2, 0, 0
    by_hand = back_up(shop, now=now - timedelta(days=30))
    first = back_up(shop, kind=NIGHTLY, now=now)
    (picture,) = [path for path in (folders / "media").rglob("*") if path.is_file()]
    for day, colour in enumerate(("green", "red"), start=1):
        picture.write_bytes(photo(colour))
        back_up(shop, kind=NIGHTLY, now=now + timedelta(days=day))

    stored = files_below(places.folder(shop.uid) / "files")
    assert not Backup.objects.filter(pk=first.pk).exists()
    assert not (places.root() / first.name).exists()
    assert Backup.objects.filter(cooperative=shop).count() == 3
    assert len(stored) == 3  # by hand, green, red

    back_up(shop, kind=NIGHTLY, now=now + timedelta(days=6))

    stored = files_below(places.folder(shop.uid) / "files")
    assert not Backup.objects.filter(pk=by_hand.pk).exists()
    assert sorted(stored.values()) == [photo("red")]


def test_pictures_stay_while_a_backup_cannot_be_read(shop, now, folders, settings):
    settings.BACKUP_KEEP_DAYS, settings.BACKUP_KEEP_WEEKS, settings.BACKUP_KEEP_MONTHS = 1, 0, 0
    back_up(shop, kind=NIGHTLY, now=now)
    damaged = places.folder(shop.uid) / "20200101T000000Z-0000.zip"
    damaged.write_bytes(b"not a zip")
    (picture,) = [path for path in (folders / "media").rglob("*") if path.is_file()]
    picture.write_bytes(photo("green"))

    back_up(shop, kind=NIGHTLY, now=now + timedelta(days=1))

    assert len(files_below(places.folder(shop.uid) / "files")) == 2


def test_one_that_fails_stops_no_other(shops, now, capsys):
    shops("uji-rusak", is_empty=True)
    good = shops("uji-utuh", is_empty=True)
    with django_connection.cursor() as cursor:
        broken = Cooperative.objects.get(slug="uji-rusak")
        cursor.execute(f'DROP SCHEMA "{broken.schema_name}" CASCADE')

    with pytest.raises(CommandError, match="1 failed"):
        call_command("backup_cooperative", all=True)

    said = capsys.readouterr()
    assert "uji-rusak: CannotCopy" in said.err
    assert "has no tables" in Backup.objects.get(cooperative=broken).error
    assert Backup.objects.get(cooperative=good).error == ""


def test_a_schema_that_is_behind_is_backed_up_as_it_is(shop, now):
    with in_tenant(shop), django_connection.cursor() as cursor:
        cursor.execute("ALTER TABLE catalog_product ADD COLUMN motto text")
    shop.schema_version = "0001-abcdefabcd"

    backup = back_up(shop, now=now)

    with archives.opened(places.root() / backup.name) as archive, zipfile.ZipFile(archive.path) as content:
        tables = {table.name: table.columns for table in archive.manifest.contents.tables}
        assert "motto" in tables["catalog_product"]
        assert "schema.sql" not in content.namelist()
