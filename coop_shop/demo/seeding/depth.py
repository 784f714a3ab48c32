"""What goes beyond a file of products: English texts, wholesale and member prices, what is made to order or sold
beforehand, documents, reviews, listings that wait for approval, opening hours. Stands in the cooperative's schema."""

import io
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from catalog import content as contents
from catalog import proposing, writing
from catalog.content import Choice, Content, Step
from catalog.models import Category, Document, Product, Proposal
from catalog.passport import papers
from coop_shop.demo.seeding.data import Data
from inventory import approving
from members.models import Member, Officer
from orders.models import Order, OrderState
from reviews import moderating
from reviews import writing as reviewing
from tenants import describing
from tenants.context import current_cooperative

CONTENT = re.compile(r"(\d+) ?(g|kg|ml)\b")
PROPOSALS = uuid.UUID("5e3d6a4e-0c7e-4c0a-9a53-2f1f0d3c8b11")  # the keys of the demo's proposals come from it


def deepen(data: Data, *, now: datetime) -> None:
    """Everything in data/<slug>/depth.json. Done again, it changes nothing."""
    depth = data.depth
    officer = str(Officer.objects.filter(role=Officer.Role.PENGURUS).earliest("pk").user)
    latitude, longitude = depth["position"]
    describing.describe(
        cooperative_id=current_cooperative().pk,
        hours="",  # the week says it better
        week=depth["week"],
        latitude=latitude,
        longitude=longitude,
    )
    Member.objects.filter(origin_code="").update(origin_code=depth["origin"])
    for name, english in depth["categories"].items():
        Category.objects.filter(name=name).update(name_en=english)
    for product in Product.objects.order_by("pk"):
        about = depth["products"].get(product.title, {})
        writing.write_product(
            content=_deeper(contents.of(product), about, depth["origin"], now),
            member=product.member,
            product=product,
            by=officer,
            now=now,
        )
    for row in depth["documents"]:
        _hand_in(row, officer, now)
    _review(depth["reviews"], officer, now)
    _propose(depth["proposals"], now)


def _deeper(content: Content, about: Mapping[str, Any], origin: str, now: datetime) -> Content:
    days, capacity = about.get("made", (0, None))
    preorder = now.date() + timedelta(days=about["preorder_days"]) if "preorder_days" in about else None
    choices = tuple(_choice(choice, content.title, about) for choice in content.choices)
    return replace(
        content,
        title_en=about.get("title_en", content.title_en),
        description_en=about.get("description_en", content.description_en),
        origin_code=content.origin_code or origin,
        content_unit=_unit(content),
        choices=choices,
        min_per_order=about.get("min", content.min_per_order),
        max_per_order=about.get("max", content.max_per_order),
        made_to_order=bool(days),
        lead_days=days,
        daily_capacity=capacity,
        preorder_date=content.preorder_date or preorder,
    )


def _choice(choice: Choice, title: str, about: Mapping[str, Any]) -> Choice:
    steps = tuple(
        Step(from_quantity=quantity, price=_round(choice.price * share)) for quantity, share in about.get("steps", ())
    )
    member = _round(choice.price * about["member"]) if "member" in about else choice.member_price
    found = CONTENT.search(choice.option1) or CONTENT.search(title)
    amount = int(found[1]) * (1000 if found[2] == "kg" else 1) if found else None
    return replace(choice, steps=steps, member_price=member, content_amount=amount)


def _unit(content: Content) -> str:
    found = CONTENT.search(content.choices[0].option1) or CONTENT.search(content.title)
    return {"g": "g", "kg": "g", "ml": "ml"}[found[2]] if found else ""


def _round(amount: float) -> int:
    """To whole 500 rupiah, as people write prices."""
    return round(amount / 500) * 500


def _hand_in(row: Mapping[str, Any], officer: str, now: datetime) -> None:
    """An officer has looked at it already. The last two digits of a P-IRT number are the year in which it ends."""
    product = Product.objects.get(title=row["product"]) if "product" in row else None
    member = product.member if product else Member.objects.get(number=row["member"])
    if Document.objects.filter(kind=row["kind"], product=product, member=None if product else member).exists():
        return
    ends = (now + timedelta(days=row["days"])).date() if row["days"] else None
    number = f"{row['number']}-{ends:%y}" if row["kind"] == Document.Kind.PIRT and ends else row["number"]
    holder = member.name if row["holder"] == member.number else row["holder"]
    paper = papers.Paper(
        kind=row["kind"], number=number, holder=holder, valid_until=ends, photo=_drawn(number, holder), name="surat.png"
    )
    papers.hand_in(paper=paper, member=member, product=product, accept=True, by=officer, now=now)


def _drawn(number: str, holder: str) -> bytes:
    """A sheet of paper that says so."""
    sheet = Image.new("RGB", (900, 600), "ivory")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((30, 30, 870, 570), outline="darkgreen", width=6)
    for place, line in enumerate(("CONTOH", number, holder)):
        pen.text((90, 120 + 130 * place), line, fill="black", font=ImageFont.load_default(52))
    with io.BytesIO() as buffer:
        sheet.save(buffer, "PNG")
        return buffer.getvalue()


def _review(rows: list[list[Any]], officer: str, now: datetime) -> None:
    """The first bought lines that have arrived, one review each; the last one still waits for an officer."""
    lines = list(_arrived())
    for index, ((stars, text, reply), line_id) in enumerate(zip(rows, lines, strict=False)):
        try:
            review = reviewing.write_review(line_id=line_id, stars=stars, text=text, language="id", now=now)
        except reviewing.CannotReview:
            continue  # decided the last time
        if index < len(rows) - 1:
            moderating.show(seen={review.pk: review.created_at}, by=officer, now=now)
        if reply:
            moderating.reply(review_id=review.pk, text=reply, by=officer, now=now)


def _arrived() -> Iterator[int]:
    for order in Order.objects.filter(channel=Order.SHOP, state=OrderState.COMPLETED).order_by("pk"):
        yield from order.lines.filter(variant__isnull=False).order_by("pk").values_list("pk", flat=True)[:1]


def _propose(rows: Mapping[str, Mapping[str, Any]], now: datetime) -> None:
    change, new = rows["change"], rows["new"]
    member = Member.objects.get(number=change["member"])
    product = Product.objects.get(title=change["title"])
    _submit(member, product, replace(contents.of(product), description=change["description"]), now)
    member = Member.objects.get(number=new["member"])
    top, below = new["category"].split(" > ")
    listing = Content(
        title=new["title"],
        description=new["description"],
        category=Category.objects.get(name=below, parent__name=top).pk,
        choices=(Choice(price=new["price"], weight_g=new["weight_g"], pieces=new["pieces"]),),
        pictures=(),
    )
    _submit(member, None, listing, now)


def _submit(member: Member, product: Product | None, content: Content, now: datetime) -> None:
    key = uuid.uuid5(PROPOSALS, f"{member.number}:{content.title}")
    if Proposal.objects.filter(key=key).exists():
        return
    proposal = proposing.save_draft(
        key=key, member=member, content=contents.as_json(content), version=1, product=product, by=member.name, now=now
    )
    approving.submit(proposal_id=proposal.pk, by=member.name, now=now)
