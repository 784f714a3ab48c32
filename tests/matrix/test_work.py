"""Every job, every command and every letter, for the first shop, by a process that has just worked for the second."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.template import Template
from django.test.signals import template_rendered

from catalog.passport import letters as paper_letters
from inventory import letters as listing_letters
from members import domain_letters, visiting
from notifications.models import Message
from orders import messages
from questions import letters as question_letters
from tenants.context import in_tenant
from tenants.models import Visit
from tenants.rechecking import Event, News
from tests import make
from tests.matrix.conftest import World
from tests.two_shops import Shop, checksums

TEMPLATES = Path(settings.BASE_DIR) / "templates"
LETTERS_OF_THE_PLATFORM = {f"members/emails/apply_{what}.txt" for what in ("approved", "code", "refused")}
# allauth writes these where addresses are changed or confirmed by link; here there is one address, confirmed by code
NEVER_WRITTEN = {f"account/email/email_confirmation_{part}.txt" for part in ("message", "subject")}


@pytest.fixture
def quiet(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO)
    return caplog


def run(kind: str, shop: Shop) -> None:
    """As a worker does, in the thread that did the other shop's work before. Whoever is asked outside is away."""
    current_app.loader.import_default_modules()
    task = current_app.tasks[settings.DUE_TASKS[kind]]
    with in_tenant(shop.cooperative):
        done = task.apply(headers={"_schema_name": shop.cooperative.schema_name}, throw=True)
    assert done.state == "SUCCESS"


@pytest.mark.parametrize("kind", settings.DUE_TASKS)
def test_a_job_touches_and_tells_nothing_of_the_other_shop(
    kind: str, world: World, quiet: pytest.LogCaptureFixture
) -> None:
    run(kind, world.batik)
    mail.outbox.clear()
    quiet.clear()
    before = checksums(world.batik)
    run(kind, world.kopi)
    assert checksums(world.batik) == before
    assert "batik" not in "".join(letter.subject + letter.body for letter in mail.outbox).lower()
    assert not any(mark in quiet.text for mark in (world.batik.secret, world.batik.public, "RAHASIA-KOPI"))


def test_each_shops_waiting_letter_goes_out_with_its_own_name(world: World) -> None:
    for shop in (world.batik, world.kopi):
        mail.outbox.clear()
        run("messages", shop)
        assert {shop.secret in letter.body or shop.public in letter.body for letter in mail.outbox} == {True}
        with in_tenant(shop.cooperative):
            assert not Message.objects.filter(sent_at=None).exists()


def test_a_command_works_on_the_shop_that_was_named(
    world: World, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    before = checksums(world.batik)
    catalogue = tmp_path / "catalogue.csv"
    catalogue.write_text("title,category,price,stock,sku,weight_g,seller\nBarang,Sama,5000,3,SKU-SAMA,100,A-1\n")
    for arguments in (
        ["verify_invariants"],
        ["add_member", "--number", "B-2", "--name", "Orang Baru"],
        ["import_catalog", str(catalogue)],
    ):
        call_command(*arguments, "--cooperative", "kopi-gayo")
    assert checksums(world.batik) == before
    said = capsys.readouterr()
    assert "batik" not in (said.out + said.err).lower()


@pytest.fixture
def rendered() -> Iterator[set[str]]:
    names: set[str] = set()

    def note(template: Template, **_: object) -> None:
        if template.name:
            names.add(template.name)

    template_rendered.connect(note)
    yield names
    template_rendered.disconnect(note)


def write_everything(world: World, shop: Shop) -> None:
    order = shop.parts["paid_order"]
    with in_tenant(shop.cooperative):
        Message.objects.all().delete()
        order.refresh_from_db()
        for letter in (messages.placed, messages.paid, messages.shipped, messages.expired):
            letter(order, now=make.NOW)
        proposal = shop.parts["proposal"]
        proposal.refresh_from_db()
        listing_letters.approved(proposal, now=make.NOW)
        listing_letters.returned(proposal, now=make.NOW)
        paper_letters.ending(shop.parts["document"], days=0, today=make.NOW.date(), now=make.NOW)
        paper_letters.refused(shop.parts["document"], now=make.NOW)
        asked = shop.parts["question"]
        question_letters.asked(asked, now=make.NOW)
        question_letters.answered(asked, asked.posts.get(), now=make.NOW)
        for event in Event:
            news = News(
                event=event, domain=f"{shop.public}.example".lower(), since=make.NOW, until=make.NOW, at=make.NOW
            )
            domain_letters.tell_officers(shop.cooperative, news)
        visit = Visit(pk=7, cooperative=shop.cooperative, reason=shop.secret, minutes=30, asked_by="op@x.example",
                      asked_at=make.NOW, decided_by="rekan@x.example", began_at=make.NOW, ends_at=make.NOW)  # fmt: skip
        visiting._tell(shop.people["pengurus"], visit, make.NOW)
    cache.clear()
    for address, email in (
        ("/akun/masuk/", "customer@sama.example"),
        ("/akun/masuk/", "tidak-dikenal@sama.example"),
        ("/akun/daftar/", "baru@sama.example"),
        ("/akun/daftar/", "customer@sama.example"),
    ):
        nobody = world.browser("nobody", "own" if shop is world.kopi else "other")
        assert nobody.post(address, {"email": email}).status_code == 302


def test_every_letter_speaks_of_its_own_shop_and_links_to_it(world: World, rendered: set[str]) -> None:
    write_everything(world, world.batik)
    rendered.clear()
    mail.outbox.clear()
    write_everything(world, world.kopi)
    with in_tenant(world.kopi.cooperative):
        stored = [f"{one.subject}\n{one.body}" for one in Message.objects.all()]
    letters = [*stored, *(f"{one.subject}\n{one.body}\n{one.from_email}" for one in mail.outbox)]
    assert len(letters) >= 10
    assert [letter for letter in letters if "batik" in letter.lower()] == []
    assert set(re.findall(r"https?://([^/:\s]+)", "\n".join(letters))) == {"kopi-gayo.localhost"}
    wanted = {str(file.relative_to(TEMPLATES)) for file in TEMPLATES.glob("*/email*/*.txt")}
    assert wanted - rendered == LETTERS_OF_THE_PLATFORM | NEVER_WRITTEN - rendered
