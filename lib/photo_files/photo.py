"""What a photo is to everyone here, and why a file is none."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

MOST_BYTES = 10 * 1024 * 1024


class BadPhoto(ValueError):
    """Not a photo that can be taken; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Photo:
    """`kind` as Pillow names it, `orientation` as EXIF counts (1 is upright); `data` is the file with nothing in it but
    what a picture needs."""

    kind: str
    width: int
    height: int
    data: bytes
    orientation: int = 1


def broken() -> BadPhoto:
    return BadPhoto(_("Berkas ini bukan foto JPG, PNG, atau WebP yang utuh."))


def moving() -> BadPhoto:
    return BadPhoto(_("Gambar ini bergerak. Kirim foto yang diam."))


def has_more() -> BadPhoto:
    return BadPhoto(_("Di dalam berkas foto ini ada isi lain. Ambil fotonya lagi dengan kamera."))
