"""A small vector canvas over Pillow: filled paths under a movable frame, translucency, clipping, soft shadows.

Everything is drawn in design units (a product picture is 720 x 720) on an image twice as large as asked for,
and halved at the end: that is what makes the edges smooth.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PIL import Image, ImageDraw, ImageFilter

Point = tuple[float, float]
Path = Sequence[Point]
Colour = tuple[int, int, int]

SUPERSAMPLING = 2
SHADOW_SHRINK = 12


class Canvas:
    """What a picture is drawn on. `width` and `height` in design units, `scale` in pixels per unit."""

    def __init__(self, *, width: float, height: float, scale: float, background: Colour) -> None:
        fine = scale * SUPERSAMPLING
        self.image = Image.new("RGB", (round(width * fine), round(height * fine)), background)
        self.pen = ImageDraw.Draw(self.image)
        # x' = a x + b y + c, y' = d x + e y + f
        self._frame = (fine, 0.0, 0.0, 0.0, fine, 0.0)

    def finished(self) -> Image.Image:
        return self.image.reduce(SUPERSAMPLING)

    def fill(self, path: Path, colour: Colour, alpha: int = 255) -> None:
        points = self._mapped(path)
        if alpha >= 255:
            self.pen.polygon(points, fill=colour)
            return
        self._veil(points, colour, lambda pen, moved: pen.polygon(moved, fill=alpha), 0)

    def line(self, path: Path, colour: Colour, width: float, alpha: int = 255) -> None:
        """A stroke with round joints and ends."""
        points = self._mapped(path)
        thick = max(1, round(width * self._zoom()))

        def stroke(pen: ImageDraw.ImageDraw, moved: Path, ink: Colour | int) -> None:
            pen.line(moved, fill=ink, width=thick, joint="curve")
            if thick > 3:
                for x, y in (moved[0], moved[-1]):
                    pen.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), fill=ink)

        if alpha >= 255:
            stroke(self.pen, points, colour)
        else:
            self._veil(points, colour, lambda pen, moved: stroke(pen, moved, alpha), thick)

    def dot(self, x: float, y: float, radius: float, colour: Colour) -> None:
        ((px, py),) = self._mapped([(x, y)])
        r = radius * self._zoom()
        self.pen.ellipse((px - r, py - r, px + r, py + r), fill=colour)

    def shadow(self, x: float, y: float, rx: float, ry: float, colour: Colour, alpha: int = 90) -> None:
        """A soft ellipse: drawn small, blurred, enlarged, which costs a tenth of blurring it at full size."""
        small = [value / SHADOW_SHRINK for value in self.image.size]
        mask = Image.new("L", (math.ceil(small[0]), math.ceil(small[1])), 0)
        points = [(px / SHADOW_SHRINK, py / SHADOW_SHRINK) for px, py in self._mapped(oval(x, y, rx, ry))]
        ImageDraw.Draw(mask).polygon(points, fill=alpha)
        mask = mask.filter(ImageFilter.GaussianBlur(2.2)).resize(self.image.size, Image.Resampling.BILINEAR)
        self.image.paste(colour, (0, 0, *self.image.size), mask)

    @contextmanager
    def placed(
        self, x: float = 0, y: float = 0, *, angle: float = 0, zoom: float = 1, mirror: bool = False
    ) -> Iterator[None]:
        """Inside, (0, 0) is at (x, y), turned by `angle` degrees clockwise and enlarged by `zoom`."""
        outer = self._frame
        a, b, c, d, e, f = outer
        cos, sin = math.cos(math.radians(angle)) * zoom, math.sin(math.radians(angle)) * zoom
        side = -1 if mirror else 1
        self._frame = (
            (a * cos + b * sin) * side, b * cos - a * sin, a * x + b * y + c,
            (d * cos + e * sin) * side, e * cos - d * sin, d * x + e * y + f,
        )  # fmt: skip
        try:
            yield
        finally:
            self._frame = outer

    @contextmanager
    def clipped(self, path: Path) -> Iterator[None]:
        """Inside, only what falls within `path` is seen."""
        points = self._mapped(path)
        box = self._bounds(points, 0)
        image, pen, frame = self.image, self.pen, self._frame
        self.image = image.crop(box)
        self.pen = ImageDraw.Draw(self.image)
        self._frame = (*frame[:2], frame[2] - box[0], *frame[3:5], frame[5] - box[1])
        try:
            yield
        finally:
            layer = self.image
            self.image, self.pen, self._frame = image, pen, frame
            mask = Image.new("L", layer.size, 0)
            ImageDraw.Draw(mask).polygon([(x - box[0], y - box[1]) for x, y in points], fill=255)
            image.paste(layer, box[:2], mask)

    def _veil(self, points, colour, paint, margin) -> None:
        box = self._bounds(points, margin)
        mask = Image.new("L", (box[2] - box[0], box[3] - box[1]), 0)
        paint(ImageDraw.Draw(mask), [(x - box[0], y - box[1]) for x, y in points])
        self.image.paste(colour, box, mask)

    def _mapped(self, path: Path) -> list[Point]:
        a, b, c, d, e, f = self._frame
        return [(a * x + b * y + c, d * x + e * y + f) for x, y in path]

    def _bounds(self, points: Path, margin: float) -> tuple[int, int, int, int]:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        wide, high = self.image.size
        left = min(max(math.floor(min(xs) - margin), 0), wide - 1)
        top = min(max(math.floor(min(ys) - margin), 0), high - 1)
        right = max(min(math.ceil(max(xs) + margin) + 1, wide), left + 1)
        bottom = max(min(math.ceil(max(ys) + margin) + 1, high), top + 1)
        return left, top, right, bottom

    def _zoom(self) -> float:
        a, _, _, d, _, _ = self._frame
        return math.hypot(a, d)


def oval(x: float, y: float, rx: float, ry: float, start: float = 0, end: float = 360) -> list[Point]:
    """Points of an ellipse, or of its arc between two angles in degrees (0 = right, 90 = down)."""
    steps = max(8, min(72, round((rx + ry) / 5) + 12))
    span = end - start
    last = 0 if span >= 360 else 1
    angles = (math.radians(start + span * i / (steps - last)) for i in range(steps))
    return [(x + rx * math.cos(t), y + ry * math.sin(t)) for t in angles]


def rounded(left: float, top: float, right: float, bottom: float, radius: float) -> list[Point]:
    r = min(radius, (right - left) / 2, (bottom - top) / 2)
    corners = (
        (right - r, top + r, 270), (right - r, bottom - r, 0), (left + r, bottom - r, 90), (left + r, top + r, 180),
    )  # fmt: skip
    return [point for x, y, start in corners for point in oval(x, y, r, r, start, start + 90)]


def box(left: float, top: float, right: float, bottom: float) -> list[Point]:
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def smooth(points: Path, *, closed: bool = True, steps: int = 8) -> list[Point]:
    """A Catmull-Rom curve through `points`."""
    count = len(points)
    out = []
    for i in range(count if closed else count - 1):
        before = points[(i - 1) % count] if closed or i > 0 else points[0]
        here, there = points[i], points[(i + 1) % count]
        after = points[(i + 2) % count] if closed or i + 2 < count else points[-1]
        out += [_between(before, here, there, after, step / steps) for step in range(steps)]
    if not closed:
        out.append(points[-1])
    return out


def _between(p: Point, q: Point, r: Point, s: Point, t: float) -> Point:
    def along(a: float, b: float, c: float, d: float) -> float:
        return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)

    return along(p[0], q[0], r[0], s[0]), along(p[1], q[1], r[1], s[1])
