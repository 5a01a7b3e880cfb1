"""The rules of the division code: 2+2+2+3+3 digits for province, city, county, street, community. Pure.

The statistics bureau publishes a new list every year, so a code means little without its year. A community
that is in no list gets a local code: its street's nine digits and 900 to 999, which the bureau leaves free.
"""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from yiting.places.errors import CodeInvalid
from yiting.places.models import CODED_LEVELS, Level

# GB/T 2260: the 34 provinces, autonomous regions, municipalities and special regions.
PROVINCES = frozenset(
    str(number)
    for region in (range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 66))
    for number in region
) | {"71", "81", "82"}
# GB/T 10114: subdistricts, towns, townships, and what stands on their level (farms, development zones).
STREET_CLASSES = (range(1, 100), range(100, 200), range(200, 400), range(400, 600))
LOCAL_NUMBERS = range(900, 1000)
CODE_DIGITS = 12

_DIGITS = {Level.PROVINCE: 2, Level.CITY: 4, Level.COUNTY: 6, Level.STREET: 9, Level.COMMUNITY: 12}
_SHORT_FORMS = (6, 9)


def code_normalise(text: str) -> str:
    """Return a code as twelve digits, or raise CodeInvalid; the short forms of 6 and 9 are filled up."""
    code = "".join(str(text).split())
    if not (code.isascii() and code.isdigit()):
        raise CodeInvalid(code=text, reason=_("it holds something other than digits"))
    if len(code) in _SHORT_FORMS:
        code = code.ljust(CODE_DIGITS, "0")
    if len(code) != CODE_DIGITS:
        raise CodeInvalid(code=text, reason=_("it does not have 12 digits"))
    if code[:2] not in PROVINCES:
        raise CodeInvalid(code=text, reason=_("its first two digits belong to no province"))
    return code


def code_level(code: str) -> Level:
    """Tell the level of a twelve-digit code by where its zeros begin."""
    return next(level for level in CODED_LEVELS if not code[_DIGITS[level] :].strip("0"))


def code_check(text: str, level: Level) -> str:
    """Return the code as twelve digits if it can be one of this level, or raise CodeInvalid."""
    code = code_normalise(text)
    if code_level(code) != level:
        raise CodeInvalid(
            code=text,
            reason=_("by its zeros it is a %(found)s, not a %(level)s")
            % {"found": code_level(code).label, "level": level.label},
        )
    street = int(code[6:9])
    if level in (Level.STREET, Level.COMMUNITY) and not any(street in of_class for of_class in STREET_CLASSES):
        raise CodeInvalid(
            code=text,
            reason=_("no street, town or township has the number %(number)s") % {"number": code[6:9]},
        )
    return code


def code_prefix(code: str, level: Level) -> str:
    """Return the digits that everything below a place of this level shares with it."""
    return code[: _DIGITS[level]]


def codes_above(code: str) -> list[str]:
    """List the codes that may stand above a code, the nearest first."""
    above = [code[:digits].ljust(CODE_DIGITS, "0") for digits in sorted(_DIGITS.values(), reverse=True)]
    return [candidate for candidate in dict.fromkeys(above) if candidate != code]


def is_local(code: str, level: Level) -> bool:
    """Say whether a code is one that an office gave itself."""
    return level == Level.COMMUNITY and int(code[9:]) in LOCAL_NUMBERS


def free_local_code(street_code: str, taken: Iterable[str]) -> str | None:
    """Return the first free local code under a street; None when all hundred are taken."""
    used = set(taken)
    candidates = (f"{street_code[:9]}{number}" for number in LOCAL_NUMBERS)
    return next((code for code in candidates if code not in used), None)
