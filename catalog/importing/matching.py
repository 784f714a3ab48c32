"""What a file wants beside what the shop has: which products are new, which change, which stay as they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Prefetch
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from catalog import categories
from catalog import content as contents
from catalog.content import Choice, Content
from catalog.content.checking import MOST_PICTURES
from catalog.importing.judging import SAID_AS, Judge, Trouble, Wanted, WantedChoice, Wish
from catalog.models import Category, Picture, PriceStep, Product, Variant, WantedPicture

NEW, CHANGED, UNCHANGED, WRONG = "new", "changed", "unchanged", "wrong"
TO_BE_MADE = 0  # stands for a category that the file names and the shop has not
COLUMN_OF = {content: template for template, content in SAID_AS.items()}


@dataclass(kw_only=True)
class Plan:
    """What is to be done for one product. `content` is what it says afterwards, as far as it can be taken."""

    wanted: Wanted
    product: Product | None = None
    before: Content | None = None
    content: Content | None = None
    state: str = ""  # that it gets; empty: it keeps its own
    category: tuple[str, ...] = ()  # that has to be made
    wishes: list[Wish] = field(default_factory=list)  # that are new
    again: list[int] = field(default_factory=list)  # wishes that failed before, by pk
    pictures: dict[str, list[str]] = field(default_factory=dict)  # address -> SKUs of the choices that show it
    troubles: list[Trouble] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        if self.content is None:
            return WRONG
        if self.product is None:
            return NEW
        return CHANGED if self.content != self.before or self.state or self.wishes else UNCHANGED


class Categories:
    """All categories of the shop, by their path."""

    def __init__(self) -> None:
        self.reload()

    def reload(self) -> None:
        rows = {row.pk: row for row in Category.objects.all()}
        self.by_path: dict[tuple[str, ...], int] = {}
        for row in rows.values():
            path, above = [row.name.casefold()], row.parent_id
            while above is not None:
                path.insert(0, rows[above].name.casefold())
                above = rows[above].parent_id
            self.by_path[tuple(path)] = row.pk
        self.known = {*rows, TO_BE_MADE}

    def find(self, path: Sequence[str]) -> int | None:
        return self.by_path.get(tuple(part.casefold() for part in path))

    def make(self, path: Sequence[str]) -> int:
        """The category at `path`, with those above it."""
        found = self.find(path)
        if found is None:
            found = categories.at(path).pk
            self.reload()
        return found


def match(wanted: Iterable[Wanted], *, judge: Judge, known: Categories, lock: bool) -> list[Plan]:
    """A plan for each, all looked up together: seven queries, however many there are. With `lock` the products stay as
    they are found until the transaction ends."""
    found = list(wanted)
    shop = _Shop(found, lock=lock)
    plans = []
    for one in found:
        plan = _Matching(shop=shop, judge=judge, known=known, plan=Plan(wanted=one)).plan_it()
        plans.append(plan)
    return plans


class _Shop:
    """The products that these rows may mean, with all that is compared."""

    def __init__(self, wanted: Sequence[Wanted], *, lock: bool) -> None:
        skus = {choice.said["sku"] for one in wanted for choice in one.choices}
        self.owner_of_sku = dict(Variant.objects.filter(sku__in=skus).values_list("sku", "product_id"))
        titles = {(one.member, one.said["title"].lower()) for one in wanted}
        same = (
            Product.objects.filter(member__in={member for member, _title in titles})
            .annotate(lower=Lower("title"))
            .filter(lower__in={title for _member, title in titles})
        )
        rows = same.values_list("member_id", "lower", "pk")
        self.by_title = {(member, lower): pk for member, lower, pk in rows if (member, lower) in titles}
        keys = {*self.owner_of_sku.values(), *self.by_title.values()}
        if lock:
            list(Product.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk", flat=True))
        steps = Prefetch("steps", PriceStep.objects.order_by("from_quantity"))
        variants = Variant.objects.order_by("position", "pk").prefetch_related(steps)
        products = Product.objects.filter(pk__in=keys).defer("search", "words")
        self.products = {
            product.pk: product
            for product in products.prefetch_related(
                Prefetch("variants", variants, to_attr="all_variants"),
                Prefetch("pictures", Picture.objects.order_by("position", "pk"), to_attr="all_pictures"),
                Prefetch("wanted_pictures", WantedPicture.objects.order_by("pk"), to_attr="all_wishes"),
            )
        }


@dataclass(kw_only=True)
class _Matching:
    shop: _Shop
    judge: Judge
    known: Categories
    plan: Plan

    def plan_it(self) -> Plan:
        wanted, plan = self.plan.wanted, self.plan
        plan.product = self._product(wanted)
        reason = self._why_not(wanted, plan.product)
        if reason:
            self._refuse_all(*reason)
            return plan
        product: Any = plan.product  # with what _Shop read along
        if product is not None:
            active = [variant for variant in product.all_variants if variant.is_active]
            plan.before = contents.content_of(product, active, product.all_pictures)
            if wanted.state and wanted.state != product.state:
                plan.state = wanted.state
        else:
            plan.state = wanted.state or Product.State.LIVE
        choices = [choice for choice in wanted.choices if self._is_free(choice)]
        self._settle(choices)
        if plan.content is not None:
            self._wish(choices)
        return plan

    def _product(self, wanted: Wanted) -> Product | None:
        known = (self.shop.owner_of_sku.get(choice.said["sku"]) for choice in wanted.choices)
        pk = next((pk for pk in known if pk), None) or self.shop.by_title.get(self._title(wanted))
        return self.shop.products[pk] if pk else None

    def _title(self, wanted: Wanted) -> tuple[int, str]:
        return wanted.member, wanted.said["title"].lower()

    def _why_not(self, wanted: Wanted, product: Product | None) -> tuple[str, str] | None:
        if product is not None and product.member_id != wanted.member:
            return "seller", _("Produk dengan SKU ini milik anggota lain.")
        same = self.shop.by_title.get(self._title(wanted))
        if product is not None and same not in (None, product.pk):
            return "title", _("Anggota ini sudah punya produk lain dengan nama yang sama.")
        if product is None and not (wanted.category or wanted.usual_category):
            return "category", _("Tulis kategori seperti “Kopi” atau “Kopi > Bubuk”.")
        return None

    def _is_free(self, choice: WantedChoice) -> bool:
        """Whether its SKU and its options are not another one's."""
        product = self.plan.product
        owner = self.shop.owner_of_sku.get(choice.said["sku"])
        if product is None or owner == product.pk:
            return True
        if owner is not None:
            self._say(choice, "sku", _("SKU ini milik produk lain di toko."))
            return False
        twin = self._same_options(choice)
        if twin is None:
            return True
        if choice.made_sku:
            choice.said["sku"] = twin.sku
            return True
        self._say(choice, "sku", _("Nama atau pilihan ini sudah dipakai SKU lain di toko."))
        return False

    def _same_options(self, choice: WantedChoice) -> Variant | None:
        options = tuple(choice.said.get(name, "").casefold() for name in ("option1", "option2"))
        product: Any = self.plan.product
        variants: Iterable[Variant] = product.all_variants if product else ()
        return next((v for v in variants if (v.option1.casefold(), v.option2.casefold()) == options), None)

    def _settle(self, choices: list[WantedChoice]) -> None:
        """The content with as many of the choices as can be sold: what is wrong with one row does not keep the others
        out."""
        while choices:
            content, rows = self._content(choices)
            found = contents.problems(content, categories=self.known.known)
            if not found:
                self.plan.content = content
                return
            bad: dict[int, tuple[str, str]] = {}
            for problem in found:
                _choices, _dot, rest = problem.field.partition("choices.")
                at, _dot, name = rest.partition(".")
                if not at or rows[int(at)] is None:
                    self._refuse_all(problem.field.split(".")[0], problem.message)
                    return
                bad.setdefault(int(at), (name, problem.message))
            dropped = set()
            for index, (name, message) in bad.items():
                choice = rows[index]
                assert choice is not None
                self._say(choice, name, message)
                dropped.add(id(choice))
            choices[:] = [choice for choice in choices if id(choice) not in dropped]

    def _content(self, choices: Sequence[WantedChoice]) -> tuple[Content, list[WantedChoice | None]]:
        """What the product will say, and from which row each of its choices comes."""
        wanted, before = self.plan.wanted, self.plan.before
        product: Any = self.plan.product
        said: dict[str, Any] = dict(wanted.said)
        for name, raw in wanted.raw.items():
            if before is not None and _lines(raw) == _lines(getattr(before, name)):
                said[name] = getattr(before, name)  # however it is written in the shop
        category = self._category(before)
        every = contents.content_of(product, product.all_variants, ()).choices if product else ()
        of_sku = {choice.sku: choice for choice in every}
        found: list[Choice] = list(before.choices) if before else []
        rows: list[WantedChoice | None] = [None] * len(found)
        place = {choice.variant: at for at, choice in enumerate(found)}
        for choice in choices:
            known = of_sku.get(choice.said["sku"])
            if known is None:
                found.append(Choice(**{"weight_g": 0, **choice.said}))
                rows.append(choice)
                continue
            told = {name: value for name, value in choice.said.items() if name not in choice.only_new | {"pieces"}}
            if known.variant in place:
                found[place[known.variant]] = replace(known, **told)
                rows[place[known.variant]] = choice
            else:  # it was not sold any more
                found.append(replace(known, **told))
                rows.append(choice)
        if before is not None:
            return replace(before, **said, category=category, choices=tuple(found)), rows
        return Content(**said, category=category, choices=tuple(found)), rows

    def _category(self, before: Content | None) -> int | None:
        path = self.plan.wanted.category or (() if before else self.plan.wanted.usual_category)
        if not path:
            return before.category if before else None
        found = self.known.find(path)
        self.plan.category = () if found else path
        return found or TO_BE_MADE

    def _wish(self, choices: Sequence[WantedChoice]) -> None:
        product: Any = self.plan.product
        before = {wish.address: wish for wish in product.all_wishes} if product else {}
        own = {picture.image.name.rpartition("/")[2] for picture in product.all_pictures} if product else set()
        room = MOST_PICTURES - len(own) - sum(wish.done_at is None for wish in before.values())
        for wish in self._wishes(choices):
            known = before.get(wish.address)
            if known is not None:
                self.plan.again += [known.pk] if known.done_at and known.error and self._is_there(wish) else []
            elif wish.address.rpartition("/")[2] in own:  # a photo of this product, by its address in our shop
                continue
            elif not self._is_there(wish):
                told = _("Foto “%(name)s” tidak ditemukan.") % {"name": wish.address[:80]}
                self._tell(wish.row, "pictures", wish.address, told, is_note=True)
            elif len(self.plan.wishes) < room:
                self.plan.wishes.append(wish)
            else:
                told = _("Paling banyak %(n)d foto per produk.") % {"n": MOST_PICTURES}
                self._tell(wish.row, "pictures", wish.address, told, is_note=True)

    def _is_there(self, wish: Wish) -> bool:
        is_address = wish.address.lower().startswith(("http://", "https://"))
        return is_address or self.judge.has_picture(wish.address)

    def _wishes(self, choices: Sequence[WantedChoice]) -> list[Wish]:
        """Those of the product, then those of its choices, each once."""
        found = {wish.address: wish for wish in self.plan.wanted.wishes}
        for choice in choices:
            if choice.picture:
                self.plan.pictures.setdefault(choice.picture, []).append(choice.said["sku"])
                found.setdefault(choice.picture, Wish(address=choice.picture, row=choice.row.number))
        return list(found.values())

    def _refuse_all(self, name: str, reason: str) -> None:
        """Rows that were refused already have their own reason."""
        for choice in self.plan.wanted.choices:
            if choice.row.number not in {trouble.row for trouble in self.plan.troubles}:
                self._say(choice, name, reason)

    def _say(self, choice: WantedChoice, name: str, reason: str) -> None:
        template = COLUMN_OF.get(name, name)
        self._tell(choice.row.number, template, choice.row[template], reason, sheet=choice.row.sheet)

    def _tell(self, row: int, name: str, value: str, reason: str, *, sheet: str = "", is_note: bool = False) -> None:
        label = self.judge.about.label(name)
        column = f"{sheet}: {label}" if self.judge.about.sheets and sheet else label
        title = self.plan.wanted.said["title"][:120]
        self.plan.troubles.append(
            Trouble(row=row, column=column[:80], value=value[:120], reason=reason[:300], title=title, is_note=is_note)
        )


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
