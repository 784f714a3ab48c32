"""What an exit kit has in it, and what a file that only looks like one is refused for."""

import csv
import hashlib
import io
import json
import shutil
import zipfile
from datetime import UTC, datetime

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.test import override_settings

from catalog.models import Picture, Product
from marketplaces.models import Connection
from members.models import Member
from notifications.models import Message
from pages.models import Block
from payments import gateways
from payments.models import Gateway
from tenants import provisioning, versions
from tenants.backup.tests.conftest import fill, schemas
from tenants.context import in_tenant
from tenants.leaving import fields
from tenants.leaving.exporting import export
from tenants.leaving.importing import import_kit
from tenants.leaving.kits import CannotRead, TooNew, opened
from tenants.models import Cooperative, Domain
from tests import make

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
SLUG = "pamit-dulu"
FORMULA = '=HYPERLINK("http://evil.example")'
SECRETS = ("sk_test_in_no_kit", "whsec_in_no_kit", "shp-in-no-kit", "argon2")


@pytest.fixture(scope="module")
def made_once(django_db_setup, django_db_blocker, tmp_path_factory):
    """A shop with values that are hard to write down, secrets and a formula, and its kit."""
    folder = tmp_path_factory.mktemp("leaving")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder / "media"):
        shop = provisioning.create_cooperative(name="Koperasi Pamit", slug=SLUG, state="open")
        with in_tenant(shop), transaction.atomic():
            fill()
            add_secrets()
        export(cooperative=shop, path=folder / "kit.zip", now=NOW)
        yield shop, folder / "kit.zip"
        connection.set_schema_to_public()
        Cooperative.objects.get(pk=shop.pk).delete(force_drop=True)


@pytest.fixture
def kit(made_once, tmp_path, django_db_blocker):
    """The kit, to be changed at will; what comes of it is gone afterwards."""
    _, path = made_once
    copied = shutil.copy2(path, tmp_path / "kit.zip")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=path.parent / "media"):
        connection.set_schema_to_public()
        yield copied
        connection.set_schema_to_public()
        for made in Cooperative.objects.filter(slug="pindahan"):
            shutil.rmtree(path.parent / "media" / made.uid.hex)
            made.delete(force_drop=True)


@pytest.fixture
def shop(made_once, kit):
    return made_once[0]


def add_secrets():
    make.member(name=FORMULA, email="jahat@kopi.example")
    gateways.create_gateway(
        provider="stripe",
        label="Stripe",
        secrets={"secret_key": "sk_test_in_no_kit", "webhook_secret": "whsec_in_no_kit"},
    )
    Connection.objects.create(
        channel="shopee", external_shop_id="1", name="K", connected_at=NOW, sealed_tokens="shp-in-no-kit"
    )
    user = make.officer()
    user.set_password("rahasia")
    user.save()


def content(path):
    with zipfile.ZipFile(path) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def rewrite(path, change):
    """The same kit, after `change(entries)`; what the manifest says of the entries stays as it was."""
    entries = content(path)
    change(entries)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in entries.items():
            zipped.writestr(name, data)


