"""A shop of many products to be measured, as large as it is asked for: rows written in bulk, with photos that exist."""

import io

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from PIL import Image

from catalog import figures
from catalog.models import Category, Picture, Product, Variant
from inventory.models import Movement, Stock
from members.models import Member
from shipping.models import Rate
from tenants.context import current_cooperative

STORY = " ".join(["Ceri merah dipetik tangan, dijemur di atas para-para, disangrai setiap Selasa dan Jumat."] * 8)
BATCH = 2_000


def fill(number: int, *, categories: int = 10, members: int = 20) -> None:
    """`number` products on sale, every second one in the first of `categories`; each with a variant, stock and a photo
    whose sizes exist."""
    now = timezone.now()
    Rate.objects.get_or_create(province="", defaults={"per_kg": 20_000, "days_from": 2, "days_to": 4})
    makers = [
        Member.objects.create(number=f"U-{n}", name=f"Anggota {n}", village=f"Desa {n}", joined_date=now.date())
        for n in range(members)
    ]
    shelves = [Category.objects.create(name=f"Rak {n}", slug=f"rak-{n}", position=n) for n in range(categories)]
    photo = _photo()
    for start in range(0, number, BATCH):
        _batch(range(start, min(start + BATCH, number)), shelves, makers, photo, now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _batch(numbers: range, shelves: list[Category], makers: list[Member], photo: str, now: object) -> None:
    products = Product.objects.bulk_create(
        Product(
            title=f"Kopi pilihan nomor {n}", slug=f"kopi-{n}", member=makers[n % len(makers)],
            category=shelves[0 if n % 2 else n % len(shelves)], description=f"Kopi {n} dari kebun anggota. {STORY}",
            state=Product.State.LIVE, in_stock=True, sold=n % 300,
        )
        for n in numbers
    )  # fmt: skip
    variants = Variant.objects.bulk_create(
        Variant(product=product, sku=f"U-{n}", price=10_000 + n, weight_g=250)
        for n, product in zip(numbers, products, strict=True)
    )
    Stock.objects.bulk_create(Stock(variant=variant, on_hand=1_000_000) for variant in variants)
    Movement.objects.bulk_create(
        Movement(stock_id=variant.pk, kind=Movement.Kind.COUNTED, quantity=1_000_000, reference="bench", at=now)
        for variant in variants
    )
    Picture.objects.bulk_create(
        Picture(product=product, image=photo, alt="Biji kopi", sha256=f"{product.pk:064d}", width=1200, height=1200,
                rendered_at=now)
        for product in products
    )  # fmt: skip
    figures.set_prices([product.pk for product in products])


def _photo() -> str:
    """One file for all of them."""
    buffer = io.BytesIO()
    Image.new("RGB", (1200, 1200), (120, 60, 20)).save(buffer, "WEBP")
    name = f"{current_cooperative().uid.hex}/products/bench.webp"
    return default_storage.save(name, ContentFile(buffer.getvalue()))
