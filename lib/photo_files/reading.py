"""A file is looked through by its own structure before any decoder sees it.

The three formats are walked piece by piece. Pieces that a picture does not need (comments, XMP, colour profiles,
thumbnails, a second picture behind the first) do not go on to the decoder; what only somebody with another aim puts
into a photo is refused with a reason.
"""

import re

from django.utils.translation import gettext as _

from lib.photo_files import jpeg, png, webp
from lib.photo_files.photo import MOST_BYTES, BadPhoto, Photo, broken, has_more

# A WebP of 25 megapixels takes 430 MB to decode, a JPEG or PNG 180 MB at most (docs/pictures.md)
MOST_PIXELS = {"JPEG": 25_000_000, "PNG": 25_000_000, "WEBP": 10_000_000}
LONGEST_TO_SHORTEST = 20
SUFFIXES = {"JPEG": {".jpg", ".jpeg", ".jpe", ".jfif"}, "PNG": {".png"}, "WEBP": {".webp"}}
# What makes another program run or show something, wherever it stands. Long enough that noise does not contain it.
ACTIVE = (
    b"<?php", b"<?=$_", b"<?=`$", b"<script", b"<html>", b"<html ", b"<!doctype", b"<!entity", b"<svg xmlns",
    b"<svg on", b"<svg/on", b"<iframe", b"<object", b"<embed", b"javascript:", b"onerror=", b"%pdf-1.", b"%pdf-2.",
    b"#!/bin/", b"#!/usr/",
)  # fmt: skip
END_OF_ZIP, ZIP_TAIL = b"PK\x05\x06", 22 + 65_535
OTHER_KINDS = (
    (re.compile(rb"....ftyp(hei[cmsx]|hevc|mif1|msf1)", re.S), "HEIC"),
    (re.compile(rb"....ftypavi[fs]", re.S), "AVIF"),
    (re.compile(rb"....ftyp", re.S), "video"),
    (re.compile(rb"GIF8"), "GIF"),
    (re.compile(rb"%PDF-"), "PDF"),
    (re.compile(rb"PK\x03\x04"), "ZIP"),
    (re.compile(rb"BM"), "BMP"),
    (re.compile(rb"II\*\0|MM\0\*"), "TIFF"),
    (re.compile(rb"(\xef\xbb\xbf)?\s*(<\?xml.{0,200}?\?>)?\s*(<!doctype svg.{0,900}?>)?\s*<svg", re.S | re.I), "SVG"),
    (re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|\?php|script)", re.I), "HTML"),
)


def read(data: bytes, *, name: str = "") -> Photo:
    """The photo in `data`; `name`, where it has an end, must end as its kind does. Raises BadPhoto."""
    if len(data) > MOST_BYTES:
        raise BadPhoto(_("Fotonya lebih besar dari 10 MB."))
    photo = _walk(data)
    _check_name(name, photo.kind)
    _check_size(photo)
    text = data.lower()
    if any(mark in text for mark in ACTIVE) or END_OF_ZIP in data[-ZIP_TAIL:]:
        raise has_more()
    return photo


def _walk(data: bytes) -> Photo:
    for form in (jpeg, png, webp):
        if form.MAGIC.match(data):
            try:
                return form.walk(data)
            except IndexError as error:  # it ends where a piece should go on
                raise broken() from error
    for pattern, kind in OTHER_KINDS:
        if pattern.match(data[:2048]):
            raise BadPhoto(_("Ini berkas %(kind)s. Kirim foto JPG, PNG, atau WebP.") % {"kind": kind})
    raise broken()


def _check_name(name: str, kind: str) -> None:
    _stem, dot, end = name.rpartition(".")
    suffix = dot + end.lower()
    if dot and suffix not in SUFFIXES[kind]:  # without a dot it says nothing: scripts send what they drew as `foto`
        raise BadPhoto(
            _("Namanya berakhiran “%(suffix)s”, padahal isinya %(kind)s. Simpan ulang fotonya, lalu kirim lagi.")
            % {"suffix": suffix[:12], "kind": kind}
        )


def _check_size(photo: Photo) -> None:
    shortest, longest = sorted((photo.width, photo.height))
    if not shortest:
        raise broken()
    most = MOST_PIXELS[photo.kind]
    if shortest * longest > most:
        raise BadPhoto(_("Fotonya lebih dari %(most)s megapiksel.") % {"most": most // 1_000_000})
    if longest > LONGEST_TO_SHORTEST * shortest:
        raise BadPhoto(_("Foto ini terlalu panjang dan sempit."))
