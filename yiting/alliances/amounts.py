"""Amounts of resources as people type and read them; money is integer fen, everything else whole numbers."""

from __future__ import annotations

import re
import unicodedata

from yiting.alliances.errors import AmountUnfit
from yiting.alliances.models import ResourceKind
from yiting.projects.errors import MoneyUnreadable
from yiting.projects.money import read_yuan, yuan_text

# Far beyond anything that is shared here, and far below what the table can hold.
MOST = 10**14
_COUNT = re.compile(r"[0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2}")


def read_amount(text: str, *, money: bool) -> int:
    """Read an amount as typed, yuan as fen; full-width digits and separators are understood, else AmountUnfit."""
    levelled = "".join(unicodedata.normalize("NFKC", text).split())
    found: int | None = None
    if money:
        try:
            found = read_yuan(levelled)
        except MoneyUnreadable:
            found = None
    elif _COUNT.fullmatch(levelled):
        found = int(levelled.replace(",", ""))
    if not found:
        raise AmountUnfit(amount=text.strip()[:40])
    return found


def check_amount(amount: int) -> int:
    """Return the amount if there can be so much of anything."""
    if not 1 <= amount <= MOST:
        raise AmountUnfit(amount=amount)
    return amount


def typed_amount(amount: int, *, money: bool) -> str:
    """Write an amount as somebody would type it into the field."""
    return yuan_text(amount) if money else str(amount)


def amount_text(amount: int, *, measure: str, money: bool) -> str:
    """Write an amount with what it is counted in: “12 人时”, “1,200 元”."""
    if not money:
        return f"{amount:,} {measure}"
    yuan, fen = divmod(amount, 100)
    return f"{yuan:,}.{fen:02d} {measure}" if fen else f"{yuan:,} {measure}"


def said(kind: ResourceKind, amount: int) -> str:
    """Write an amount of a kind with what it is counted in."""
    return amount_text(amount, measure=kind.measure, money=kind.money)
