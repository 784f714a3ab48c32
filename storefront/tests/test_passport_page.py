"""What visitors see of a product's legal documents."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Document, Product
from catalog.passport import standing
from tests import make

pytestmark = pytest.mark.django_db


def document(product: Product, kind: str, number: str = "", **fields: object) -> Document:
    made = Document.objects.create(
        **{
            "kind": kind,
            "product": product,
            "number": number,
            "holder": "Ibu <b>Rahma</b>",
            "state": "accepted",
            **fields,
        }
    )
    standing.refresh([product.pk], by="Rina", now=make.NOW)
    return made


def test_kind_number_holder_and_last_day_are_shown_and_the_photo_is_not(visitor):
    product = make.product()
    document(product, "pirt", "2061171010123-29", valid_until=date(2029, 5, 1), file="x/private/documents/foto.webp")
    document(product, "halal", "ID11110000123450922")
    page = visitor.get(product.get_absolute_url()).text
    assert "<b>P-IRT</b> <span" in page
    assert "2061171010123-29" in page
    assert "<b>Halal</b>" in page
    assert "Berlaku sampai 1 Mei 2029." in page
    assert "Atas nama Ibu &lt;b&gt;Rahma&lt;/b&gt;." in page
    assert "private" not in page


def test_not_halal_is_said_without_a_check_mark_in_both_languages(visitor):
    product = make.product()
    document(product, "not_halal")
    page = visitor.get(product.get_absolute_url()).text
    assert 'class="paper-mark paper-mark-not"><span><b>Tidak halal</b>' in page
    assert "Dinyatakan oleh pembuatnya." in page


@pytest.mark.parametrize("state", ["waiting", "refused"])
def test_what_nobody_has_accepted_is_not_shown(visitor, state):
    product = make.product()
    document(product, "pirt", "2061171010123-29", state=state)
    page = visitor.get(product.get_absolute_url()).text
    assert "2061171010123-29" not in page
    assert "judul-dokumen" not in page


def test_a_product_that_lacks_a_document_is_not_there(visitor):
    product = make.product()
    standing.set_requirements(category_id=product.category_id, kinds=["pirt"], by="Rina", now=make.NOW)
    assert visitor.get(product.get_absolute_url()).status_code == 404
    assert product.title not in visitor.get("/").text


def test_documents_cost_one_query_and_none_where_there_are_none(visitor):
    bare, marked = make.product(title="Satu"), make.product(title="Dua", seller=make.member(name="Sari"))
    document(marked, "halal", "ID11110000123450922")
    document(marked, "bpom", "MD867031110021")

    def queries(product: Product) -> int:
        visitor.get(product.get_absolute_url())
        with CaptureQueriesContext(connection) as counted:
            visitor.get(f"{product.get_absolute_url()}?v={product.variants.get().pk}")
        return len([query for query in counted if "catalog_document" in query["sql"]])

    assert (queries(bare), queries(marked)) == (0, 1)
