"""The drill: a cooperative is lost and comes back as it was, and nobody else notices."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.core.management import CommandError, call_command
from django.db import connection as django_connection
from django.db import transaction
from django.test import Client

from catalog.models import Picture, Product
from coop_shop.verifying import broken_rows
from tenants.backup import places, restoring
from tenants.backup.restoring import CannotRestore, restore
from tenants.backup.taking import back_up
from tenants.backup.tests.conftest import (
    HARD_TO_WRITE_DOWN,
    files_below,
    fingerprints,
    kill_me,
    killed_in,
    photo,
    schemas,
)
from tenants.context import in_tenant
from tenants.models import Backup, Cooperative, Domain, Due, FreedName
from tenants.tests import releases
from tests import make


@pytest.fixture
def backup(shop, now):
    return back_up(shop, now=now)


@pytest.fixture
def path(backup):
    return places.root() / backup.name


def drop_schema(cooperative):
    with django_connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA "{cooperative.schema_name}" CASCADE')


def suspend(cooperative):
    Cooperative.objects.filter(pk=cooperative.pk).update(state="suspended")


def media(folders, cooperative):
    return files_below(folders / "media" / cooperative.uid.hex)


def test_a_dropped_cooperative_comes_back_as_it_was_while_another_serves(
    shops, shop, backup, path, folders, connection, now
):
    other = shops("uji-lain")
    rows, pictures = fingerprints(connection, shop), media(folders, shop)
    others_rows, others_pictures = fingerprints(connection, other), media(folders, other)
    drop_schema(shop)
    for name in pictures:
        (folders / "media" / shop.uid.hex / name).unlink()
    stop, answers = Event(), []

    def visit() -> None:
        try:
            while not stop.is_set():
                answers.append(Client().get("/", headers={"host": "uji-lain.localhost"}).status_code)
        finally:
            django_connection.close()

    with ThreadPoolExecutor(1) as visitors:
        visiting = visitors.submit(visit)
        done = restore(path, slug="uji-pulih", check=broken_rows, now=now)
        stop.set()
        visiting.result()

    assert fingerprints(connection, shop) == rows
    assert media(folders, shop) == pictures
    assert (done.rows, done.files, done.kept, done.broken, done.missing) == (backup.rows, 1, "", [], [])
    assert len(answers) >= 3 and set(answers) == {200}
    assert without_sessions(fingerprints(connection, other)) == without_sessions(others_rows)
    assert media(folders, other) == others_pictures
    page = Client().get("/", headers={"host": "uji-pulih.localhost"})
    assert page.status_code == 200
    with in_tenant(shop):
        assert make.product().pk == max(Product.objects.values_list("pk", flat=True))


def without_sessions(fingerprints):
    return {name: value for name, value in fingerprints.items() if name != "django_session"}


def test_a_cooperative_of_which_nothing_is_left_comes_back_with_its_names(shop, path, folders, connection, now):
    rows, pictures = fingerprints(connection, shop), media(folders, shop)
    Domain.objects.filter(tenant=shop).update(is_primary=False)
    Domain.objects.create(domain="kopi-uji.example", tenant=shop, is_primary=True)
    with_domain = back_up(shop, now=now + timedelta(hours=1))
    for name in ("uji-pulih", "kopi-uji.example"):
        FreedName.objects.create(name=name, freed_at=now)
    drop_schema(shop)
    Cooperative.objects.get(pk=shop.pk).delete()
    for name in pictures:
        (folders / "media" / shop.uid.hex / name).unlink()

    call_command("restore_cooperative", "--cooperative", "uji-pulih", "--from", with_domain.name)

    back = Cooperative.objects.get(slug="uji-pulih")
    assert fingerprints(connection, back) == rows
    assert media(folders, back) == pictures
    for field in ("uid", "schema_name", "name", "state", "zone", "schema_version", "created_at"):
        assert getattr(back, field) == getattr(shop, field), field
    assert set(back.domains.values_list("domain", "is_primary")) == {
        ("uji-pulih.localhost", False),
        ("kopi-uji.example", True),
    }
    assert not FreedName.objects.filter(name__in=["uji-pulih", "kopi-uji.example"]).exists()
    assert Backup.objects.filter(cooperative=back, error="").count() == 2  # they are listed again


def test_work_that_may_wait_in_its_tables_is_looked_for(shop, path, now, settings):
    Due.objects.filter(cooperative=shop).delete()
    drop_schema(shop)

    restore(path, slug="uji-pulih", now=now)

    assert set(Due.objects.filter(cooperative=shop).values_list("kind", flat=True)) == set(settings.DUE_TASKS)


def test_over_a_living_cooperative_what_was_there_is_kept_for_a_week(shop, path, folders, connection, now):
    rows, pictures = fingerprints(connection, shop), media(folders, shop)
    with in_tenant(shop), transaction.atomic():
        Product.objects.update(title="Salah semua")
    Cooperative.objects.filter(pk=shop.pk).update(state="suspended", name="Salah")
    (folders / "media" / shop.uid.hex / "later.webp").write_bytes(b"later")
    wrong = fingerprints(connection, shop)

    done = restore(path, slug="uji-pulih", now=now)

    assert fingerprints(connection, shop) == rows
    assert media(folders, shop) == pictures
    back = Cooperative.objects.get(pk=shop.pk)
    assert (back.name, back.state) == ("Koperasi uji-pulih", "suspended")
    assert done.kept == f"before_20261123070000_{shop.schema_name}"
    assert fingerprints(connection, Cooperative(schema_name=done.kept)) == wrong
    aside = places.folder(shop.uid) / "before_20261123070000" / "later.webp"
    assert aside.read_bytes() == b"later"


def test_an_open_shop_is_not_restored_over(shop, path, connection, now):
    with in_tenant(shop):
        make.product()
    rows, names = fingerprints(connection, shop), schemas()

    with pytest.raises(CannotRestore, match="uji-pulih is open: suspend it first"):
        restore(path, slug="uji-pulih", now=now)

    assert fingerprints(connection, shop) == rows
    assert schemas() == names


@pytest.mark.parametrize("moment", ["_note_work", "_put_files_right"])
def test_a_kill_leaves_what_was_or_what_was_restored(shop, path, connection, moment, now, monkeypatch):
    restored = fingerprints(connection, shop)
    with in_tenant(shop):
        make.product()
    suspend(shop)
    before, names = fingerprints(connection, shop), schemas()
    with monkeypatch.context() as patched:
        patched.setattr(restoring, moment, kill_me)
        assert killed_in(lambda: restore(path, slug="uji-pulih", now=now))

    assert fingerprints(connection, shop) == {"_note_work": before, "_put_files_right": restored}[moment]

    call_command("restore_cooperative", cooperative="uji-pulih")

    assert fingerprints(connection, shop) == restored
    assert len(schemas() - names) == 2  # what the kill left, and what the second restore replaced: sweep drops both


def test_a_failure_in_the_last_moment_changes_nothing(shop, path, connection, now, monkeypatch):
    suspend(shop)
    rows, names = fingerprints(connection, shop), schemas()

    def fails(*args, **how):
        raise RuntimeError

    monkeypatch.setattr(restoring, "_note_work", fails)
    with pytest.raises(RuntimeError):
        restore(path, slug="uji-pulih", now=now)

    assert fingerprints(connection, shop) == rows
    assert schemas() == names


def test_a_lost_picture_stops_the_restore_unless_one_goes_on_without(shop, path, folders, connection, now):
    rows = fingerprints(connection, shop)
    (stored,) = path.parent.glob("files/*/*")
    stored.write_bytes(b"damaged")
    (picture,) = media(folders, shop)
    (folders / "media" / shop.uid.hex / picture).unlink()
    drop_schema(shop)

    with pytest.raises(CannotRestore, match=r"products/.*it is damaged"):
        restore(path, slug="uji-pulih", now=now)
    assert shop.schema_name not in schemas()

    assert restore(path, slug="uji-pulih", without_missing_files=True, now=now).missing == [picture]
    assert fingerprints(connection, shop) == rows


def test_a_backup_of_another_cooperative_or_under_another_name_is_refused(shops, shop, path, connection, now):
    other = shops("uji-lain", is_empty=True, state="suspended")
    rows = fingerprints(connection, other)

    with pytest.raises(CannotRestore, match="of another cooperative"):
        restore(path, slug="uji-lain", now=now)
    with pytest.raises(CannotRestore, match="there is no cooperative uji-baru"):
        restore(path, slug="uji-baru", now=now)
    Cooperative.objects.filter(pk=shop.pk).update(slug="uji-renamed")
    with pytest.raises(CannotRestore, match="lives under another name"):
        restore(path, slug="uji-pulih", now=now)

    assert fingerprints(connection, other) == rows


def test_names_that_others_have_taken_meanwhile_are_left_to_them(shops, shop, now):
    Domain.objects.filter(tenant=shop).update(is_primary=False)
    Domain.objects.create(domain="kopi-uji.example", tenant=shop, is_primary=True)
    path = places.root() / back_up(shop, now=now).name
    drop_schema(shop)
    Cooperative.objects.get(pk=shop.pk).delete()
    other = shops("uji-lain", is_empty=True)
    Domain.objects.create(domain="kopi-uji.example", tenant=other, is_primary=False)

    done = restore(path, slug="uji-pulih", now=now)

    assert done.missing == ["kopi-uji.example"]
    assert Domain.objects.get(domain="kopi-uji.example").tenant == other
    assert Cooperative.objects.get(slug="uji-pulih").primary_domain == "uji-pulih.localhost"


def test_a_copy_under_a_new_name_stands_aside_with_pictures_of_its_own(shop, path, folders, connection, now):
    rows, pictures = fingerprints(connection, shop), media(folders, shop)

    call_command("restore_cooperative", "--cooperative", "uji-pulih", "--as-new-slug", "uji-salinan")

    made = Cooperative.objects.get(slug="uji-salinan")
    assert (made.state, made.primary_domain) == ("suspended", "uji-salinan.localhost")
    assert made.schema_name != shop.schema_name and made.uid != shop.uid
    assert sorted(media(folders, made).values()) == sorted(pictures.values())
    with in_tenant(made):
        assert Product.objects.get().title == HARD_TO_WRITE_DOWN
        assert (folders / "media" / Picture.objects.get().image.name).exists()
        assert Picture.objects.get().image.name.startswith(f"{made.uid.hex}/products/")
    assert fingerprints(connection, shop) == rows
    assert media(folders, shop) == pictures
    with pytest.raises(CommandError, match="nothing has changed: “uji-salinan” is taken"):
        call_command("restore_cooperative", "--cooperative", "uji-pulih", "--as-new-slug", "uji-salinan")


def test_a_backup_of_the_release_before_is_brought_up_to_this_one(shop, path, connection, now, tmp_path):
    drop_schema(shop)

    with releases.standing_on(releases.make(tmp_path)):
        done = restore(path, slug="uji-pulih", now=now)

    with in_tenant(shop), django_connection.cursor() as cursor:
        cursor.execute("SELECT title, motto FROM catalog_product")
        assert cursor.fetchall() == [(HARD_TO_WRITE_DOWN, "")]
    assert int(done.cooperative.schema_version[:4]) == int(shop.schema_version[:4]) + 1


def test_a_hostile_archive_leads_nowhere(shop, path, folders, now, monkeypatch):
    drop_schema(shop)
    monkeypatch.setattr(restoring.archives, "File", hostile_file(restoring.archives.File))

    with pytest.raises(restoring.archives.CannotRead, match="leads out of its folder"):
        restore(path, slug="uji-pulih", now=now)

    assert not (folders / "outside").exists()
    assert photo() not in files_below(folders).values()


def hostile_file(plain):
    def made(**fields):
        return plain(**{**fields, "path": "../../outside"})

    return made
