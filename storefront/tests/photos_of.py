"""A photo as somebody uploads it."""

import io

from PIL import Image


def png(colour: str, *, size: int = 400) -> bytes:
    upload = io.BytesIO()
    Image.new("RGB", (size, size), colour).save(upload, "PNG")
    return upload.getvalue()
