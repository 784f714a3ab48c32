"""Words that find, words that are wrong, and what is found in their place."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog import facets, findable, finding, search, spelling, tasks, vocabulary
from catalog.models import Product, Word
from members import describing
from members.models import Member
from tenants.context import TenantExecutor
from tenants.models import Due
from tests import make

NOTHING = facets.Chosen()


def listed(title: str, **about: object) -> Product:
    product = make.product(title=title, **about)
    findable.set_extra([product.pk])
    return product


def found(query: str) -> list[str]:
    return [product.title for product in finding.look_for(query, NOTHING).best_first(NOTHING)]


def way(query: str) -> tuple[str, str]:
    what = finding.look_for(query, NOTHING)
    return what.way, what.said


def run(task, cooperative) -> None:
    task.apply(headers={"_schema_name": cooperative.schema_name}, throw=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kripik", "keripik"), ("cabai", "cabe"), ("sambal", "sambel"), ("hitam", "item"), ("tempe", "tempeh"),
        ("telur", "telor"), ("durian", "duren"), ("gethuk", "getuk"), ("soerabaja", "surabaja"), ("gram", "gr"),
        ("café", "cafe"),
    ],
)  # fmt: skip
def test_spellings_of_a_word_have_one_shape(one, other):
    assert spelling.shape(one) == spelling.shape(other)


@pytest.mark.parametrize(("one", "other"), [("teh", "te"), ("tahu", "tau"), ("kopi", "kupi"), ("rotan", "roti")])
def test_words_that_are_short_or_others_keep_theirs(one, other):
    assert spelling.shape(one) != spelling.shape(other)


def test_each_spelling_finds_the_other(kopi):
    listed("Kripik Tempe")
    listed("Keripik Singkong")
    for query in ("kripik", "keripik", "kripi", "KERIPIK!"):
        assert set(found(query)) == {"Kripik Tempe", "Keripik Singkong"}


def test_words_between_signs_and_numbers_with_units_are_found(kopi):
    listed("Teh Hijau/Melati 250gr")
    for query in ("melati", "hijau 250 gram", "teh 250g"):
        assert found(query) == ["Teh Hijau/Melati 250gr"]


def test_a_product_is_found_by_its_category_maker_place_sku_choice_and_mark(kopi):
    seller = make.member(name="Rosna Wati")
    Member.objects.filter(pk=seller.pk).update(village="Koto Tinggi", origin_code="13.76")
    part = make.category("Sambal Kering", parent=make.category("Lauk"))
    listed("Barang", seller=seller, in_category=part, sku="RDG-77", options=("Pedas",), marks=["halal", "not_halal"])
    for query in ("lauk", "sambal kering", "rosna", "koto tinggi", "payakumbuh", "rdg-77", "pedas", "halal"):
        assert found(query) == ["Barang"], query
    assert found("tidak") == []


def test_a_variant_that_is_no_longer_sold_finds_nothing(kopi):
    product = listed("Barang", options=("Merah", "Biru"))
    make.change(product.variants.get(option1="Biru"), is_active=False)
    findable.set_extra([product.pk])
    assert (found("merah"), found("biru")) == (["Barang"], [])


def test_extra_words_are_written_only_where_they_changed(kopi):
    product = make.product(title="Barang")
    assert findable.set_extra([product.pk]) == 1
    assert findable.set_extra([product.pk]) == 0


def test_a_member_who_moved_is_found_at_the_new_place(kopi, now):
    seller = make.member(name="Rosna")
    listed("Barang", seller=seller)
    describing.describe(member_id=seller.pk, village="Solok", origin_code="", story="", story_en="", now=now)
    assert Due.objects.filter(kind="extra_words").count() == 1
    run(tasks.write_extra_words, kopi)
    assert (found("solok"), found("bebesen")) == (["Barang"], [])
    assert [row.kind for row in Due.objects.filter(kind__in=["extra_words", "vocabulary"])] == ["vocabulary"]


def test_little_words_are_not_asked_for_but_alone_they_are(kopi):
    listed("Kain Kemeja")
    assert found("kain untuk kemeja") == ["Kain Kemeja"]
    assert search.words_of("untuk") == [("untuk",)]
    assert found("untuk") == []


def test_what_is_sold_out_stands_behind_its_like(kopi):
    listed("Madu Hutan", on_hand=0, sold=50)
    listed("Madu Kebun")
    assert found("madu") == ["Madu Kebun", "Madu Hutan"]


def test_only_so_many_words_are_read(kopi):
    listed("Satu Dua Tiga Empat Lima Enam Tujuh Delapan")
    assert found("satu dua tiga empat lima enam tujuh delapan xxxx") == ["Satu Dua Tiga Empat Lima Enam Tujuh Delapan"]


def test_stems_are_right_in_threads(kopi):
    """The stemmer remembers its word: two threads with one would mix them up."""
    wrong = []

    def stem(word: str, changes: bool) -> None:
        for _ in range(200):
            search._stemmed_in.cache_clear()
            if ("indonesian" in search._stemmed_in(word)) != changes:
                wrong.append(word)

    with TenantExecutor(4) as threads:
        for word, changes in (("menganyam", True), ("kopi", False)) * 2:
            threads.submit(stem, word, changes)
    assert wrong == []


@pytest.fixture
def words(kopi):
    listed("Keripik Singkong", sold=9)
    listed("Batik Tulis")
    listed("Batik Cap")
    listed("Gula Aren")
    listed("Rendang")
    vocabulary.count_words()


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("keripk", "keripik"), ("batk tulis", "batik tulis"), ("rednang", "rendang"), ("btk", "batik"),
        ("batiktulis", "batik tulis"), ("ren dang", "rendang"), ("gla aren", "gula aren"),
        ("tulis btaik", "tulis batik"),
    ],
)  # fmt: skip
def test_a_typing_error_is_mended_from_the_shops_own_words(words, query, meant):
    assert way(query) == ("meant", meant)


@pytest.mark.parametrize("query", ["xyz", "q", "12345", "teh", "sepeda motor", "ab cd", "1 2"])
def test_what_is_like_nothing_is_not_mended(words, query):
    assert way(query)[0] == "none"


def test_what_was_written_still_counts_beside_what_was_meant(words):
    Product.objects.filter(title="Gula Aren").update(description="reda batuk")  # a word of no title, but like one
    assert way("gula batuk aern") == ("meant", "gula batik aren")
    assert found("gula batuk aern") == ["Gula Aren"]


def test_some_of_the_words_are_better_than_none(words):
    assert way("batik pesawat")[0] == "some"
    assert set(found("batik pesawat")) == {"Batik Tulis", "Batik Cap"}
    assert found("cap batik pesawat")[0] == "Batik Cap"


def test_of_two_words_as_near_the_commoner_is_meant(kopi):
    for title in ("Batu Satu", "Bata Dua", "Bata Tiga"):
        listed(title)
    vocabulary.count_words()
    assert way("batx dua") == ("meant", "bata dua")
    Product.objects.filter(title="Bata Tiga").update(title="Batu Tiga")
    Product.objects.filter(title="Batu Tiga").update(title_en="Batu Empat")
    vocabulary.count_words()
    assert way("batx tiga") == ("meant", "batu tiga")


def test_words_are_counted_by_products_on_sale(kopi):
    listed("Madu Madu Hutan 100g")
    listed("Madu Kebun", title_en="Garden Honey")
    listed("Madu Rahasia", state=Product.State.PAUSED)
    Word.objects.create(text="dahulu", products=3)
    vocabulary.count_words()
    counted = dict(Word.objects.values_list("text", "products"))
    assert (counted["madu"], counted["hutan"], counted["honey"]) == (2, 1, 1)
    assert not {"rahasia", "dahulu", "100g", "100"} & counted.keys()
    assert vocabulary.count_words() == 0


def test_a_changed_shelf_is_counted_again_once_and_later(kopi, now):
    for seconds in (0, 10, 20):
        vocabulary.outdated(now=now + timedelta(seconds=seconds))
    (note,) = Due.objects.filter(kind="vocabulary")
    assert note.at == now + vocabulary.WAIT
    listed("Madu Hutan")
    note.at = timezone.now()
    note.save()
    run(tasks.count_words, kopi)
    assert Word.objects.filter(text="madu").exists()
    assert not Due.objects.filter(kind="vocabulary").exists()


def test_counting_asks_for_no_more_than_four_queries(words, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        assert finding.look_for("sepeda pesawat", NOTHING).way == "none"
    with django_assert_max_num_queries(1):
        assert finding.look_for("batik", NOTHING).way == "all"
