"""A backup that does not come back is no backup: each is restored aside and compared, and the answer is noted."""

import zipfile
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection as django_connection

from coop_shop.verifying import broken_rows
from inventory.models import Stock
from tenants.backup import places, shaping
from tenants.backup.proving import SHARE, prove
from tenants.backup.taking import back_up
from tenants.backup.tests.conftest import fingerprints, schemas
from tenants.context import in_tenant
from tenants.models import Backup


@pytest.fixture
def backup(shop, now):
    return back_up(shop, now=now)


def test_a_whole_backup_is_proven_and_nothing_is_left_of_the_proof(shop, backup, now, connection):
    before, rows = schemas(), fingerprints(connection, shop)

    assert prove(backup, check=broken_rows, now=now)

    noted = Backup.objects.get(pk=backup.pk)
    assert noted.proven_at is not None
    assert noted.proof_error == ""
    assert schemas() == before
    assert fingerprints(connection, shop) == rows
    assert django_connection.schema_name == "public"


def test_a_changed_byte_is_found(backup, now):
    path = places.root() / backup.name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    assert not prove(backup, now=now)

    noted = Backup.objects.get(pk=backup.pk)
    assert noted.proven_at is None
    assert "the file is not the one that was written" in noted.proof_error


def test_rows_that_are_not_those_of_the_manifest_are_found(backup, now):
    """A forger who also knows the fingerprint of the file: the rows are compared with the manifest."""
    path = places.root() / backup.name
    with zipfile.ZipFile(path) as before:
        members = {name: before.read(name) for name in before.namelist()}
    members["tables/ledger_entry.csv"] = members["tables/ledger_entry.csv"].replace(b"5000", b"7000")
    with zipfile.ZipFile(path, "w") as after:
        for name, content in members.items():
            after.writestr(name, content)
    backup.sha256 = places.sha256(path)
    before_proof = schemas()

    assert not prove(backup, now=now)

    assert "ledger_entry is damaged" in backup.proof_error
    assert schemas() == before_proof


def test_a_picture_that_is_gone_is_found_at_once_and_a_damaged_one_within_days(backup, now):
    (stored,) = (places.root() / backup.name).parent.glob("files/*/*")
    whole = stored.read_bytes()
    stored.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))

    its_day = (int(stored.name[0], 16) - now.toordinal()) % SHARE

    assert not prove(backup, now=now + timedelta(days=its_day))
    assert prove(backup, now=now + timedelta(days=its_day + 1))
    stored.unlink()
    assert not prove(backup, now=now + timedelta(days=its_day + 1))
    assert "is not in the backup" in backup.proof_error


@pytest.mark.breaks("I2")
def test_what_was_broken_before_is_said_but_the_backup_is_good(shop, now):
    with in_tenant(shop):
        Stock.objects.update(reserved=3)
    backup = back_up(shop, now=now)

    assert prove(backup, check=broken_rows, now=now)

    assert backup.proof_error.startswith("restored, but I2")


def test_the_command_names_what_is_not_proven(shops, shop, backup, now, capsys):
    bad = shops("uji-cacat", is_empty=True)
    (places.root() / back_up(bad, now=now).name).write_bytes(b"")

    with pytest.raises(CommandError, match="1 proven, "):
        call_command("prove_backups")

    said = capsys.readouterr()
    assert f"uji-pulih: {backup.name} proven" in said.out
    assert "uji-cacat" in said.out and "NOT PROVEN" in said.out
    call_command("list_backups", cooperative="uji-cacat")
    assert "NOT PROVEN (NotProven: the file is not the one that was written)" in capsys.readouterr().out


def test_scratch_schemas_of_killed_proofs_are_swept_after_a_day_and_no_others(shop, now):
    with django_connection.cursor() as cursor:
        for name in ("scratch_20261122065959_ab12", "scratch_20261122070001_ab12", "scratch_of_somebody_else",
                     "before_20261116065959_t_abcdefghijkl", "before_20261117000000_t_abcdefghijkl"):  # fmt: skip
            cursor.execute(f"CREATE SCHEMA {name}")
    before = schemas()

    gone = shaping.sweep(now=now)

    assert sorted(gone) == ["before_20261116065959_t_abcdefghijkl", "scratch_20261122065959_ab12"]
    assert schemas() == before - set(gone)


def test_backups_of_newer_code_are_refused_by_name(shop, now):
    migrations = [("catalog", "9999_from_the_future")]

    with pytest.raises(shaping.ShapeUnknown, match="9999_from_the_future is not known"):
        shaping.make_tables(schema_name="scratch_20261123070000_ab12", migrations=migrations)
