"""Homes: the many ways to write a unit and room, levelled so that one home is one household."""

import re
import unicodedata

_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_TENS = re.compile(r"([一二三四五六七八九])?十([一二三四五六七八九])?")
_PARTS = re.compile(r"[0-9]+|[a-z]+")


def normal_home(text: str) -> str:
    """Level a home's address: 3号楼2单元501室, 三号楼二单元501 and 3-2-501 are the same home.

    What holds no digit at all is only levelled in width, case and spaces.
    """
    levelled = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    levelled = _TENS.sub(_ten, levelled).translate(_DIGITS)
    parts = _PARTS.findall(levelled)
    if not any(part.isdigit() for part in parts):
        return levelled
    return "-".join(part.lstrip("0") or "0" for part in parts)


def _ten(match: re.Match[str]) -> str:
    tens, ones = match.groups()
    return (tens or "1").translate(_DIGITS) + (ones or "0").translate(_DIGITS)
