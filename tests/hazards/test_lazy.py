"""H6, H7, H8: what the ORM does later, it does where it was begun, or not at all."""

import copy
import pickle

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Sum, prefetch_related_objects

from accounts.models import User
from catalog.models import Category, Product, Variant
from members.models import Member
from orders.models import Order
from shipping.models import Rate
from tenants import sealing
from tenants.context import in_tenant, on_commit
from tenants.models import Cooperative
from tenants.sealing import CrossTenantError, TenantModel, TenantQuerySet
from tests import make

LATER = {
    "list": list,
    "len": len,
    "bool": bool,
    "first": lambda rows: rows.first(),
    "get": lambda rows: rows.get(),
    "index": lambda rows: rows[0],
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "aggregate": lambda rows: rows.aggregate(Count("pk")),
    "iterator": lambda rows: list(rows.iterator()),
    "values": lambda rows: list(rows.values("pk")),
    "values_list": lambda rows: list(rows.values_list("pk", flat=True)),
    "in_bulk": lambda rows: rows.in_bulk(),
    "update": lambda rows: rows.update(title="Milik orang lain"),
    "delete": lambda rows: rows.delete(),
    "raw delete": lambda rows: rows._raw_delete("default"),
    "create": lambda rows: rows.create(title="x", slug="x"),
    "get_or_create": lambda rows: rows.get_or_create(slug="x", defaults={"title": "x"}),
    "bulk_create": lambda rows: rows.bulk_create([Product(title="x", slug="x")]),
    "subquery": lambda rows: list(Member.objects.filter(products__in=rows)),
    "exists subquery": lambda rows: list(Member.objects.filter(Exists(rows.filter(member=OuterRef("pk"))))),
    "union": lambda rows: list(rows.union(rows)),
    "filter": lambda rows: list(rows.filter(pk__gt=0).order_by("pk")),
    "explain": lambda rows: rows.explain(),
    "lock": lambda rows: list(rows.select_for_update()),
}


@pytest.fixture
def both(kopi: Cooperative, batik: Cooperative) -> Cooperative:
    """One product in each. The test stands in the first; returned is the other."""
    for cooperative in (batik, kopi):
        with in_tenant(cooperative):
            make.product(title=f"Barang {cooperative.slug}")
    return batik


def titles(cooperative: Cooperative) -> list[str]:
    with in_tenant(cooperative):
        return list(Product.objects.values_list("title", flat=True))


@pytest.mark.parametrize("what", LATER)
def test_h06_a_query_begun_in_one_shop_is_not_run_in_another(what: str, both: Cooperative, kopi: Cooperative) -> None:
    rows = Product.objects.all()
    with in_tenant(both), pytest.raises(CrossTenantError), transaction.atomic():
        LATER[what](rows)
    assert (titles(kopi), titles(both)) == (["Barang kopi-gayo"], ["Barang batik-lasem"])


def test_h06_the_same_in_public(both: Cooperative) -> None:
    people = User.objects.all()
    connection.set_schema_to_public()
    with pytest.raises(CrossTenantError):
        list(people)


def test_h06_rows_that_were_read_are_not_shown_in_another_shop(both: Cooperative) -> None:
    rows = Product.objects.all()
    assert len(rows) == 1
    with in_tenant(both), pytest.raises(CrossTenantError):
        [row.title for row in rows]


def test_h06_an_iterator_stops_when_the_code_moves_on(both: Cooperative) -> None:
    make.product(title="Dua")
    rows = Product.objects.iterator()
    next(rows)
    with in_tenant(both), pytest.raises(CrossTenantError):
        next(rows)


def test_h06_at_home_the_same_query_is_read_any_number_of_times(both: Cooperative) -> None:
    rows = Product.objects.all()
    with in_tenant(both):
        assert Product.objects.count() == 1
    assert [row.title for row in rows] == ["Barang kopi-gayo"]
    assert Product.objects.aggregate(n=Sum("sold"))["n"] == 0


TOUCH = {
    "save": lambda product: product.save(),
    "save some": lambda product: product.save(update_fields=["title"]),
    "delete": lambda product: product.delete(),
    "refresh": lambda product: product.refresh_from_db(),
    "foreign key": lambda product: product.member,
    "reverse": lambda product: list(product.variants.all()),
    "reverse count": lambda product: product.variants.count(),
    "reverse create": lambda product: product.variants.create(sku="x", price=1, weight_g=1),
    "reverse one": lambda product: product.first_variant.stock,
    "deferred": lambda product: product.thin.title,
    "compare": lambda product: list(Variant.objects.filter(product=product)),
    "compare many": lambda product: list(Variant.objects.filter(product__in=[product])),
    "point at": lambda product: Product.objects.update(member=product.owner),
    "insert beside": lambda product: Product(title="x", slug="x", member=product.owner).save(),
    "bulk update": lambda product: Product.objects.bulk_update([product], ["title"]),
    "bulk create": lambda product: Product.objects.bulk_create([product]),
    "prefetch": lambda product: prefetch_related_objects([product], "variants"),
    "copied": lambda product: copy.deepcopy(product).save(),
    "pickled": lambda product: pickle.loads(pickle.dumps(product)).save(),  # noqa: S301 - our own
}


