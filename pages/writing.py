"""Pages of text: three that every shop has from the first day, and whatever officers add.

A standard page has a good text of its own until officers write theirs; its row exists only from then on.
"""

from dataclasses import dataclass
from pathlib import Path
from string import Template

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from pages.models import Page
from tenants.models import Cooperative

STANDARD = ("tentang", "cara-belanja", "privasi")
MOST_PAGES = 30
MOST_LETTERS = 30_000
TEXTS = Path(__file__).with_name("texts")


class TooMany(Exception):
    """There are MOST_PAGES pages."""


class Untitled(ValueError):
    """The title leaves nothing for an address."""


@dataclass(frozen=True, kw_only=True)
class Text:
    """A page as one reader gets it. `language` is that of the text; `is_default`: nobody has written it here."""

    slug: str
    title: str
    body: str
    language: str
    is_default: bool


def read(slug: str, *, cooperative: Cooperative, language: str) -> Text | None:
    """The page in `language`, or in Indonesian where nobody has translated it; None: there is no such page."""
    row = Page.objects.filter(slug=slug).first()
    if row is None:
        return _default(slug, cooperative, language) if slug in STANDARD else None
    if not row.is_shown and slug not in STANDARD:
        return None
    if language == "en" and row.body_en:
        return Text(slug=slug, title=row.title_en or row.title_id, body=row.body_en, language="en", is_default=False)
    return Text(slug=slug, title=row.title_id, body=row.body_id, language="id", is_default=False)


def shown(*, cooperative: Cooperative, language: str) -> list[Text]:
    """All pages that visitors can open: the standard ones, then the others in their order. One query."""
    rows = {row.slug: row for row in Page.objects.order_by("position", "pk")[:MOST_PAGES]}
    titles = [_title(rows[slug], language) if slug in rows else _default(slug, cooperative, language)
              for slug in STANDARD]  # fmt: skip
    return titles + [_title(row, language) for slug, row in rows.items() if slug not in STANDARD and row.is_shown]


def others() -> list[Page]:
    """What officers added, hidden ones too, in order."""
    return list(Page.objects.exclude(slug__in=STANDARD).order_by("position", "pk")[:MOST_PAGES])


def to_edit(slug: str, *, cooperative: Cooperative) -> Page | None:
    """The row of a page, or an unsaved one with the standard text; None: there is no such page."""
    row = Page.objects.filter(slug=slug).first()
    if row is not None or slug not in STANDARD:
        return row
    indonesian, english = (_default(slug, cooperative, language) for language in ("id", "en"))
    return Page(slug=slug, title_id=indonesian.title, body_id=indonesian.body,
                title_en=english.title, body_en=english.body)  # fmt: skip


def write(
    slug: str, *, title_id: str, body_id: str, title_en: str = "", body_en: str = "", is_shown: bool = True
) -> Page:
    """Write a page that there is, or a standard one for the first time. Raises Page.DoesNotExist."""
    said = {"title_id": title_id, "body_id": body_id, "title_en": title_en, "body_en": body_en}
    said = {name: text[:MOST_LETTERS] for name, text in said.items()}
    shown = is_shown or slug in STANDARD  # a shop without a privacy page is against the law
    if slug in STANDARD:
        row, _is_new = Page.objects.update_or_create(slug=slug, defaults={**said, "is_shown": shown})
        return row
    row = Page.objects.get(slug=slug)
    for name, value in {**said, "is_shown": shown}.items():
        setattr(row, name, value)
    row.save()
    return row


def add(*, title: str) -> Page:
    """A new page without a text, hidden until it has one. Raises TooMany, Untitled."""
    base = slugify(title)[:50].strip("-")
    if not base:
        raise Untitled(title)
    if Page.objects.count() >= MOST_PAGES:
        raise TooMany
    last = Page.objects.order_by("-position").values_list("position", flat=True).first() or 0
    for number in range(1, MOST_PAGES + len(STANDARD) + 2):
        slug = base if number == 1 else f"{base}-{number}"
        if slug in STANDARD or Page.objects.filter(slug=slug).exists():
            continue
        try:
            with transaction.atomic():
                return Page.objects.create(slug=slug, title_id=title, position=last + 1, is_shown=False)
        except IntegrityError:  # somebody was quicker
            continue
    raise TooMany


def remove(slug: str) -> None:
    """Away with a page; a standard one has its own text again."""
    Page.objects.filter(slug=slug).delete()


def _title(row: Page, language: str) -> Text:
    is_english = language == "en" and bool(row.title_en)
    title = row.title_en if is_english else row.title_id
    return Text(slug=row.slug, title=title, body="", language="en" if is_english else "id", is_default=False)


def _default(slug: str, cooperative: Cooperative, language: str) -> Text:
    language = "en" if language == "en" else "id"
    raw = (TEXTS / f"{slug}.{language}.txt").read_text(encoding="utf-8")
    story = (language == "en" and cooperative.story_en) or cooperative.story_id
    said = Template(raw).substitute(
        name=cooperative.name, story=story, contact="\n".join(_contact(cooperative, language))
    )
    title, _newline, body = said.partition("\n")
    return Text(slug=slug, title=title, body=body.strip() + "\n", language=language, is_default=True)


def _contact(cooperative: Cooperative, language: str) -> list[str]:
    place = ", ".join(part for part in (cooperative.address, cooperative.regency, cooperative.province) if part)
    phone, number, nib = ("Phone", "Registration number", "NIB") if language == "en" else (
        "Telepon", "Nomor badan hukum", "NIB"
    )  # fmt: skip
    told = (
        ("", cooperative.name), ("", place), ("WhatsApp", cooperative.whatsapp), (phone, cooperative.phone),
        ("E-mail", cooperative.email), (number, cooperative.legal_number), (nib, cooperative.nib),
    )  # fmt: skip
    return [f"- {label}: {value}" if label else f"- {value}" for label, value in told if value]
