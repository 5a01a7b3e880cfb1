"""Sheets as PDF, set by typst (the extra `pdf`) in a font with Chinese letters."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import segno

from yiting.places.errors import FontMissing, PdfMissing

# The first of these that the machine has is used.
FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
)
# Codes are printed with so much resistance to dirt and folds.
_QR_LEVEL = "m"


def print_pdf(template: Path, data: Mapping[str, object]) -> bytes:
    """Set a template of typst with its data, and the `font` to set it in."""
    font = require_printer()
    import typst  # noqa: PLC0415  an extra: only who prints needs it

    written = json.dumps({**data, "font": font}, ensure_ascii=False)
    made = typst.compile(template.read_bytes(), format="pdf", sys_inputs={"data": written})
    assert isinstance(made, bytes), "one document of pages"
    return made


def qr_printed(text: str) -> str:
    """A code to scan from paper, as SVG."""
    drawn: str = segno.make(text, error=_QR_LEVEL, micro=False).svg_inline(scale=4, border=2)
    return drawn


def require_printer() -> str:
    """The font to print with. Refuses, with what to do, where typst or a font is absent."""
    if importlib.util.find_spec("typst") is None:
        raise PdfMissing
    font = _font()
    if not font:
        raise FontMissing
    return font


@cache
def _font() -> str:
    import typst  # noqa: PLC0415  an extra: only who prints needs it

    known = set(typst.Fonts().families())
    return next((name for name in FONTS if name in known), "")
