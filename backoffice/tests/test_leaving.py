"""An officer asks for the exit kit, a worker makes it, and nobody else gets it."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils import timezone

from accounts.models import User
from members.models import Officer
from tenants.context import in_tenant
from tenants.leaving import offering
from tenants.models import Cooperative, ExitKit
from tenants.tasks import make_exit_kits
from tests import make
from tests.browsing import Browser

PAGE = "/kelola/data/"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EXIT_KIT_ROOT = tmp_path / "kits"
    return settings.EXIT_KIT_ROOT


@pytest.fixture
def people(mine):
    """Browsers of the chair and of the treasurer, in a cooperative whose rows are really committed."""
    host = mine.domains.get().domain
    with in_tenant(mine):
        chair, treasurer = make.officer(), make.officer(role=Officer.Role.BENDAHARA)
        yield Browser(host, user=chair), Browser(host, user=treasurer), Browser(host)
    connection.set_schema_to_public()
    ExitKit.objects.all().delete()
    Cooperative.objects.filter(pk=mine.pk).update(state="open")
    with in_tenant(mine):
        Officer.objects.all().delete()
        for each in User.objects.all():
            each.delete()


@pytest.fixture
def chair(people):
    return people[0]


def made():
    connection.set_schema_to_public()
    make_exit_kits.apply(throw=True)
    return ExitKit.objects.get()


@pytest.mark.parametrize("state", ["open", "preparing", "suspended", "closed"])
def test_from_asking_to_fetching_whatever_the_state_of_the_shop(chair, mine, folder, state):
    connection.set_schema_to_public()
    Cooperative.objects.filter(pk=mine.pk).update(state=state)
    assert chair.get(PAGE).status_code == 200
    page = chair.post(f"{PAGE}buat/", follow=True)
    assert "Sedang dibuat" in page.text
    assert '<meta http-equiv="refresh" content="5">' in page.text
    kit = made()
    assert (kit.percent, kit.error, kit.size) == (100, "", (folder / kit.name).stat().st_size)
    page = chair.get(PAGE)
    assert f"{PAGE}{kit.pk}/" in page.text
    assert kit.sha256 in page.text
    answer = chair.get(f"{PAGE}{kit.pk}/")
    assert answer["Content-Disposition"] == f'attachment; filename="{mine.slug}-{kit.asked_at:%Y-%m-%d}.zip"'
    assert "no-store" in answer["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as content:
        assert "manifest.json" in content.namelist()
    assert list(folder.rglob(".*")) == []


def test_nobody_else_gets_it(chair, people, theirs, folder):
    chair.post(f"{PAGE}buat/")
    kit = made()
    _, treasurer, stranger = people
    assert treasurer.get(f"{PAGE}{kit.pk}/").status_code == 404
    assert stranger.get(f"{PAGE}{kit.pk}/").status_code == 302
    with in_tenant(theirs):
        other = Browser(theirs.domains.get().domain, user=make.officer())
        assert other.get(f"{PAGE}{kit.pk}/").status_code == 404
        for user in User.objects.all():
            user.delete()
    assert chair.get(f"/media/{kit.name}").status_code == 404
    assert not (Path(django_settings.MEDIA_ROOT) / kit.name).exists()


def test_asking_twice_makes_one_and_a_new_one_replaces_the_old(chair, folder):
    chair.post(f"{PAGE}buat/")
    assert "Paket sedang dibuat." in chair.post(f"{PAGE}buat/", follow=True).text
    first = made()
    chair.post(f"{PAGE}buat/")
    second = made()
    assert second.pk != first.pk
    assert [path.relative_to(folder).as_posix() for path in folder.rglob("*.zip")] == [second.name]


def test_after_seven_days_it_is_gone(chair, folder, time_machine):
    chair.post(f"{PAGE}buat/")
    kit = made()
    ExitKit.objects.update(ended_at=timezone.now() - timedelta(days=7))
    assert chair.get(f"{PAGE}{kit.pk}/").status_code == 404
    connection.set_schema_to_public()
    offering.tidy(now=timezone.now() + timedelta(days=2))
    assert (ExitKit.objects.count(), list(folder.rglob("*.zip"))) == (0, [])


def test_a_failure_is_said_and_leaves_nothing_and_may_be_tried_again(chair, folder, monkeypatch):
    def broken(**options):
        raise ImproperlyConfigured("no room")

    chair.post(f"{PAGE}buat/")
    with monkeypatch.context() as patch:
        patch.setattr(offering, "export", broken)
        assert made().error == "ImproperlyConfigured: no room"
    page = chair.get(PAGE)
    assert "Paket terakhir gagal dibuat." in page.text
    assert "no room" not in page.text
    assert list(folder.rglob("*.zip")) == []
    chair.post(f"{PAGE}buat/")
    assert made().error == ""


def test_while_one_is_made_no_other_is_and_a_dead_maker_is_replaced_three_times(chair, mine, folder):
    chair.post(f"{PAGE}buat/")
    connection.set_schema_to_public()
    now = timezone.now()
    for attempt in range(offering.MOST_ATTEMPTS):
        taken = offering._take(now + attempt * offering.SILENT)
        assert taken is not None
        assert offering._take(now + attempt * offering.SILENT + timedelta(minutes=9)) is None
    assert offering._take(now + offering.MOST_ATTEMPTS * offering.SILENT) is None
    assert ExitKit.objects.get().error == "its makers died"


def test_what_a_killed_maker_left_is_removed_and_a_purged_cooperatives_kit_too(chair, mine, folder):
    chair.post(f"{PAGE}buat/")
    kit = made()
    (folder / mine.uid.hex / ".part-x").write_text("half")
    offering.tidy(now=timezone.now())
    assert (folder / mine.uid.hex / ".part-x").exists()
    offering.tidy(now=timezone.now() + timedelta(days=2))
    assert not (folder / mine.uid.hex / ".part-x").exists()
    assert (folder / kit.name).exists()
    offering.remove_all(mine)
    assert not (folder / mine.uid.hex).exists()
