"""Numbers as files write them, read exactly."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from yiting.methods.allocations.errors import AllocationInvalid

WHOLE: Final = re.compile(r"[+-]?[0-9]{1,18}")
DECIMAL: Final = re.compile(r"[+-]?[0-9]{1,18}(?:[.][0-9]{1,18})?|[+-]?[0-9]{1,18}/[1-9][0-9]{0,17}")
COMMA: Final = re.compile(r"[+-]?[0-9]{1,18},[0-9]{1,18}")


def number_read(place: str, text: str) -> int | Fraction:
    """Read a whole number, a decimal fraction or a ratio; a comma is refused, since it may part thousands."""
    text = text.strip()
    if WHOLE.fullmatch(text):
        return int(text)
    if DECIMAL.fullmatch(text):
        number = Fraction(text)
        return int(number) if number.denominator == 1 else number
    if COMMA.fullmatch(text):
        raise AllocationInvalid(place, f"{text[:40]!r} has a comma; write a point before the decimals")
    raise AllocationInvalid(place, f"{text[:40]!r} is no number; write one such as 1200 or 1200.50")


def number_written(number: int | Fraction) -> str:
    """Write a number so that it is read as the same: as a decimal fraction where that is exact, or a ratio."""
    exact = Fraction(number)
    rest = exact.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest > 1:
        return f"{exact.numerator}/{exact.denominator}"
    if exact.denominator == 1:
        return str(exact.numerator)
    places = 0
    while (exact * 10**places).denominator > 1:
        places += 1
    digits = str(abs(int(exact * 10**places))).rjust(places + 1, "0")
    return f"{'-' if exact < 0 else ''}{digits[:-places]}.{digits[-places:]}"
