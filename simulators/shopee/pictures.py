"""Pictures: uploaded before the listing, looked at for real, served under the address the answer names."""

from io import BytesIO

from flask import Flask, Response, abort, request
from PIL import Image, UnidentifiedImageError
from werkzeug.datastructures import FileStorage

from simulators.shopee.asking import wrong
from simulators.shopee.envelope import Refused
from simulators.shopee.gate import Call, public_call
from simulators.shopee.state import State

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 9
TYPES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


@public_call("POST", "media_space/upload_image")
def upload_image(call: Call) -> dict:
    """Up to 9 files named `image`, each a real JPG or PNG of at most 10 MB; all or nothing."""
    if not 1 <= len(call.files) <= MOST_FILES:
        raise wrong("image", f"length must be within 1 and {MOST_FILES}")
    if request.form.get("scene", "normal") not in ("normal", "desc"):
        raise wrong("scene", "value must be one of normal, desc")
    pictures = [_read(file) for file in call.files]
    rows = [_keep(call.state, content_type, content) for content_type, content in pictures]
    numbered = [{"id": number, "error": "", "message": "", "image_info": row} for number, row in enumerate(rows)]
    return {"image_info": rows[0], "image_info_list": numbered}


def add_picture_page(app: Flask, state: State) -> None:
    @app.get("/file/<picture_id>")
    def picture(picture_id: str) -> Response:
        content_type, content = state.pictures.get(picture_id) or abort(404)
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(content, content_type=content_type, headers=headers)


def url_of(picture_id: str) -> str:
    return f"{request.host_url}file/{picture_id}"


def _read(file: FileStorage) -> tuple[str, bytes]:
    content = file.read(MOST_BYTES + 1)
    content_type = next((kind for magic, kind in TYPES.items() if content.startswith(magic)), None)
    if len(content) > MOST_BYTES or not content_type or not _opens(content):
        raise Refused("error_image_unavailable", "The image must be a JPG, JPEG or PNG of at most 10 MB.")
    return content_type, content


def _opens(content: bytes) -> bool:
    try:
        with Image.open(BytesIO(content)) as picture:
            picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
    return True


def _keep(state: State, content_type: str, content: bytes) -> dict:
    picture_id = f"id-11134207-{state.random_name()}"
    state.keep_picture(picture_id, content_type, content)
    return {
        "image_id": picture_id,
        "image_url_list": [{"image_url_region": "ID", "image_url": url_of(picture_id)}],
    }
