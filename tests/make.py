"""Things that tests need, made with believable defaults. Each returns what it made, in the present cooperative."""

from datetime import UTC, date, datetime
from itertools import count

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.text import slugify

from accounts.models import User
from catalog import figures
from catalog.importing import jobs
from catalog.models import Category, ImportJob, PriceStep, Product, Variant
from inventory import stock
from members.models import Member, Officer
from orders import placing
from orders.models import Order
from shipping.models import Rate

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
_numbers = count(1)


def member(*, name: str = "Budi Santoso", number: str | None = None, email: str = "") -> Member:
    user = User.objects.create_user(email, name=name) if email else None
    return Member.objects.create(
        name=name,
        number=number or f"A-{next(_numbers):03d}",
        joined_date=date(2019, 5, 1),
        user=user,
        village="Bebesen",
    )


def officer(*, role: str = Officer.Role.PENGURUS, email: str | None = None) -> User:
    user = User.objects.create_user(email or f"{role}@kopi.example", name=role.title())
    Officer.objects.create(user=user, role=role)
    return user


def category(name: str = "Kopi", *, parent: Category | None = None) -> Category:
    found = Category.objects.filter(name=name, parent=parent).first()
    return found or Category.objects.create(name=name, slug=slugify(f"{parent or ''} {name}"), parent=parent)


def product(
    *,
    title: str = "Kopi Arabika Gayo",
    price: int = 65_000,
    on_hand: int = 10,
    sku: str | None = None,
    seller: Member | None = None,
    options: tuple[str, ...] = ("",),
    state: str = Product.State.LIVE,
    in_category: Category | None = None,
    **about: object,
) -> Product:
    """A product on sale with one variant per option; SKUs are `sku`, or `sku-1`, `sku-2` ... with options. `about` are
    further fields of Product."""
    number = next(_numbers)
    made = Product.objects.create(
        title=title,
        slug=f"{slugify(title)}-{number}",
        description=f"{title} dari kebun anggota.",
        member=seller or Member.objects.first() or member(),
        category=in_category or category(),
        axis1="Ukuran" if options != ("",) else "",
        state=state,
        **about,
    )
    base = sku or f"SKU-{number}"
    for position, option in enumerate(options):
        variant = Variant.objects.create(
            product=made,
            sku=base if options == ("",) else f"{base}-{position + 1}",
            option1=option,
            price=price,
            weight_g=250,
            position=position,
        )
        figures.set_prices([made.pk])
        stock.count(variant_id=variant.pk, on_hand=on_hand, reference="tests", now=NOW)
    if made.made_to_order:
        with transaction.atomic():
            stock.show(made.variants.values_list("pk", flat=True))
    return made


def change(variant: Variant, **fields: object) -> None:
    """Write these fields of a variant, and the figures that follow from them."""
    Variant.objects.filter(pk=variant.pk).update(**fields)
    figures.set_prices([variant.product_id])
    with transaction.atomic():
        stock.show([variant.pk])


def made_to_order(*, capacity: int | None = 10, lead_days: int = 3, **fields: object) -> Product:
    """What is made when it is ordered; nothing of it lies on the shelf."""
    about = {"title": "Kue Lapis", "on_hand": 0, **fields}
    return product(made_to_order=True, daily_capacity=capacity, lead_days=lead_days, **about)  # type: ignore[arg-type]


def steps(variant: Variant, *wholesale: tuple[int, int]) -> Variant:
    """Give a variant wholesale prices: (from so many pieces, price)."""
    PriceStep.objects.bulk_create(
        PriceStep(variant=variant, from_quantity=quantity, price=price) for quantity, price in wholesale
    )
    return variant


def import_job(text: str = "title,price,stock,sku,weight_g,seller\n", *, name: str = "produk.csv") -> ImportJob:
    """A file that an officer uploaded a moment ago."""
    file = ContentFile(text.encode())
    return jobs.begin(file=file, file_name=name, by="Pengurus", language="id", now=NOW)


def variant(**fields: object) -> Variant:
    """The only variant of a new product."""
    return product(**fields).variants.get()  # type: ignore[arg-type]


def buyer(**fields: str) -> placing.Buyer:
    defaults = {
        "name": "Siti Aminah",
        "phone": "+6281234567890",
        "email": "siti@pembeli.example",
        "address": "Jl. Mawar 5",
        "district": "Kebayoran Baru",
        "regency": "Jakarta Selatan",
        "province": "DKI Jakarta",
        "postcode": "12110",
    }
    return placing.Buyer(**{**defaults, **fields})


def rate(*, per_kg: int = 20_000, province: str = "") -> Rate:
    found, _ = Rate.objects.update_or_create(
        province=province, defaults={"per_kg": per_kg, "days_from": 2, "days_to": 4}
    )
    return found


def order(
    *, cart: dict[int, int] | None = None, key: str | None = None, now: datetime = NOW, **buyer_fields: str
) -> Order:
    """An order of our own shop that awaits payment (Rp20.000 shipping per started kg)."""
    rate()
    cart = cart or {variant().pk: 1}
    who = buyer(**buyer_fields)
    priced = placing.price_cart(cart)
    kilograms = max(1, -(-priced.weight_g // 1000))
    return placing.place_order(
        cart=cart,
        buyer=who,
        shown_total=priced.goods_total + 20_000 * kilograms,
        idempotency_key=key or f"key-{next(_numbers)}",
        now=now,
    )
