"""Two drawings in the two tones of the look, standing in for photos that the page does not give."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

PAPER, INK, ACCENT, WARM, GROUND = "#fbf8f2", "#1f2a2e", "#16606a", "#b3541e", "#e4ddd0"
SIZE = (960, 640)


def draw_before() -> bytes:
    """Draw the yard before: sun, bare ground, a building, nowhere to sit."""
    image, draw = _yard()
    draw.ellipse((700, 50, 820, 170), fill=WARM)
    for x in range(560, 960, 60):
        draw.line((x, 200, x - 40, 320), fill=WARM, width=5)
    _person(draw, 420, 430)
    return _png(image)


def draw_after() -> bytes:
    """Draw the yard after: the pavilion, with people on its benches."""
    image, draw = _yard()
    draw.polygon([(480, 150), (300, 300), (260, 320), (700, 320), (660, 300)], fill=ACCENT)
    for x in (330, 630):
        draw.rectangle((x - 9, 320, x + 9, 520), fill=ACCENT)
    draw.rectangle((290, 515, 670, 530), fill=ACCENT)
    draw.rectangle((360, 460, 600, 474), fill=INK)
    for x in (400, 480, 560):
        _person(draw, x, 400)
    return _png(image)


def _yard() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 520, 960, 640), fill=GROUND)
    draw.rectangle((40, 180, 220, 520), outline=INK, width=4)
    for y in range(210, 500, 60):
        for x in (65, 120, 175):
            draw.rectangle((x, y, x + 24, y + 30), outline=INK, width=3)
    return image, draw


def _person(draw: ImageDraw.ImageDraw, x: int, y: int) -> None:
    draw.ellipse((x - 14, y - 14, x + 14, y + 14), fill=INK)
    draw.rounded_rectangle((x - 18, y + 18, x + 18, y + 72), radius=14, fill=INK)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
