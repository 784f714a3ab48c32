"""Every problem that code can name has a sentence."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from marketplaces import words
from marketplaces.channels.errors import ChannelDown, NotFound, Problem, RateLimited, Refused, Rejected, TokenInvalid
from marketplaces.channels.shopee import errors

HERE = Path(words.__file__).parent


def named_codes():
    for path in [*HERE.glob("*.py"), *HERE.glob("channels/**/*.py")]:
        yield from re.findall(r'code="(\w+)"', path.read_text())
    yield from (*errors.REJECTED.values(), *errors.REFUSED.values(), *(code for _, code in errors.FAILED_REASONS))
    yield from (meaning for *_, meaning in errors.BY_MESSAGE if isinstance(meaning, str))


def test_every_code_has_its_words():
    assert set(named_codes()) <= words.WORDS.keys()


def test_no_words_are_left_over():
    said_elsewhere = {"down", "unknown_outcome", "passing"}  # chosen by a condition
    assert words.WORDS.keys() - set(named_codes()) - said_elsewhere == set()


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ChannelDown("x", outcome_unknown=False), "Kanal ini sedang tidak dapat dihubungi. Dicoba lagi otomatis."),
        (RateLimited(), "Kanal ini sedang membatasi jumlah permintaan. Dilanjutkan otomatis."),
        (TokenInvalid(), "Izin toko ke kanal ini habis. Hubungkan ulang tokonya."),
        (NotFound(), "Produk sudah dihapus di kanal ini. Tekan “Kirim ulang” untuk menayangkannya lagi."),
        (Refused(Problem(code="code_spent")), "Tautan izin sudah dipakai atau kedaluwarsa. Mulai hubungkan lagi."),
        (Rejected([Problem(code="other", detail="100 % no")]), "Kanal ini menolak: 100 % no"),
        (Rejected([Problem(code="never heard", detail="no")]), "Kanal ini menolak: no"),
        (errors.classify("error_less_required_attribute", "Mandatory attribute missing: Bahan"),
         "Keterangan wajib belum diisi: Bahan."),
    ],
)  # fmt: skip
def test_errors_in_plain_words(error, text):
    assert words.say_all(words.problems_of(error)) == text


STORED = "Nama produk terlalu pendek untuk kanal ini: minimal 20 huruf. Harga di luar batas kanal ini: Rp1.000."


def test_what_was_stored_is_said_again_in_the_readers_language():
    assert words.say_again(STORED) == STORED
    with translation.override("en"):
        assert words.say_again(STORED) == (
            "The product name is too short for this channel: at least 20 characters. "
            "The price is outside this channel's limits: Rp1.000."
        )
        assert words.say_again("Kanal ini menolak: 100 % no") == "This channel refuses: 100 % no"
        assert words.say_again("Kata orang lain.") == "Kata orang lain."


@pytest.mark.parametrize("code", words.WORDS)
def test_every_sentence_is_found_again(code):
    problems = [Problem(code=code, detail="Kopi 1"), Problem(code="gone")]
    stored = words.say_all(problems)
    with translation.override("en"):
        assert words.say_again(stored) == words.say_all(problems) != stored
