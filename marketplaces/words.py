"""What people are told about a problem with a channel. Adapters speak in codes; here are the sentences."""

import re
from collections.abc import Iterable
from functools import cache

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from marketplaces.channels.errors import (
    ChannelDown,
    ChannelError,
    NotFound,
    Problem,
    RateLimited,
    Refused,
    Rejected,
    TokenInvalid,
)

# `%s` is the channel's own text, or the figure or name that the sentence needs.
WORDS: dict[str, Promise] = {
    "title_too_short": _("Nama produk terlalu pendek untuk kanal ini: minimal %s huruf."),
    "title_too_long": _("Nama produk terlalu panjang untuk kanal ini: maksimal %s huruf."),
    "title_refused": _("Kanal ini menolak panjang nama produk."),
    "title_characters": _("Nama produk memuat tanda yang tidak diterima kanal ini."),
    "description_length": _("Panjang deskripsi tidak sesuai batas kanal ini: %s huruf."),
    "description_refused": _("Kanal ini menolak deskripsi produk."),
    "category_missing": _("Kategori “%s” belum dipasangkan dengan kategori kanal ini."),
    "category_unusable": _("Kategori kanal yang dipilih tidak dapat dipakai. Pilih kategori lain."),
    "category_forbidden": _("Toko ini tidak boleh berjualan di kategori kanal yang dipilih. Pilih kategori lain."),
    "brand_refused": _("Kanal ini menolak merek produk."),
    "attribute_missing": _("Keterangan wajib belum diisi: %s."),
    "attribute_refused": _("Salah satu keterangan produk tidak diterima kanal ini. Periksa pilihan kategorinya."),
    "price_out_of_bounds": _("Harga di luar batas kanal ini: %s."),
    "price_refused": _("Kanal ini menolak harganya karena terlalu rendah atau terlalu tinggi."),
    "price_spread": _("Harga pilihan termahal paling banyak tujuh kali harga termurah di kanal ini."),
    "picture_missing": _("Produk belum punya foto. Kanal ini mewajibkan minimal satu foto."),
    "picture_broken": _("Salah satu foto produk tidak dapat dibaca. Unggah ulang fotonya."),
    "picture_refused": _("Kanal ini menolak salah satu foto produk. Unggah foto lain."),
    "courier_missing": _("Belum ada jasa kirim yang aktif di toko kanal ini."),
    "axis_too_long": _("Nama pilihan “%s” terlalu panjang untuk kanal ini."),
    "option_too_long": _("Isi pilihan “%s” terlalu panjang untuk kanal ini."),
    "too_many_variants": _("Pilihan produk terlalu banyak untuk kanal ini: maksimal %s."),
    "variants_gone": _(
        "Di kanal ini produk masih punya pilihan, di toko kita tidak lagi. Hapus produknya di kanal, lalu kirim ulang."
    ),
    "duplicate": _("Kanal ini sudah punya produk lain dengan SKU yang sama."),
    "shop_full": _("Toko di kanal ini sudah mencapai batas jumlah produk."),
    "not_editable": _("Kanal ini sedang meninjau atau memblokir produk, jadi belum dapat diubah."),
    "promotion": _("Produk sedang ikut promosi di kanal ini. Perubahan dikirim setelah promosi selesai."),
    "holiday": _("Toko di kanal ini sedang mode libur. Perubahan dikirim setelah libur selesai."),
    "reserved_stock": _("Kanal ini masih menahan stok untuk pesanan yang belum dibayar. Dicoba lagi otomatis."),
    "variant_gone": _("Salah satu pilihan produk tidak ada lagi di kanal ini. Tekan “Kirim ulang”."),
    "passing": _("Kanal ini sedang menolak sementara. Dicoba lagi otomatis."),
    "gone": _("Produk sudah dihapus di kanal ini. Tekan “Kirim ulang” untuk menayangkannya lagi."),
    "down": _("Kanal ini sedang tidak dapat dihubungi. Dicoba lagi otomatis."),
    "unknown_outcome": _("Jawaban kanal ini tidak sampai. Hasilnya diperiksa lalu dicoba lagi otomatis."),
    "limited": _("Kanal ini sedang membatasi jumlah permintaan. Dilanjutkan otomatis."),
    "token_invalid": _("Izin toko ke kanal ini habis. Hubungkan ulang tokonya."),
    "app_invalid": _("Kanal ini menolak sambungan Coop Shop. Pengelola platform perlu memeriksanya."),
    "not_allowed": _("Toko ini belum memberi izin untuk tindakan tersebut di kanal."),
    "shop_suspended": _("Toko sedang dibekukan oleh kanal ini. Periksa pemberitahuan dari kanal."),
    "clock": _("Jam server tidak cocok dengan jam kanal. Pengelola platform perlu memeriksanya."),
    "code_spent": _("Tautan izin sudah dipakai atau kedaluwarsa. Mulai hubungkan lagi."),
    "cursor_loops": _("Daftar pesanan dari kanal ini berulang. Dicoba lagi otomatis."),
    "internal": _("Ada kesalahan di sistem kami. Pengelola platform sudah diberi tahu; dicoba lagi otomatis."),
    "other": _("Kanal ini menolak: %s"),
}


def say(problem: Problem) -> str:
    """The sentence for one problem, in the present language."""
    sentence = str(WORDS.get(problem.code, WORDS["other"]))
    return sentence % problem.detail if "%s" in sentence else sentence


def say_all(problems: Iterable[Problem]) -> str:
    return " ".join(say(problem) for problem in problems)[:300]


def say_again(stored: str) -> str:
    """Sentences that were said and stored in the source language, in the present language."""
    return _stored_sentences().sub(_said_now, stored)


def _said_now(found: re.Match[str]) -> str:
    code = str(found.lastgroup)
    return str(WORDS[code]).replace("%s", found[f"{code}_detail"] if f"{code}_detail" in found.re.groupindex else "")


@cache
def _stored_sentences() -> re.Pattern[str]:
    with override(settings.LANGUAGE_CODE):
        sentences = {code: re.escape(str(sentence)) for code, sentence in WORDS.items()}
    ways = (f"(?P<{code}>{text.replace('%s', f'(?P<{code}_detail>.+?)')})" for code, text in sentences.items())
    return re.compile(f"(?:{'|'.join(ways)})(?= |$)")


def problems_of(error: ChannelError) -> tuple[Problem, ...]:
    """What an error of a channel means to people."""
    match error:
        case Rejected(problems=problems):
            return problems
        case Refused(problem=problem):
            return (problem,)
        case ChannelDown(outcome_unknown=unknown):
            return (Problem(code="unknown_outcome" if unknown else "down", detail=str(error)),)
        case RateLimited():
            return (Problem(code="limited"),)
        case TokenInvalid():
            return (Problem(code="token_invalid"),)
        case NotFound():
            return (Problem(code="gone"),)
    return (Problem(code="other", detail=str(error)),)
