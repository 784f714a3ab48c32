"""Pages of text: standard ones that speak for every shop, and those that officers write."""

import re

import pytest

from pages import writing
from pages.models import Page
from tenants.models import Cooperative

pytestmark = pytest.mark.django_db
ABOUT = {"story_id": "Sepuluh keluarga.", "story_en": "Ten families by the lake.", "address": "Jl. Kopi 1",
         "email": "halo@kopi.example", "whatsapp": "+6281200000102", "legal_number": "AHU-1"}  # fmt: skip


@pytest.fixture
def shop(kopi):
    Cooperative.objects.filter(pk=kopi.pk).update(**ABOUT)
    kopi.refresh_from_db()
    return kopi


def read(slug, shop, language="id"):
    return writing.read(slug, cooperative=shop, language=language)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("slug", writing.STANDARD)
def test_every_shop_has_a_text_of_each_page_in_both_languages(shop, slug, language):
    page = read(slug, shop, language)
    assert (page.language, page.is_default) == (language, True)
    assert len(page.body) > 500
    assert "$" not in page.title + page.body
    for said in ("halo@kopi.example", "+6281200000102", "AHU-1", shop.name):
        assert said in page.body
    assert page.title != read(slug, shop, "en" if language == "id" else "id").title


def test_a_cooperative_that_says_nothing_yet_has_pages_too(kopi):
    for slug in writing.STANDARD:
        assert "None" not in read(slug, kopi).body


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_privacy_page_names_what_the_law_asks_for(shop, language):
    body = read("privasi", shop, language).body
    assert "27" in body
    assert "2022" in body
    assert re.search(r"3 × 24", body)
    rights = ["salinan", "memperbaiki", "dihapus", "menarik persetujuan", "ganti rugi"]
    rights_english = ["copy", "corrected", "erased", "withdraw consent", "damages"]
    for right in rights if language == "id" else rights_english:
        assert right in body


def test_officers_words_take_the_place_of_the_standard_ones(shop):
    writing.write("tentang", title_id="Siapa kami", body_id="Kami petani.")
    page = read("tentang", shop)
    assert (page.title, page.body, page.is_default) == ("Siapa kami", "Kami petani.", False)
    assert read("privasi", shop).is_default


def test_where_english_is_missing_indonesian_is_shown_and_said_to_be(shop):
    writing.write("tentang", title_id="Siapa kami", body_id="Kami petani.", title_en="Who we are")
    assert (read("tentang", shop, "en").title, read("tentang", shop, "en").language) == ("Siapa kami", "id")
    writing.write("tentang", title_id="Siapa kami", body_id="Kami petani.", title_en="Who", body_en="Farmers.")
    assert (read("tentang", shop, "en").body, read("tentang", shop, "en").language) == ("Farmers.", "en")


def test_a_standard_page_cannot_be_hidden_and_comes_back_when_it_is_removed(shop):
    writing.write("privasi", title_id="Privasi", body_id="Pendek.", is_shown=False)
    assert read("privasi", shop).body == "Pendek."
    Page.objects.update(is_shown=False)  # as a copy from elsewhere could bring it
    assert read("privasi", shop).body == "Pendek."
    writing.remove("privasi")
    assert read("privasi", shop).is_default


def test_a_new_page_is_hidden_until_it_is_written(shop):
    page = writing.add(title="Harga & ongkir grosir")
    assert page.slug == "harga-ongkir-grosir"
    assert read(page.slug, shop) is None
    assert page.slug not in [shown.slug for shown in writing.shown(cooperative=shop, language="id")]
    writing.write(page.slug, title_id="Grosir", body_id="Mulai 10 kg.")
    assert read(page.slug, shop).body == "Mulai 10 kg."
    assert [shown.slug for shown in writing.shown(cooperative=shop, language="id")] == [*writing.STANDARD, page.slug]


def test_two_pages_of_one_title_have_two_addresses_and_none_takes_a_standard_one(shop):
    assert [writing.add(title="Kontak").slug for _time in range(2)] == ["kontak", "kontak-2"]
    assert writing.add(title="Privasi").slug == "privasi-2"


@pytest.mark.parametrize("title", ["", "   ", "!!!", "📦"])
def test_a_title_of_nothing_is_refused(shop, title):
    with pytest.raises(writing.Untitled):
        writing.add(title=title)
    assert Page.objects.count() == 0


def test_there_is_an_end_to_pages(shop):
    for number in range(writing.MOST_PAGES):
        writing.add(title=f"Halaman {number}")
    with pytest.raises(writing.TooMany):
        writing.add(title="Satu lagi")
    assert Page.objects.count() == writing.MOST_PAGES


def test_a_page_that_nobody_added_is_none_and_cannot_be_written(shop):
    assert read("apa-saja", shop) is None
    with pytest.raises(Page.DoesNotExist):
        writing.write("apa-saja", title_id="x", body_id="y")
    assert Page.objects.count() == 0


def test_a_story_with_signs_of_a_template_is_only_text(kopi):
    Cooperative.objects.filter(pk=kopi.pk).update(story_id="Rp $name ${contact} $5")
    kopi.refresh_from_db()
    assert read("tentang", kopi).body.startswith("Rp $name ${contact} $5")
