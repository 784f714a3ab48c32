"""Legal documents in the back office: handed in from a phone, looked at, demanded, and seen by nobody else."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from catalog.models import Document, Product
from catalog.passport import papers, standing
from catalog.passport.papers import Paper
from tests import make
from tests.browsing import Browser

Kind, State = Document.Kind, Document.State
PIRT = "2061171010123-49"
LAST = date(2049, 12, 31)


def photo(name: str = "izin.jpg") -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 400), "white").save(buffer, "JPEG")
    return SimpleUploadedFile(name, buffer.getvalue(), "image/jpeg")


def filled(**fields: object) -> dict[str, object]:
    usual = {"kind": "pirt", "product": "", "number": PIRT, "holder": "Ibu Rahma", "valid_until": "2049-12-31",
             "issued_date": "", "photo": photo()}  # fmt: skip
    return usual | fields


def handed_in(product: Product, *, accept: bool = False, **fields: object) -> Document:
    paper = Paper(**{"kind": "pirt", "number": PIRT, "holder": "Ibu Rahma", "valid_until": LAST,
                     "photo": photo().read(), **fields})  # fmt: skip
    return papers.hand_in(
        paper=paper, member=product.member, product=product, accept=accept, by="Ibu Rahma", now=timezone.now()
    )


@pytest.fixture
def product(seller):
    return make.product(title="Keripik Pisang", seller=seller)


@pytest.fixture
def member(seller):
    return Browser(user=seller.user)


@pytest.fixture
def officer(kopi):
    return Browser(user=make.officer(role="petugas"))


def path(name: str, *args: object) -> str:
    return reverse(f"backoffice:{name}", args=args)


def test_a_member_hands_in_a_document_with_its_photo(member, product):
    answer = member.post(path("own_document_new"), filled(product=product.pk))
    assert (answer.status_code, answer["Location"]) == (302, path("own_documents"))
    document = Document.objects.get()
    assert (document.kind, document.product, document.member, document.number) == ("pirt", product, None, PIRT)
    assert (document.state, document.valid_until) == (State.WAITING, LAST)
    page = member.get(path("own_documents")).text
    assert "menunggu diperiksa" in page
    picture = member.get(path("own_document_file", document.pk))
    assert picture["Content-Type"] == "image/webp"
    assert "no-store" in picture["Cache-Control"]
    assert "sandbox" in picture["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"number": "123"}, "misalnya 2061171010123-29"),
        ({"valid_until": ""}, "Tulis tanggal terakhirnya."),
        ({"valid_until": "besok"}, "Masukkan tanggal yang"),
        ({"photo": ""}, "Foto dokumennya"),
        ({"photo": SimpleUploadedFile("izin.jpg", b"<svg/>")}, "Ini berkas SVG."),
        ({"photo": photo("izin.php")}, "berakhiran"),
        ({"kind": "ijazah"}, "pilihan"),
        ({"product": "999999"}, "pilihan"),
        ({"kind": ""}, "tidak boleh kosong"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(member, product, wrong, told):
    answer = member.post(path("own_document_new"), filled(**wrong))
    assert answer.status_code == 422
    assert told in answer.text
    assert 'value="Ibu Rahma"' in answer.text
    assert not Document.objects.exists()


def test_a_member_cannot_touch_or_see_a_document_of_another(product):
    client = Browser(user=make.member(name="Sari", email="sari@kopi.example").user)
    document = handed_in(product)
    for name, method in (("own_document_file", client.get), ("own_document_take_back", client.post)):
        assert method(path(name, document.pk)).status_code == 404
    assert client.post(path("own_document_new"), filled(product=product.pk)).status_code == 422
    assert "Keripik Pisang" not in client.get(path("own_document_new")).text
    assert list(Document.objects.all()) == [document]


def test_a_member_takes_back_what_waits_and_not_what_is_accepted(member, product):
    waiting, kept = handed_in(product), handed_in(product, accept=True)
    for document in (waiting, kept):
        member.post(path("own_document_take_back", document.pk))
    assert list(Document.objects.all()) == [kept]


def test_a_member_reads_what_is_off_sale_and_hands_in_what_is_missing(member, product):
    standing.set_requirements(category_id=product.category_id, kinds=["pirt"], by="R", now=timezone.now())
    page = member.get(path("own_documents")).text
    link = f"{path('own_document_new')}?produk={product.pk}&amp;jenis=pirt"
    assert "kurang P-IRT" in page
    assert link in page
    form = member.get(link.replace("&amp;", "&")).text
    assert f'<option value="{product.pk}" selected>Keripik Pisang</option>' in form
    assert '<option value="pirt" selected>P-IRT</option>' in form


def test_not_halal_needs_neither_number_nor_photo(member, product):
    sent = {"kind": "not_halal", "product": product.pk}
    assert member.post(path("own_document_new"), sent).status_code == 302
    product.refresh_from_db()
    assert product.marks == ["not_halal"]


def test_an_officer_finds_it_looks_and_accepts(officer, product):
    standing.set_requirements(category_id=product.category_id, kinds=["pirt"], by="R", now=timezone.now())
    document = handed_in(product)
    assert PIRT in officer.get(path("documents")).text
    page = officer.get(path("document", document.pk)).text
    assert path("document_file", document.pk) in page
    assert officer.get(path("document_file", document.pk)).status_code == 200
    officer.post(path("document_accept", document.pk))
    product.refresh_from_db()
    document.refresh_from_db()
    assert (product.lacks, document.state, document.checked_by) == ("", State.ACCEPTED, "Petugas")
    again = officer.post(path("document_accept", document.pk), follow=True)
    assert "Sudah diputuskan" in again.text


def test_a_refusal_needs_a_reason_that_the_member_reads(member, officer, product):
    document = handed_in(product)
    assert officer.post(path("document_refuse", document.pk), {}).status_code == 422
    officer.post(path("document_refuse", document.pk), {"reason": "Fotonya kabur."})
    document.refresh_from_db()
    assert (document.state, document.reason) == (State.REFUSED, "Fotonya kabur.")
    assert "Fotonya kabur." in member.get(path("own_documents")).text


def test_an_officer_hands_in_for_a_member_and_it_counts(officer, product):
    assert "Ibu Rahma" in officer.get(path("document_new")).text
    to = f"{path('document_new')}?anggota={product.member_id}"
    assert officer.post(to, filled()).status_code == 302
    document = Document.objects.get()
    assert (document.member, document.product, document.state) == (product.member, None, State.ACCEPTED)
    product.refresh_from_db()
    assert product.marks == ["pirt"]


def test_what_a_category_demands_is_ticked_and_what_lacks_it_is_named(officer, product):
    page = officer.get(path("requirements")).text
    field = f"c{product.category_id}"
    assert f'name="{field}" value="pirt"' in page
    assert 'value="not_halal"' not in page
    answer = officer.post(path("requirements"), {field: ["pirt", "halal"]}, follow=True)
    assert "1 produk turun dari toko." in answer.text
    product.refresh_from_db()
    assert product.lacks == "pirt"
    assert "Keripik Pisang" in officer.get(f"{path('documents')}?lihat=kurang").text
    assert officer.post(path("requirements"), {field: ["not_halal"]}).status_code == 422
    product.refresh_from_db()
    assert product.lacks == "pirt"
    officer.post(path("requirements"), {})
    product.refresh_from_db()
    assert product.lacks == ""


@pytest.mark.parametrize("role", ["pengawas", "bendahara"])
def test_who_only_reads_changes_nothing(product, role):
    document = handed_in(product)
    client = Browser(user=make.officer(role=role))
    for name in ("documents", "requirements"):
        assert client.get(path(name)).status_code == 200
    shown = client.get(path("document", document.pk)).text
    assert path("document_accept", document.pk) not in shown
    for name, args in (("document_accept", [document.pk]), ("document_refuse", [document.pk]), ("requirements", [])):
        assert client.post(path(name, *args), {"reason": "x"}).status_code == 404
    document.refresh_from_db()
    assert document.state == State.WAITING


@pytest.mark.parametrize("tab", ["menunggu", "segera", "diterima", "ditolak", "kurang"])
def test_every_list_opens_also_when_it_is_empty(officer, tab):
    assert officer.get(f"{path('documents')}?lihat={tab}").status_code == 200
    assert officer.get(f"{path('documents')}?lihat=apa").status_code == 404


def test_what_ends_soon_is_listed_until_a_later_one_is_there(officer, product):
    today = standing.today(timezone.now())
    soon = handed_in(product, accept=True, kind="bpom", number="MD867031110021", valid_until=today)
    to = f"{path('documents')}?lihat=segera"
    assert soon.number in officer.get(to).text
    handed_in(product, accept=True, kind="bpom", number="MD867031110099", valid_until=LAST)
    assert soon.number not in officer.get(to).text


def test_the_lists_take_as_many_queries_for_many_documents(officer, product):
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            officer.get(path("documents"))
        return len(counted)

    handed_in(product)
    queries()
    first = queries()
    for number in range(5):
        handed_in(make.product(title=f"Kopi {number}", seller=make.member(name=f"Anggota {number}")))
    assert queries() == first


def test_the_page_of_a_product_has_its_documents_and_what_it_lacks(officer, product):
    standing.set_requirements(category_id=product.category_id, kinds=["pirt"], by="R", now=timezone.now())
    page = officer.get(path("product", product.pk)).text
    assert "Turun dari toko: kurang P-IRT." in page
    assert f"{path('document_new')}?anggota={product.member_id}&amp;produk={product.pk}&amp;jenis=pirt" in page
    document = handed_in(product, accept=True)
    page = officer.get(path("product", product.pk)).text
    assert path("document", document.pk) in page
    assert "Turun dari toko" not in page