def forge(path, change):
    """As `rewrite`, by somebody who brings the manifest in line."""

    def consistent(entries):
        manifest = json.loads(entries["manifest.json"])
        change(entries, manifest)
        manifest["entries"] = [
            {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in entries.items()
            if name != "manifest.json"
        ]
        for table in manifest["contents"]["tables"]:
            data = entries.get(f"database/{table['name']}.csv", b"")
            table["sha256"] = hashlib.sha256(data).hexdigest()
        entries["manifest.json"] = json.dumps(manifest).encode()

    rewrite(path, consistent)


def take_in(path, slug="pindahan", **options):
    return import_kit(path=path, slug=slug, now=NOW, settle_in=options.pop("settle_in", lambda: None), **options)


def refused(path, error=CannotRead, **options):
    """The words of the refusal, after seeing that nothing of it is left."""
    before = (schemas(), set(Cooperative.objects.values_list("slug", flat=True)), media())
    with pytest.raises(error) as caught:
        take_in(path, **options)
    assert (schemas(), set(Cooperative.objects.values_list("slug", flat=True)), media()) == before
    return str(caught.value)


def media():
    return sorted(path.as_posix() for path in django_settings.MEDIA_ROOT.rglob("*"))


def test_the_kit_has_every_table_three_times_every_file_and_words_in_two_languages(kit, shop):
    entries = content(kit)
    manifest = json.loads(entries["manifest.json"])
    assert {entry["name"] for entry in manifest["entries"]} == entries.keys() - {"manifest.json"}
    for entry in manifest["entries"]:
        data = entries[entry["name"]]
        assert (entry["size"], entry["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    for table in fields.tables():
        assert {f"database/{table}.csv", f"csv/{table}.csv", f"json/{table}.json"} <= entries.keys()
    with in_tenant(shop):
        picture = Picture.objects.get().image.name
        counted = {table: model.objects.count() for table, model in fields.tables().items()}
    assert entries[f"files/{picture.partition('/')[2]}"] == (django_settings.MEDIA_ROOT / picture).read_bytes()
    assert {table["name"]: table["rows"] for table in manifest["contents"]["tables"]} == counted
    assert {name: len(json.loads(entries[f"json/{name}.json"])) for name in counted} == counted
    assert "rupiah bulat" in entries["README.id.txt"].decode()
    assert "whole rupiah" in entries["README.en.txt"].decode()
    assert kit.stat().st_mode & 0o777 == 0o600


def test_values_come_out_as_they_are_and_no_spreadsheet_runs_them(kit, shop):
    entries = content(kit)
    with in_tenant(shop):
        product = Product.objects.values("id", "title", "description", "sold", "created_at", "member_id").get()
    (said,) = json.loads(entries["json/catalog_product.json"])
    assert {name: said[name] for name in ("id", "title", "description", "sold")} == {
        name: product[name] for name in ("id", "title", "description", "sold")
    }
    assert datetime.fromisoformat(said["created_at"]) == product["created_at"]
    assert said["member_id"] == product["member_id"]
    assert "search" not in said
    rows = list(csv.DictReader(io.StringIO(entries["csv/members_member.csv"].decode("utf-8-sig"), newline="")))
    assert rows[-1]["name"] == f"'{FORMULA}"
    assert json.loads(entries["json/members_member.json"])[-1]["name"] == FORMULA


def test_no_secret_session_or_login_code_is_in_it(kit, shop):
    entries = content(kit)
    for name, data in entries.items():
        assert [secret for secret in SECRETS if secret.encode() in data] == [], name
    manifest = json.loads(entries["manifest.json"])
    assert manifest["contents"]["left_out"] == ["account_emailconfirmation", "django_session", "mfa_authenticator"]
    assert not any("session" in name or "authenticator" in name for name in entries)
    with in_tenant(shop):
        sealed = Gateway.objects.get().sealed
    assert sealed.encode() not in b"".join(entries.values())


def test_every_field_has_a_meaning_and_everything_sealed_is_left_out():
    assert fields.lacking_words() == []
    described = {table["table"]: {field["name"]: field for field in table["fields"]} for table in fields.describe()}
    price = described["catalog_variant"]["price"]
    assert (price["type"], price["unit"], price["id"], price["en"]) == (
        "integer", "Rp", "Harga satuan", "Price of one piece",
    )  # fmt: skip
    assert described["orders_order"]["state"]["values"]["paid"] == {"id": "Dibayar", "en": "Paid"}
    hidden = {(table, name) for table, known in described.items() for name in known if fields.blank(table, name)}
    suspicious = ("sealed", "secret", "password", "_key_", "private")
    looks_secret = {
        (table, name) for table, known in described.items() for name in known if name.startswith(suspicious)
    }
    assert looks_secret == hidden == {
        ("accounts_user", "password"), ("payments_gateway", "sealed"), ("marketplaces_connection", "sealed_tokens"),
    }  # fmt: skip


def test_a_kit_makes_a_second_cooperative_with_equal_rows_files_of_its_own_and_numbers_that_go_on(kit, shop):
    done = take_in(kit)
    made = done.cooperative
    assert (made.state, made.uid != shop.uid, made.schema_name != shop.schema_name) == ("preparing", True, True)
    assert list(made.domains.values_list("domain", "is_primary")) == [("pindahan.localhost", True)]
    with in_tenant(shop):
        before = list(Product.objects.values()), Picture.objects.get().image.name
        last = Member.objects.latest("pk").pk
    with in_tenant(made):
        picture = Picture.objects.get().image
        assert list(Product.objects.values()) == before[0]
        assert picture.name == before[1].replace(shop.uid.hex, made.uid.hex)
        assert picture.read() == (django_settings.MEDIA_ROOT / before[1]).read_bytes()
        assert make.member(name="Baru").pk > last
    assert done.broken == []


def test_what_must_be_put_right_is_done_before_anybody_knows_the_cooperative(kit):
    def fail():
        Message.objects.update(attempts=10)
        raise RuntimeError("not settled")

    assert refused(kit, RuntimeError, settle_in=fail) == "not settled"


@pytest.mark.parametrize("slug", [SLUG, "www", "A", "parnit-dulu"])
def test_a_slug_that_cannot_be_had_is_refused(kit, slug):
    refused(kit, provisioning.SlugRefused, slug=slug)


def alter(name, data):
    return lambda entries: entries.update({name: data})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (alter("database/catalog_product.csv", b"id\n"), "is not what the manifest says"),
        (alter("README.id.txt", b"changed"), "is not what the manifest says"),
        (lambda entries: entries.pop("json/orders_order.json"), "does not list what is there"),
        (alter("csv/strange.csv", b""), "does not list what is there"),
        (lambda entries: entries.pop("manifest.json"), "no usable manifest.json"),
        (alter("manifest.json", b"{"), "not that of an exit kit"),
        (alter("manifest.json", b'{"kind": "other", "format": 1}'), "no exit kit"),
        (alter("manifest.json", b"[" * 100_000), "not that of an exit kit"),
        (alter("files/../../evil.png", b""), "no name of an exit kit"),
        (alter("/etc/passwd", b""), "no name of an exit kit"),
        (alter("files/a\\..\\b.png", b""), "no name of an exit kit"),
        (alter("files/.hidden", b""), "no name of an exit kit"),
        (alter("files/C:x", b""), "no name of an exit kit"),
        (alter("files/a/", b""), "no name of an exit kit"),
        (alter("run.sql", b"drop schema public"), "no name of an exit kit"),
        (alter("files/zero.bin", b"\0" * 30_000_000), "grows more than"),
    ],
)
def test_a_kit_that_was_altered_is_refused_without_a_trace(kit, change, words):
    rewrite(kit, change)
    assert words in refused(kit)


def test_a_link_instead_of_a_file_two_entries_of_one_name_and_half_a_file_are_refused(kit, tmp_path):
    whole = kit.read_bytes()
    with zipfile.ZipFile(kit, "a") as zipped:
        link = zipfile.ZipInfo("files/link.png")
        link.external_attr = 0o120777 << 16
        zipped.writestr(link, "/etc/passwd")
    assert "no plain file" in refused(kit)
    kit.write_bytes(whole)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(kit, "a") as zipped:
        zipped.writestr("README.id.txt", "two")
    assert "two entries have one name" in refused(kit)
    kit.write_bytes(whole[: len(whole) // 2])
    assert "no whole ZIP" in refused(kit)
    kit.write_bytes(b"no zip")
    assert "no whole ZIP" in refused(kit)
    refused(tmp_path / "nothing.zip", FileNotFoundError)


def more_than_it_may_be(monkeypatch, name, value):
    monkeypatch.setattr(f"tenants.leaving.kits.{name}", value)


@pytest.mark.parametrize(("name", "words"), [("MOST_ENTRIES", "entries are more"), ("MOST_BYTES", "larger than")])
def test_a_kit_that_asks_for_too_much_is_refused(kit, monkeypatch, name, words):
    monkeypatch.setattr(f"tenants.leaving.kits.{name}", 10)
    assert words in refused(kit)


def newer_format(entries, manifest):
    manifest["format"] = 2


def newer_schema(entries, manifest):
    manifest["contents"]["migrations"].append(["orders", "9999_from_the_future"])


@pytest.mark.parametrize("change", [newer_format, newer_schema])
def test_a_kit_of_a_newer_release_is_refused(kit, change):
    forge(kit, change)
    refused(kit, TooNew)


def test_a_kit_of_an_older_release_is_brought_up(kit):
    later = ("pages_block", "pages_page")

    def before_pages(entries, manifest):
        contents = manifest["contents"]
        contents["migrations"] = [key for key in contents["migrations"] if key[0] != "pages"]
        contents["tables"] = [table for table in contents["tables"] if table["name"] not in later]
        for table in later:
            for name in (f"database/{table}.csv", f"csv/{table}.csv", f"json/{table}.json"):
                del entries[name]

    forge(kit, before_pages)
    made = take_in(kit).cooperative
    assert Cooperative.objects.get(pk=made.pk).schema_version == versions.of_code()
    with in_tenant(made):
        assert (Block.objects.count(), Product.objects.count()) == (0, 1)


def fewer_rows(entries, manifest):
    lines = entries["database/orders_order.csv"].splitlines(keepends=True)
    entries["database/orders_order.csv"] = lines[0]


def other_column(entries, manifest):
    entries["database/orders_order.csv"] = entries["database/orders_order.csv"].replace(b"id,", b"nr,", 1)


def broken_reference(entries, manifest):
    table = next(table for table in manifest["contents"]["tables"] if table["name"] == "catalog_category")
    table["rows"] = 0
    lines = entries["database/catalog_category.csv"].splitlines(keepends=True)
    entries["database/catalog_category.csv"] = lines[0]


def statement_in_a_name(entries, manifest):
    manifest["contents"]["tables"][0]["name"] = 'x"; DROP SCHEMA public CASCADE; --'


def too_long_a_name(entries, manifest):
    manifest["cooperative"]["name"] = "x" * 500


def no_uid(entries, manifest):
    manifest["uid"] = "../.."


@pytest.mark.parametrize(
    "change", [fewer_rows, other_column, broken_reference, statement_in_a_name, too_long_a_name, no_uid]
)
def test_a_consistent_forgery_that_does_not_fit_leaves_no_trace(kit, change):
    forge(kit, change)
    refused(kit, Exception)


@pytest.mark.parametrize("name", ["{other}/secret.png", "{own}/../{other}/secret.png", "secret.png"])
def test_a_row_that_names_another_cooperatives_file_is_refused(kit, shop, name):
    other = "f" * 32

    def lead_away(entries, manifest):
        with in_tenant(shop):
            was = Picture.objects.get().image.name
        entries["database/catalog_picture.csv"] = entries["database/catalog_picture.csv"].replace(
            was.encode(), name.format(own=shop.uid.hex, other=other).encode()
        )

    forge(kit, lead_away)
    assert "not the cooperative's own" in refused(kit)


def test_what_it_says_about_itself_does_not_reach_its_state_server_or_name_here(kit):
    def boast(entries, manifest):
        manifest["cooperative"] |= {
            "state": "open",
            "server": "dua",
            "slug": "www",
            "schema_name": "public",
            "cover": "x/y",
        }

    forge(kit, boast)
    made = Cooperative.objects.get(pk=take_in(kit).cooperative.pk)
    assert (made.state, made.server, made.slug, made.cover) == ("preparing", "default", "pindahan", "")
    assert made.schema_name.startswith("t_")
    assert not Domain.objects.filter(domain__startswith="www").exists()


def test_reading_a_kit_holds_no_more_than_a_block_of_it(kit):
    with opened(kit) as read:
        assert read.manifest.kind == "coop-shop-exit-kit"
        assert [entry.name for entry in read.files] == [name for name in content(kit) if name.startswith("files/")]
