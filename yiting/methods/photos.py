"""A photo made safe to show: decoded, turned upright, shrunk and encoded anew, so that only the picture is left."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

BYTES_LIMIT = 20 * 1024 * 1024
PIXELS_LIMIT = 60_000_000
EDGE = 1600
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")  # two pictures in one JPEG (MPO) open as JPEG


class PhotoUnreadable(ValueError):
    """The bytes are not a photo that can be shown, or are too many."""


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """A JPEG without metadata: its bytes and its size in pixels."""

    data: bytes
    width: int
    height: int


def clean_photo(data: bytes) -> CleanPhoto:
    """Decode a photo and encode it anew as JPEG, at most 1,600 pixels long, with no EXIF, GPS or other metadata.

    Raises PhotoUnreadable for anything that is not a picture, is over 20 MB or would decode to over 60 million pixels.
    """
    if not data or len(data) > BYTES_LIMIT:
        raise PhotoUnreadable(f"{len(data)} bytes; at most {BYTES_LIMIT}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                if image.width * image.height > PIXELS_LIMIT:
                    raise PhotoUnreadable(f"{image.width} x {image.height} pixels")
                upright = ImageOps.exif_transpose(image)
                upright.thumbnail((EDGE, EDGE))
                flat = Image.new("RGB", upright.size, "white")
                layer = upright.convert("RGBA")
                flat.paste(layer, mask=layer.getchannel("A"))
    except PhotoUnreadable:
        raise
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        Image.DecompressionBombError,
        Warning,
    ) as error:
        raise PhotoUnreadable(str(error)) from error
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return CleanPhoto(out.getvalue(), flat.width, flat.height)