@pytest.mark.parametrize("what", TOUCH)
def test_h07_an_instance_of_one_shop_is_not_used_in_another(what: str, both: Cooperative, kopi: Cooperative) -> None:
    product = Product.objects.get()
    product.owner, product.first_variant = Member.objects.get(), product.variants.get()
    product.thin = Product.objects.only("pk").get()
    with in_tenant(both), pytest.raises(CrossTenantError), transaction.atomic():
        TOUCH[what](product)
    assert (titles(kopi), titles(both)) == (["Barang kopi-gayo"], ["Barang batik-lasem"])


def test_h07_what_is_made_in_one_shop_is_not_saved_in_another(both: Cooperative) -> None:
    made = Category(name="Baru", slug="baru")
    with in_tenant(both):
        with pytest.raises(CrossTenantError):
            made.save()
        assert not Category.objects.filter(slug="baru").exists()
    made.save()
    assert Category.objects.filter(slug="baru").exists()


def test_h07_a_row_on_which_nothing_hangs_is_not_deleted_in_another_shop(both: Cooperative) -> None:
    """Django deletes those without asking the database first."""
    mine = make.rate()
    with in_tenant(both):
        make.rate()
        with pytest.raises(CrossTenantError):
            mine.delete()
        assert Rate.objects.count() == 1


def test_h07_a_person_who_came_with_a_third_partys_row_is_stamped_too(both: Cooperative) -> None:
    """allauth's tables know no shop; the user that is read through them does."""
    emails = apps.get_model("account", "EmailAddress").objects
    user = User.objects.create_user("siapa@contoh.example")
    emails.create(user=user, email=user.email)
    through = emails.select_related("user").get().user
    with in_tenant(both), pytest.raises(CrossTenantError):
        through.save()


def test_h07_at_home_an_instance_lives_on_after_a_visit_elsewhere(both: Cooperative) -> None:
    product = Product.objects.get()
    with in_tenant(both):
        pass
    product.title = "Baru"
    product.save()
    assert titles(Cooperative.objects.get(slug="kopi-gayo")) == ["Baru"]
    assert product.member.products.get() == product


def test_h07_every_model_of_ours_in_a_shop_is_sealed() -> None:
    ours = {app for app in settings.TENANT_APPS if "." not in app}
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in ours]
    assert len(models) > 30
    assert [model._meta.label for model in models if not issubclass(model, TenantModel)] == []
    managers = [manager for model in models for manager in (*model._meta.managers, model._base_manager)]
    assert [m.model._meta.label for m in managers if not issubclass(m._queryset_class, TenantQuerySet)] == []


def test_h07_a_raw_query_is_not_to_be_had(kopi: Cooperative) -> None:
    with pytest.raises(NotImplementedError):
        Order.objects.raw("SELECT * FROM orders_order")


def test_h07_a_thousand_rows_are_stamped_without_asking_a_thousand_times(
    kopi: Cooperative, monkeypatch: pytest.MonkeyPatch
) -> None:
    Category.objects.bulk_create([Category(name=f"K {n}", slug=f"k-{n}") for n in range(1000)])
    asked = []

    class Asked:
        @property
        def schema_name(self) -> str:
            asked.append(1)
            return kopi.schema_name

    monkeypatch.setattr(sealing, "connection", Asked())
    rows = list(Category.objects.select_related("parent"))
    assert {row._state.schema for row in rows} == {kopi.schema_name}
    assert len(asked) < 10


def test_h08_what_happens_on_commit_happens_where_it_was_asked_for(own_cooperative: Cooperative) -> None:
    seen = []
    with transaction.atomic():
        with in_tenant(own_cooperative):
            on_commit(lambda: seen.append(connection.schema_name))
            transaction.on_commit(lambda: seen.append(f"Django: {connection.schema_name}"))  # noqa: TID251
        on_commit(lambda: seen.append(connection.schema_name))
    assert seen == [own_cooperative.schema_name, "Django: public", "public"]
    with in_tenant(own_cooperative), transaction.atomic():
        connection.set_schema_to_public()
        on_commit(lambda: seen.append(connection.schema_name))
        connection.set_tenant(own_cooperative)
    assert seen[3:] == ["public"]
    assert connection.schema_name == "public"
