"""The one door by which a product's content changes."""

from dataclasses import replace

import pytest

from catalog import content as contents
from catalog import photos, writing
from catalog.content import Choice, Content, Shown, Step
from catalog.models import Product, ProductEvent, Variant
from catalog.passport import standing
from inventory import opening
from inventory.models import Stock
from tenants.backup.tests.conftest import photo
from tests import make


@pytest.fixture
def rahma(kopi):
    return make.member(name="Ibu Rahma")


def listing(**fields):
    made = Content(
        title="Keripik Tempe",
        category=make.category("Camilan").pk,
        axis1="Ukuran",
        choices=(
            Choice(price=15_000, weight_g=250, option1="200 g", pieces=4, steps=(Step(from_quantity=5, price=14_000),)),
            Choice(price=35_000, weight_g=550, option1="500 g", pieces=0, member_price=33_000),
        ),
    )
    return replace(made, **fields)


def write(content, member, product=None):
    return writing.write_product(content=content, member=member, product=product, by="Rahma", now=make.NOW)


def refused(content, member, product=None):
    with pytest.raises(writing.Refused) as refusal:
        write(content, member, product)
    return [problem.field for problem in refusal.value.problems]


def test_a_new_product_comes_with_variants_skus_figures_and_history(rahma):
    product = opening.put_on_shelf(content=listing(), member=rahma, by="Rahma", now=make.NOW)
    assert (product.slug, product.state, product.member) == ("keripik-tempe", "live", rahma)
    rows = product.variants.order_by("position").values_list(
        "sku", "option1", "price", "member_price", "stock__on_hand"
    )
    assert list(rows) == [
        ("KERIPIK-TEMPE-200-G", "200 g", 15_000, None, 4),
        ("KERIPIK-TEMPE-500-G", "500 g", 35_000, 33_000, 0),
    ]
    product.refresh_from_db()
    assert (product.price_from, product.price_to, product.in_stock) == (15_000, 35_000, True)
    assert list(ProductEvent.objects.values_list("kind", "actor")) == [("created", "Rahma")]


def test_the_same_again_writes_nothing(rahma):
    product = write(listing(), rahma).product
    seen = contents.of(product)
    again = write(seen, rahma, product)
    assert (again.is_new, again.changed, again.opening) == (False, [], {})
    assert ProductEvent.objects.count() == 1


def test_a_change_is_told_with_before_and_after(rahma):
    product = write(listing(), rahma).product
    seen = contents.of(product)
    dearer = replace(seen, choices=(replace(seen.choices[0], price=16_000), seen.choices[1]))
    write(dearer, rahma, product)
    event = ProductEvent.objects.order_by("-pk")[0]
    assert event.kind == "changed"
    assert event.detail == {"changed": [{"field": "price", "choice": "200 g", "before": 15_000, "after": 16_000}]}
    product.refresh_from_db()
    assert product.price_from == 16_000


def test_a_choice_left_out_is_no_longer_sold_and_comes_back_as_itself(rahma):
    product = opening.put_on_shelf(content=listing(), member=rahma, by="Rahma", now=make.NOW)
    seen = contents.of(product)
    small, large = product.variants.order_by("position")
    write(replace(seen, choices=seen.choices[1:]), rahma, product)
    small.refresh_from_db()
    assert (small.is_active, small.stock.on_hand) == (False, 4)
    product.refresh_from_db()
    assert (product.price_from, product.in_stock) == (35_000, False)
    written = write(
        replace(seen, choices=(replace(seen.choices[0], variant=None, sku=""), seen.choices[1])), rahma, product
    )
    assert written.opening == {}
    assert [v.pk for v in product.variants.filter(is_active=True).order_by("position")] == [small.pk, large.pk]
    product.refresh_from_db()
    assert product.in_stock


def test_two_choices_swap_their_names(rahma):
    product = write(listing(), rahma).product
    seen = contents.of(product)
    first, second = seen.choices
    write(replace(seen, choices=(replace(first, option1="500 g"), replace(second, option1="200 g"))), rahma, product)
    named = {choice.variant: choice.option1 for choice in contents.of(product).choices}
    assert named == {first.variant: "500 g", second.variant: "200 g"}


def test_wholesale_steps_are_replaced(rahma):
    product = write(listing(), rahma).product
    seen = contents.of(product)
    steps = (Step(from_quantity=3, price=14_500), Step(from_quantity=10, price=12_000))
    write(replace(seen, choices=(replace(seen.choices[0], steps=steps), seen.choices[1])), rahma, product)
    assert contents.of(product).choices[0].steps == steps


def test_titles_of_one_member_and_skus_of_the_shop_are_given_once(rahma):
    product = write(listing(), rahma).product
    sku = product.variants.order_by("position")[0].sku
    other = make.member(name="Pak Budi")
    assert refused(listing(title="KERIPIK tempe "), rahma) == ["title"]
    assert refused(listing(title="Lain", choices=(Choice(price=1, weight_g=1, option1="x", sku=sku),)), rahma) == [
        "choices.0.sku"
    ]
    assert Product.objects.count() == 1 and Variant.objects.count() == 2
    assert write(listing(), other).product.slug == "keripik-tempe-2"


def test_photos_of_a_proposal_go_to_the_product_and_those_left_out_go_away(rahma, django_capture_on_commit_callbacks):
    product = write(listing(), rahma).product
    old = photos.attach(product=product, data=photo(), alt="lama", now=make.NOW)
    mine = contents.of(product)
    assert mine.pictures == (Shown(picture=old.pk, alt="lama"),)
    write(replace(mine, pictures=None), rahma, product)
    assert product.pictures.count() == 1
    name, storage = old.image.name, old.image.storage
    with django_capture_on_commit_callbacks(execute=True):
        write(replace(mine, pictures=()), rahma, product)
    assert product.pictures.count() == 0
    assert not storage.exists(name)


def test_a_picture_of_somebody_else_is_not_taken(rahma):
    theirs = make.product(title="Punya orang", seller=make.member(name="Pak Budi"))
    picture = photos.attach(product=theirs, data=photo(), alt="x", now=make.NOW)
    product = write(listing(pictures=(Shown(picture=picture.pk),)), rahma).product
    assert (product.pictures.count(), theirs.pictures.count()) == (0, 1)


def test_what_is_refused_leaves_nothing_behind(rahma):
    assert refused(listing(title="x"), rahma) == ["title"]
    assert (Product.objects.count(), Variant.objects.count(), Stock.objects.count()) == (0, 0, 0)
    assert ProductEvent.objects.count() == 0


def test_what_lacks_a_document_that_its_category_demands_is_written_but_not_on_sale(rahma):
    category = make.category("Makanan")
    standing.set_requirements(category_id=category.pk, kinds=["pirt"], by="Rosmaidar", now=make.NOW)
    product = write(listing(category=category.pk), rahma).product
    product.refresh_from_db()
    assert (product.lacks, Product.objects.on_sale().count()) == ("pirt", 0)
    moved = write(replace(contents.of(product), category=make.category("Kain").pk), rahma, product).product
    moved.refresh_from_db()
    assert (moved.lacks, Product.objects.on_sale().count()) == ("", 1)
