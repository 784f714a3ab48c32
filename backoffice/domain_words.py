"""What tenants/domains.py and tenants/hostnames.py refuse, in words that say what to do."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from lib.dates import moment
from tenants.domains import Reason
from tenants.hostnames import Refusal

WORDS = {
    Refusal.MALFORMED: _("Tulis nama domainnya saja, misalnya kopigayo.co.id atau toko.kopigayo.co.id."),
    Refusal.ADDRESS: _("Ini alamat IP. Tulis nama domain, misalnya kopigayo.co.id."),
    Refusal.ONE_LABEL: _("Nama ini belum lengkap. Tulis dengan akhirannya, misalnya kopigayo.co.id."),
    Refusal.SPECIAL: _("Nama ini hanya berlaku di jaringan setempat. Pakai domain yang terdaftar di internet."),
    Refusal.ANYBODYS: _("Nama ini dipakai bersama banyak orang. Pakai domain yang didaftarkan koperasi sendiri."),
    Refusal.MIXED_SCRIPTS: _("Nama ini mencampur huruf dari dua aksara. Ketik ulang dengan huruf biasa."),
    Reason.PLATFORM: _("Alamat di bawah nama platform sudah diatur sendiri. Pakai domain milik koperasi."),
    Reason.TAKEN: _("Domain ini sudah dipakai koperasi lain. Kalau domain ini milik Anda, hubungi pengelola platform."),
    Reason.YOURS: _("Domain ini sudah menjadi alamat toko Anda."),
    Reason.COOLING: _("Domain ini baru dilepas koperasi lain. Coba lagi sesudah %(until)s."),
    Reason.LOOK_ALIKE: _("Nama ini terlalu mirip dengan alamat lain di sini. Pilih nama yang jelas berbeda."),
    Reason.TOO_MANY: _("Paling banyak 5 domain. Lepaskan satu yang tidak dipakai lagi."),
    Reason.TOO_SOON: _("Baru saja diperiksa. Tunggu sepuluh detik, lalu coba lagi."),
    Reason.NO_RECORD: _("Catatan TXT belum ditemukan. Periksa nama dan isinya; yang baru bisa perlu beberapa jam."),
    Reason.OTHER_TOKEN: _("Catatan TXT ada, tetapi isinya lain. Salin lagi isinya dari halaman ini."),
    Reason.DNS_AWAY: _("Server DNS domain ini tidak menjawab. Catatan Anda mungkin sudah benar: coba lagi nanti."),
}


def say(reason: str, *, until: datetime | None = None, zone: str = "") -> str:
    """The refusal in the reader's language. `zone`: in which to say `until`."""
    text = str(WORDS[reason])
    return text % {"until": moment(until, zone=zone)} if until and "%(until)s" in text else text
