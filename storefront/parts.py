"""The blocks of the home page as a visitor gets them: in their language, with the goods that they show."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language

from catalog import shelf
from catalog.models import Category, Product
from pages import blocks, pictures
from pages.models import Block
from tenants.models import Cooperative

SOURCES = {"newest": shelf.newest, "popular": shelf.best_sellers}


@dataclass(frozen=True, kw_only=True)
class Words:
    """A text, and the language that it is in: where nobody has translated it, Indonesian."""

    text: str = ""
    language: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(kw_only=True)
class Part:
    """One block. `anchor` names it on the page."""

    kind: str
    anchor: str
    title: Words
    text: Words
    is_main: bool = False  # the one that carries the page's heading
    picture: str = ""
    small_picture: str = ""
    picture_size: tuple[int, int] = (0, 0)
    alt: str = ""
    button: Words = field(default_factory=Words)
    link: str = ""
    source: str = ""
    products: Sequence[Product] = ()
    categories: Sequence[Category] = ()
    more: str = ""  # where there are more products of this kind
    to_shelf: str = ""  # of the main one: where goods and story are further down on the page
    to_story: str = ""

    @property
    def template(self) -> str:
        return f"storefront/blocks/{self.kind}.html"


def of_home(cooperative: Cooperative) -> list[Part]:
    """What the home page shows, in order. A collection asks for its goods and their photos: two queries each."""
    parts = [_part(block, cooperative, number) for number, block in enumerate(blocks.on_home())]
    parts = [part for part in parts if not _is_empty(part, cooperative)]
    main = next((part for part in parts if part.kind == Block.Kind.BANNER), None)
    if main:
        main.is_main = True
        main.to_shelf = next((f"#{part.anchor}" for part in parts if part.products), "")
        main.to_story = next((f"#{part.anchor}" for part in parts if part.kind == Block.Kind.STORY), "")
    return parts


def _part(block: Block, cooperative: Cooperative, number: int) -> Part:
    content = block.content if isinstance(block.content, dict) else {}
    part = Part(
        kind=block.kind,
        anchor=f"bagian-{number + 1}",
        title=words(content, "title"),
        text=words(content, "text"),
        button=words(content, "button"),
        link=_link(str(content.get("link", ""))),
    )
    if block.kind == Block.Kind.COLLECTION:
        _fill(part, content)
    else:
        _dress(part, content, cooperative)
    if block.kind == Block.Kind.STORY and not part.text:
        about = {"text_id": cooperative.story_id, "text_en": cooperative.story_en}
        part.text = words(about, "text")
    return part


def words(content: dict[str, Any], name: str) -> Words:
    """`name` in the visitor's language, else in Indonesian, else in English."""
    language = "en" if get_language() == "en" else "id"
    for chosen in (language, "id", "en"):
        if text := str(content.get(f"{name}_{chosen}") or "").strip():
            return Words(text=text, language=chosen)
    return Words()


def _dress(part: Part, content: dict[str, Any], cooperative: Cooperative) -> None:
    name = str(content.get("picture") or "")
    if name and ".." not in name:
        stored = pictures.stored(name, cooperative)
        part.picture = reverse("media", args=[stored])
        part.small_picture = reverse("media", args=[pictures.resized(stored, pictures.WIDE[1])])
        part.picture_size = (int(content.get("picture_width") or 0), int(content.get("picture_height") or 0))
        part.alt = words(content, "alt").text


def _fill(part: Part, content: dict[str, Any]) -> None:
    part.source = str(content.get("source") or "newest")
    count = min(int(content.get("count") or 8), blocks.MOST_PRODUCTS)
    if part.source == "categories":
        part.categories = shelf.with_photos(shelf.top_categories())
    elif part.source == "category":
        category = Category.objects.filter(pk=content.get("category")).first()
        if category:
            part.products = list(shelf.in_category(category)[:count])
            part.more = category.get_absolute_url()
            part.title = part.title or Words(text=category.name, language="id")
    elif part.source == "chosen":
        part.products = _chosen(content.get("products") or [])
    else:
        part.products = list(SOURCES.get(part.source, shelf.newest)()[:count])
        part.more = reverse("storefront:search")


def _chosen(keys: Sequence[int]) -> list[Product]:
    """In the order in which officers named them; what is not on sale is left out."""
    wanted = [key for key in keys if isinstance(key, int)][: blocks.MOST_PRODUCTS]
    found = {product.pk: product for product in shelf.for_cards(Product.objects.on_sale().filter(pk__in=wanted))}
    return [found[key] for key in wanted if key in found]


def _is_empty(part: Part, cooperative: Cooperative) -> bool:
    """Nothing to show. A shelf of the newest goods says so itself where there are none yet."""
    match part.kind:
        case Block.Kind.COLLECTION:
            return not part.products and not part.categories and part.source != "newest"
        case Block.Kind.STORY:
            return not part.text
        case Block.Kind.TEXT:
            return not part.text and not part.title
        case Block.Kind.MAP:
            return not (cooperative.address or part.text)
    return False


def _link(path: str) -> str:
    """Links are stored as the Indonesian page has them."""
    if not path.startswith("/") or path.startswith(("//", "/\\")):
        return ""
    return f"/en{path}" if get_language() == "en" else path
