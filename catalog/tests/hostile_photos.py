"""Files that somebody with another aim, or a broken phone, sends as a photo: name -> (file name, content, reason).

The reason is a part of what the person reads. All of it is made here, byte by byte; none is a known exploit.
"""

import io
import struct
import zipfile
import zlib

from PIL import Image, PngImagePlugin

WHOLE, MORE, MOVING = "yang utuh", "ada isi lain", "bergerak"


def encoded(kind: str, size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size).save(buffer, kind, **options)
    return buffer.getvalue()


JPEG, PNG, WEBP = encoded("JPEG"), encoded("PNG"), encoded("WEBP", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0")
PHP, HTML = b"<?php system($_GET['c']); ?>", b"<html><script>alert(1)</script></html>"


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(*chunks: bytes, head: tuple[int, int, int, int] = (64, 48, 8, 2)) -> bytes:
    """With these between its head and its end."""
    start = chunk(b"IHDR", struct.pack(">IIBBBBB", *head, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + start + b"".join(chunks) + chunk(b"IEND", b"")


def pixels(bytes_of_zeros: int) -> bytes:
    return chunk(b"IDAT", zlib.compress(bytes(bytes_of_zeros), 9))


ROWS = pixels((64 * 3 + 1) * 48)


def segment(code: int, content: bytes) -> bytes:
    return bytes([0xFF, code]) + struct.pack(">H", len(content) + 2) + content


def in_jpeg(extra: bytes) -> bytes:
    """A good JPEG with this behind its first two bytes."""
    return JPEG[:2] + extra + JPEG[2:]


def resized_jpeg(width: int, height: int) -> bytes:
    at = JPEG.index(b"\xff\xc0") + 5
    return JPEG[:at] + struct.pack(">HH", height, width) + JPEG[at + 4 :]


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP"
    for name, content in chunks:
        body += name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def canvas(width: int, height: int, flags: int = 0) -> tuple[bytes, bytes]:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"VP8X", bytes([flags, 0, 0, 0]) + sides


def bitstream() -> bytes:
    at = WEBP.index(b"VP8 ")
    return WEBP[at + 8 : at + 8 + int.from_bytes(WEBP[at + 4 : at + 8], "little")]


def vp8l(width: int, height: int) -> bytes:
    return b"\x2f" + (width - 1 | height - 1 << 14).to_bytes(4, "little") + bytes(20)


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("shell.php", PHP)
    return buffer.getvalue()


def animated(kind: str) -> bytes:
    buffer = io.BytesIO()
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "blue")]
    frames[0].save(buffer, kind, save_all=True, append_images=frames[1:], duration=100)
    return buffer.getvalue()


def scans() -> bytes:
    """A progressive JPEG whose last scan comes two hundred times."""
    whole = encoded("JPEG", progressive=True)
    last = whole[whole.rindex(b"\xff\xda") : -2]
    return whole[:-2] + last * 200 + b"\xff\xd9"


def with_text(text: str) -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", text)
    return encoded("PNG", pnginfo=notes)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><svg>&b;</svg>'
OUTSIDE = b'<?xml version="1.0"?><svg><image href="file:///etc/passwd"/></svg>'
DOCX = zipped().replace(b"shell.php", b"word.xml\0")

# What has the structure of a photo, so that only the decoder finds that there is none in it
ONLY_BY_THE_DECODER = {"png of a colour that there is not", "png with too few pixels"}

FILES: dict[str, tuple[str, bytes, str]] = {
    # something else under a photo's name
    "svg with script": ("foto.jpg", SVG, "SVG"),
    "svg by its own name": ("foto.svg", SVG, "SVG"),
    "svg with a declaration": ("foto.png", b'<?xml version="1.0"?>\n' + SVG, "SVG"),
    "svg behind a byte order mark": ("foto.png", b"\xef\xbb\xbf " + SVG, "SVG"),
    "svg that grows": ("foto.png", LAUGHS, "SVG"),
    "svg that reads a file": ("foto.webp", OUTSIDE, "SVG"),
    "html page": ("foto.jpg", HTML, "HTML"),
    "html with a declaration": ("foto.jpg", b"<!DOCTYPE html><title>x</title>", "HTML"),
    "php": ("foto.jpg", PHP, "HTML"),
    "pdf": ("foto.jpg", b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer<</Root 1 0 R>>", "PDF"),
    "zip": ("foto.png", zipped(), "ZIP"),
    "office document": ("foto.png", DOCX, "ZIP"),
    "gif": ("foto.jpg", encoded("GIF", mode="P"), "GIF"),
    "moving gif": ("foto.gif", animated("GIF"), "GIF"),
    "bmp": ("foto.jpg", encoded("BMP"), "BMP"),
    "tiff": ("foto.jpg", encoded("TIFF"), "TIFF"),
    "tiff, the other end first": ("foto.jpg", b"MM\0*\0\0\0\x08" + bytes(64), "TIFF"),
    "heic": ("IMG_0001.HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64), "HEIC"),
    "avif": ("foto.jpg", encoded("AVIF"), "AVIF"),
    "video": ("foto.jpg", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(64), "video"),
    "program for windows": ("foto.jpg", b"MZ\x90\0" + bytes(200), WHOLE),
    "program for linux": ("foto.jpg", b"\x7fELF\x02\x01\x01" + bytes(200), WHOLE),
    "shell script": ("foto.jpg", b"#!/bin/sh\nrm -rf ~\n", WHOLE),
    "postscript": ("foto.jpg", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", WHOLE),
    "imagemagick's language": ("foto.jpg", b"push graphic-context\nfill 'url(https://x.example/)'\n", WHOLE),
    "nothing": ("foto.jpg", b"", WHOLE),
    "one byte": ("foto.jpg", b"\xff", WHOLE),
    "text": ("foto.jpg", b"bukan foto", WHOLE),
    "noise": ("foto.jpg", bytes(range(256)) * 64, WHOLE),
    # wrong extension
    "png called jpg": ("foto.jpg", PNG, "berakhiran"),
    "jpeg called png": ("foto.png", JPEG, "berakhiran"),
    "webp called jpg": ("foto.jpg", WEBP, "berakhiran"),
    "jpeg called php": ("foto.php", JPEG, "berakhiran"),
    "jpeg called php behind jpg": ("foto.jpg.php", JPEG, "berakhiran"),
    "jpeg called html": ("foto.html", JPEG, "berakhiran"),
    "jpeg called svg": ("foto.svg", JPEG, "berakhiran"),
    "jpeg called nothing but php": (".php", JPEG, "berakhiran"),
    # two kinds at once
    "jpeg and zip": ("foto.jpg", JPEG + zipped(), MORE),
    "jpeg with a zip in a comment": ("foto.jpg", in_jpeg(segment(0xFE, zipped())), MORE),
    "jpeg and php": ("foto.jpg", JPEG + PHP, MORE),
    "jpeg with php in a comment": ("foto.jpg", in_jpeg(segment(0xFE, PHP)), MORE),
    "jpeg with php in its EXIF": ("foto.jpg", in_jpeg(segment(0xE1, b"Exif\0\0II*\0" + PHP)), MORE),
    "jpeg with html in XMP": ("foto.jpg", in_jpeg(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + HTML)), MORE),
    "jpeg that is a script": ("foto.jpg", JPEG[:2] + segment(0xE0, b"JFIF" + bytes(0x2F2A - 6)) + JPEG[20:], MORE),
    "jpeg with html behind a gain map": ("foto.jpg", JPEG + JPEG + HTML, MORE),
    "jpeg with a script behind a video": ("foto.jpg", JPEG + b"\0\0\0\x18ftypmp42" + HTML, MORE),
    "jpeg and pdf": ("foto.jpg", in_jpeg(segment(0xFE, b"%PDF-1.4\n1 0 obj")), MORE),
    "jpeg and rar": ("foto.jpg", JPEG + b"Rar!\x1a\x07\x01\0" + bytes(64), MORE),
    "jpeg and a program": ("foto.jpg", JPEG + b"MZ\x90\0" + bytes(64), MORE),
    "png and zip": ("foto.png", PNG + zipped(), MORE),
    "png and html": ("foto.png", PNG + HTML, MORE),
    "png and a program": ("foto.png", PNG + b"MZ\x90\0" + bytes(64), MORE),
    "png with php in its text": ("foto.png", with_text(PHP.decode()), MORE),
    "png with a script in its own chunk": ("foto.png", png(ROWS, chunk(b"xxAx", SVG)), MORE),
    "webp and html": ("foto.webp", WEBP + HTML, WHOLE),
    "webp with php in its XMP": ("foto.webp", riff(canvas(64, 48, 4), (b"VP8 ", bitstream()), (b"XMP ", PHP)), MORE),
    "webp with html in its own chunk": ("foto.webp", riff((b"VP8 ", bitstream()), (b"HTML", HTML)), MORE),
    # bombs
    "png of 10 gigapixels": ("foto.png", png(pixels(1000), head=(100_000, 100_000, 8, 2)), "megapiksel"),
    "png of the largest size": ("foto.png", png(ROWS, head=(2**31 - 1, 2**31 - 1, 8, 6)), "megapiksel"),
    "png just too large": ("foto.png", png(pixels(1000), head=(5001, 5000, 8, 0)), "megapiksel"),
    "png of a colour that there is not": ("foto.png", png(pixels(1000), head=(4000, 4000, 8, 9)), WHOLE),
    "jpeg of 4 gigapixels": ("foto.jpg", resized_jpeg(65_500, 65_500), "megapiksel"),
    "jpeg just too large": ("foto.jpg", resized_jpeg(5001, 5000), "megapiksel"),
    "jpeg of two hundred scans": ("foto.jpg", scans(), WHOLE),
    "jpeg as long as a road": ("foto.jpg", resized_jpeg(60_000, 48), "terlalu panjang"),
    "webp of the largest size": ("foto.webp", riff((b"VP8L", vp8l(16_383, 16_383))), "megapiksel"),
    "webp that says less than it is": ("foto.webp", riff(canvas(64, 48), (b"VP8L", vp8l(16_383, 16_383))), WHOLE),
    "too many bytes": ("foto.jpg", JPEG + bytes(10 * 1024 * 1024), "10 MB"),
    # moving
    "moving png": ("foto.png", animated("PNG"), MOVING),
    "moving webp": ("foto.webp", animated("WEBP"), MOVING),
    # broken, by accident or not
    "half a jpeg": ("foto.jpg", JPEG[: len(JPEG) // 2], WHOLE),
    "jpeg without its end": ("foto.jpg", JPEG[:-2], WHOLE),
    "jpeg without a picture": ("foto.jpg", b"\xff\xd8\xff\xd9", WHOLE),
    "jpeg of no width": ("foto.jpg", resized_jpeg(0, 48), WHOLE),
    "jpeg with two heads": ("foto.jpg", in_jpeg(JPEG[JPEG.index(b"\xff\xc0") :][:19]), WHOLE),
    "jpeg with an endless segment": ("foto.jpg", b"\xff\xd8\xff\xe0\xff\xff" + bytes(20), WHOLE),
    "jpeg with an empty segment": ("foto.jpg", b"\xff\xd8\xff\xe0\0\0" + bytes(20), WHOLE),
    "arithmetic jpeg": ("foto.jpg", JPEG.replace(b"\xff\xc0", b"\xff\xc9", 1), WHOLE),
    "jpeg for print": ("foto.jpg", encoded("JPEG", mode="CMYK"), "CMYK"),
    "half a png": ("foto.png", PNG[:-30], WHOLE),
    "png with a wrong checksum": ("foto.png", PNG.replace(b"IDATx", b"IDATy", 1), WHOLE),
    "png without pixels": ("foto.png", png(), WHOLE),
    "png with too few pixels": ("foto.png", png(pixels(100)), WHOLE),
    "png with two heads": ("foto.png", png(chunk(b"IHDR", bytes(13)), ROWS), WHOLE),
    "png with a chunk nobody knows": ("foto.png", png(chunk(b"EVIL", b"x"), ROWS), WHOLE),
    "png of no height": ("foto.png", png(ROWS, head=(64, 0, 8, 2)), WHOLE),
    "png with an endless chunk": ("foto.png", PNG[:33] + b"\xff\xff\xff\xffIDAT" + bytes(20), WHOLE),
    "half a webp": ("foto.webp", WEBP[: len(WEBP) // 2], WHOLE),
    "webp without a picture": ("foto.webp", riff(canvas(64, 48)), WHOLE),
    "webp with a chunk longer than the file": ("foto.webp", riff((b"VP8 ", b""))[:-4] + b"\xff\xff\xff\x7f", WHOLE),
    "webp of nothing": ("foto.webp", riff(), WHOLE),
}  # fmt: skip
