from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Step:
    """Wholesale: from so many pieces of the product on, one costs `price` (whole rupiah)."""

    from_quantity: int
    price: int


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What is bought. Money in whole rupiah, weight in gram, content in `Content.content_unit`.

    Without `sku` it gets one. `variant` is the pk of an existing one; `pieces` is the opening stock of a new one.
    """

    price: int
    weight_g: int
    sku: str = ""
    option1: str = ""
    option2: str = ""
    member_price: int | None = None
    barcode: str = ""
    content_amount: int | None = None
    picture: int | None = None  # pk
    steps: tuple[Step, ...] = ()
    pieces: int | None = None
    variant: int | None = None

    @property
    def name(self) -> str:
        return " / ".join(option for option in (self.option1, self.option2) if option)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A picture (pk) in its place, with the words for who cannot see it."""

    picture: int
    alt: str = ""


@dataclass(frozen=True, kw_only=True)
class Content:
    """All that a listing says. `pictures` None leaves those of the product as they are."""

    title: str
    category: int | None
    choices: tuple[Choice, ...]
    title_en: str = ""
    description: str = ""
    description_en: str = ""
    condition: str = "new"
    origin_code: str = ""
    axis1: str = ""
    axis2: str = ""
    content_unit: str = ""
    min_per_order: int = 1
    max_per_order: int | None = None
    made_to_order: bool = False
    lead_days: int = 0
    daily_capacity: int | None = None
    preorder_date: date | None = None
    pictures: tuple[Shown, ...] | None = None
