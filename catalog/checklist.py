"""What makes a listing sell, as points to tick off. It advises; what stands in the way: catalog/content/checking.py."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.content import Content

ENOUGH_PICTURES = 3  # the front, the label, what is inside
SHORTEST_SIDE = 800  # pixels; marketplaces refuse less than 500, and a phone's screen shows 1,080
TITLE_WORDS = 3
ENOUGH_TEXT = 120  # letters


@dataclass(frozen=True, kw_only=True)
class Check:
    """One point; `key` is for programs, `text` for people, in the reader's language."""

    key: str
    is_done: bool
    text: str


def checks(content: Content, *, sizes: Mapping[int, tuple[int, int]]) -> list[Check]:
    """`sizes`: width and height in pixels of the pictures that are there, by pk."""
    return [Check(key=key, is_done=is_done, text=text) for key, is_done, text in _all(content, sizes)]


def _all(content: Content, sizes: Mapping[int, tuple[int, int]]) -> Iterator[tuple[str, bool, str]]:
    shown = [one for one in content.pictures or () if one.picture in sizes]
    yield "photo", bool(shown), _("Ada foto: dari dekat, siang hari, latar polos")
    yield "photos", len(shown) >= ENOUGH_PICTURES, _("Tiga foto: depan, label yang terbaca, isinya")
    sharp = all(min(sizes[one.picture]) >= SHORTEST_SIDE for one in shown)
    yield "sharp", bool(shown) and sharp, _("Foto cukup besar: sisi terpendek 800 piksel")
    described = all(one.alt.strip() and one.alt.strip() != content.title.strip() for one in shown)
    yield "alt", bool(shown) and described, _("Tiap foto dijelaskan untuk yang tidak bisa melihatnya")
    yield "title", _is_telling(content.title), _("Nama menyebut barang, jenis, dan asal atau ukurannya")
    text = content.description.strip()
    yield "text", len(text) >= ENOUGH_TEXT, _("Deskripsi bercerita: bahan, rasa atau kegunaan, cara menyimpan")
    yield "origin", bool(content.origin_code), _("Asal kabupaten terisi")
    amounts = content.choices and all(choice.content_amount for choice in content.choices)
    yield "amount", bool(content.content_unit and amounts), _("Isi kemasan terisi, supaya harga per satuan tampil")


def _is_telling(title: str) -> bool:
    """Several words, and not shouted."""
    words = title.split()
    return len(words) >= TITLE_WORDS and not title.isupper()
