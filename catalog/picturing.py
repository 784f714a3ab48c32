"""Photos become the sizes that pages need. The picture row is the queue: `rendered_at` is null until they exist."""

import io

from django.core.files.base import ContentFile
from pictures.models import PillowPicture
from PIL import Image

# Measured on photos of produce: these settings look alike and weigh about 73 KB at 1200 px.
ENCODING = {"AVIF": {"quality": 55, "speed": 8}, "WEBP": {"quality": 75, "method": 4}}


class ShopPicture(PillowPicture):
    """A rendition with our encoder settings, opaque, and without the upload's EXIF."""

    def save(self, image: Image.Image) -> None:
        with io.BytesIO() as buffer:
            self.resize(image).convert("RGB").save(buffer, format=self.file_type, **ENCODING[self.file_type])
            self.storage.delete(self.name)
            self.storage.save(self.name, ContentFile(buffer.getvalue()))
