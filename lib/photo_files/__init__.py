"""Files that strangers send as photos: what is in them (reading), and the same picture drawn anew (drawing)."""

from lib.photo_files.drawing import Fresh, redraw
from lib.photo_files.photo import MOST_BYTES, BadPhoto, Photo
from lib.photo_files.reading import read

__all__ = ["MOST_BYTES", "BadPhoto", "Fresh", "Photo", "read", "redraw"]
