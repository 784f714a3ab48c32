"""What came after the first shop of tests/two_shops.py: rows of the models about listings, documents, imports, making,
pages and reviews, with the shop's canary in every text."""

import uuid
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from catalog.models import (
    ApprovalRule,
    Document,
    ImportJob,
    ImportProblem,
    PriceStep,
    Product,
    Variant,
    WantedPicture,
    Word,
)
from inventory.models import MakingDay, MakingPromise
from orders.models import OrderLine
from pages.models import Block, Page
from questions import asking
from questions.models import Question
from reviews import figures
from reviews.models import Review, ReviewPhoto
from tests import make


def stock(shop: Any) -> None:
    """One row of each, under equal keys."""
    product: Product = shop.parts["product"]
    variant: Variant = shop.parts["variant"]
    PriceStep.objects.create(variant=variant, from_quantity=5, price=1)
    ApprovalRule.objects.create()
    Word.objects.create(text=f"kata-{shop.public}", products=1)
    document = Document(
        kind="pirt", state="accepted", product=product, number=f"P {shop.secret}", holder=f"Anggota {shop.secret}"
    )
    document.file.save("x.pdf", ContentFile(b"%PDF-1.4 " + shop.secret.encode(), name="x.pdf"), save=False)
    document.save()
    job = ImportJob(state="done", file_name=f"{shop.secret}.csv", by=f"petugas {shop.secret}", created_at=make.NOW)
    job.file.save("x.csv", ContentFile(shop.secret.encode(), name="x.csv"), save=False)
    job.save()
    ImportProblem.objects.create(job=job, row=2, value=shop.secret, reason=f"Sebab {shop.secret}")
    wish = WantedPicture.objects.create(
        product=product, job=job, address=f"https://x.example/{shop.secret}.jpg", done_at=make.NOW
    )
    day = MakingDay.objects.create(product=product, date=date(2026, 12, 1), taken=0)
    MakingPromise.objects.create(day=day, reference=f"SAMA-{shop.secret}", quantity=1, released_at=make.NOW)
    block = Block.objects.create(kind="text", position=1, content={"text_id": f"Blok {shop.public}"})
    page = Page.objects.create(slug="halaman-sama", title_id=f"Halaman {shop.public}", body_id=f"Isi {shop.public}")
    shop.parts |= {"document": document, "import_job": job, "wish": wish, "block": block, "page": page}


def question(shop: Any) -> None:
    """Of somebody about the product, with the same link in both."""
    asked = asking.ask(
        key=uuid.UUID(int=77), product=shop.parts["product"], name=f"Penanya {shop.secret}",
        email="customer@sama.example", text=f"Tanya {shop.secret}", language="id", now=make.NOW,
    )  # fmt: skip
    Question.objects.filter(pk=asked.pk).update(token="tokenyangsamaTANYA")
    shop.parts["question"] = asked


def review(shop: Any) -> None:
    """Of the paid order's first line; shown, so that visitors read it."""
    line = OrderLine.objects.filter(order=shop.parts["paid_order"]).order_by("pk")[0]
    written = Review.objects.create(
        line=line, product=shop.parts["product"], stars=5, text=f"Ulasan {shop.public}", name="S***",
        state="shown", decided_by=f"petugas {shop.secret}", created_at=make.NOW, reply=f"Balasan {shop.public}",
    )  # fmt: skip
    photo = ReviewPhoto(review=written, width=10, height=10)
    for name in ("name", "thumb"):
        _store(photo, name, shop)
    photo.save()
    figures.set_ratings([written.product_id])
    shop.parts["review"] = written


def _store(photo: ReviewPhoto, name: str, shop: Any) -> None:
    stored = f"{shop.cooperative.uid.hex}/reviews/{shop.public}-{name}.webp"
    setattr(photo, name, default_storage.save(stored, ContentFile(b"RIFF")))
