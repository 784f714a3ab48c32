"""Visitors ask without WhatsApp, officers answer."""

import re
import uuid

import pytest
from django.core.cache import caches

from notifications.models import Message
from questions import asking
from questions.models import Post, Question
from tests import make
from tests.browsing import Browser


@pytest.fixture
def product(kopi):
    return make.product(title="Kopi Gayo")


@pytest.fixture(autouse=True)
def nobody_counted_yet(kopi):
    caches["default"].clear()


def ask(**said):
    asked = {
        "key": uuid.uuid4(), "product": None, "name": "Siti", "email": "siti@pembeli.example",
        "text": "Masih segar?", "language": "id", "now": make.NOW,
    }  # fmt: skip
    return asking.ask(**{**asked, **said})


def form(**said):
    return {"key": str(uuid.uuid4()), "name": "Siti", "email": "siti@pembeli.example", "text": "Masih segar?", **said}


def test_officers_who_may_answer_are_told_and_the_others_are_not(product):
    for role in ("pengurus", "petugas", "bendahara", "pengawas"):
        make.officer(role=role)
    ask(product=product)
    assert sorted(Message.objects.values_list("to", flat=True)) == ["pengurus@kopi.example", "petugas@kopi.example"]
    letter = Message.objects.first()
    assert letter.subject == "Pertanyaan dari Siti"
    assert "Siti bertanya tentang “Kopi Gayo”:" in letter.body and "Masih segar?" in letter.body


def test_sent_twice_it_is_one_question(kopi):
    key = uuid.uuid4()
    assert ask(key=key) == ask(key=key, text="Lain")
    assert [post.text for post in Post.objects.all()] == ["Masih segar?"]


def test_an_answer_reaches_who_asked_with_the_link_to_the_thread(kopi):
    question = ask()
    asking.answer(question_id=question.pk, text="Disangrai Senin.", by="Fitri", now=make.NOW)
    question.refresh_from_db()
    assert question.state == "answered"
    letter = Message.objects.get(to="siti@pembeli.example")
    assert letter.subject == "Koperasi Kopi Gayo menjawab pertanyaan Anda"
    assert f"/tanya/{question.token}/" in letter.body and "Disangrai Senin." in letter.body
    asking.ask_again(question_id=question.pk, text="Terima kasih", now=make.NOW)
    question.refresh_from_db()
    assert question.state == "open"


def test_the_same_words_again_are_not_written_twice_and_a_thread_ends(kopi):
    question = ask()
    asking.ask_again(question_id=question.pk, text=" Masih segar? ", now=make.NOW)
    assert Post.objects.count() == 1
    for number in range(asking.MOST_POSTS - 1):
        asking.ask_again(question_id=question.pk, text=f"Lagi {number}", now=make.NOW)
    with pytest.raises(asking.ThreadFull):
        asking.answer(question_id=question.pk, text="Ya", by="Fitri", now=make.NOW)
    assert (Post.objects.count(), Question.objects.get().state) == (asking.MOST_POSTS, "open")


def test_a_visitor_asks_about_a_product_and_reads_the_answer_at_the_link(product):
    visitor = Browser()
    page = visitor.get(f"/tanya/?produk={product.slug}")
    assert "Kopi Gayo" in page.text
    sent = visitor.post(f"/tanya/?produk={product.slug}", form())
    question = Question.objects.get()
    assert sent.url == f"/tanya/{question.token}/"
    assert question.product == product
    asking.answer(question_id=question.pk, text="<b>Ya</b>", by="Fitri", now=make.NOW)
    thread = Browser().get(sent.url).text
    assert "&lt;b&gt;Ya&lt;/b&gt;" in thread and "Masih segar?" in thread
    assert "Fitri" not in thread  # the cooperative answers, not a person
    assert Browser().get("/tanya/tokenyangtidakada99/").status_code == 404


@pytest.mark.parametrize("said", [{"text": " "}, {"name": ""}, {"email": "siti@"}, {"key": "x"}, {"text": "x" * 1001}])
def test_a_question_that_says_nothing_is_not_written(kopi, said):
    page = Browser().post("/tanya/", form(**said))
    assert page.status_code == 422
    assert not Question.objects.exists() and not Message.objects.exists()


def test_nobody_floods_the_officers(kopi):
    visitor = Browser()
    answers = [visitor.post("/tanya/", form()).status_code for _ in range(11)]
    assert answers == [302] * 10 + [422]
    assert Question.objects.count() == 10


def test_officers_answer_in_the_back_office_and_readers_only_read(kopi):
    question = ask()
    petugas, pengawas = (Browser(user=make.officer(role=role)) for role in ("petugas", "pengawas"))
    assert "Siti" in petugas.get("/kelola/pertanyaan/").text
    assert pengawas.post(f"/kelola/pertanyaan/{question.pk}/", {"text": "Ya"}).status_code == 404
    assert Post.objects.count() == 1
    assert "Kirim jawaban" not in pengawas.get(f"/kelola/pertanyaan/{question.pk}/").text
    petugas.post(f"/kelola/pertanyaan/{question.pk}/", {"text": "Disangrai Senin."})
    assert [post.text for post in Post.objects.order_by("pk")] == ["Masih segar?", "Disangrai Senin."]
    assert "Siti" in petugas.get("/kelola/pertanyaan/?dijawab=1").text
    assert not re.search(r"Siti", petugas.get("/kelola/pertanyaan/").text)
