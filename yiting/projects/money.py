"""Sums of money as people type them, read into integer fen without a float on the way."""

from __future__ import annotations

import re
import unicodedata

from yiting.projects.errors import MoneyUnreadable

# Twelve digits of yuan are more than any budget and still far below what the table can hold.
_AMOUNT = re.compile(r"([0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.([0-9]{1,2}))?")


def read_yuan(text: str) -> int | None:
    """Read an amount of yuan as fen; nothing typed is not said. What is no amount raises MoneyUnreadable.

    Full-width digits, "¥", "元" and thousands separators are understood, words such as "十二万" are not.
    """
    levelled = "".join(unicodedata.normalize("NFKC", text).split())
    if not levelled:
        return None
    amount = _AMOUNT.fullmatch(levelled.removeprefix("¥").removesuffix("元"))
    if amount is None:
        raise MoneyUnreadable(amount=text.strip()[:40])
    yuan, fen = amount.groups()
    return int(yuan.replace(",", "")) * 100 + int((fen or "0").ljust(2, "0"))


def yuan_text(fen: int | None) -> str:
    """Write fen as somebody would type the yuan; nothing for what is not said."""
    if fen is None:
        return ""
    yuan, rest = divmod(fen, 100)
    return f"{yuan}.{rest:02d}" if rest else str(yuan)


def yuan_shown(fen: int) -> str:
    """Write fen as a page shows them: '¥1,200', or '¥1,200.50' when there are fen to show."""
    yuan, rest = divmod(abs(fen), 100)
    sign = "−" if fen < 0 else ""
    return f"{sign}¥{yuan:,}" + (f".{rest:02d}" if rest else "")
