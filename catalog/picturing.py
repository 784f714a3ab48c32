"""Photos become the sizes that pages need. The picture row is the queue: `rendered_at` is null until they exist."""

import io
import logging
import time
from datetime import datetime

from django.core.files.base import ContentFile
from pictures.models import PillowPicture
from PIL import Image

from catalog.models import Picture
from lib.photo_files import drawing

logger = logging.getLogger(__name__)

# Measured on photos of produce: these settings look alike and weigh about 73 KB at 1200 px.
ENCODING = {"AVIF": {"quality": 55, "speed": 8}, "WEBP": {"quality": 75, "method": 4}}


class ShopPicture(PillowPicture):
    """A rendition with our encoder settings, opaque, and without the upload's EXIF."""

    def save(self, image: Image.Image) -> None:
        with io.BytesIO() as buffer:
            self.resize(image).convert("RGB").save(buffer, format=self.file_type, **ENCODING[self.file_type])
            self.storage.delete(self.name)
            self.storage.save(self.name, ContentFile(buffer.getvalue()))


def render_waiting(*, now: datetime, seconds: float = 1.0) -> int:
    """Make the sizes of photos that have none yet, for about `seconds`: a worker that draws tells no marketplace what
    was sold meanwhile. Returns how many are left; a broken one is marked and left alone."""
    waiting = Picture.objects.filter(rendered_at=None, is_broken=False).order_by("pk")
    end = time.monotonic() + seconds
    for picture in list(waiting[:20]):
        try:
            tone = _render(picture)
        except OSError as error:
            if isinstance(error, FileNotFoundError) and picture.image.storage.exists(picture.image.name):
                continue  # another worker is drawing the same sizes at this moment
            logger.warning("picture %s cannot be rendered: %s", picture.pk, type(error).__name__)
            Picture.objects.filter(pk=picture.pk, rendered_at=None).update(is_broken=True)
        else:
            Picture.objects.filter(pk=picture.pk).update(rendered_at=now, tone=tone)
        if time.monotonic() > end:
            break
    return waiting.count()


def _render(picture: Picture) -> int:
    """Returns the colour of its placeholder."""
    with picture.image.open("rb") as file, Image.open(file) as upload:
        image = ShopPicture.pre_process(upload)
    for rendition in picture.image.get_picture_files_list():
        rendition.save(image)
    return drawing.tone_of(image)
