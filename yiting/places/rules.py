"""What must hold of a place before it is written; shared by adding one and importing many."""

from datetime import date
from decimal import Decimal, InvalidOperation

from yiting.places import codes
from yiting.places.errors import (
    CodeNotUnderParent,
    CodeYearMissing,
    CountedInFuture,
    CountsWrong,
    LevelWrong,
    NameMissing,
    PointWrong,
)
from yiting.places.models import CODED_LEVELS, NAME_LIMIT, Level, Place

CODE_YEARS = range(1980, 2100)
COUNT_LIMIT = 1_000_000_000

_RANK = {level: rank for rank, level in enumerate(Level)}


def checked_name(name: str) -> str:
    """Return the name without spaces around it and within it doubled; refuse none, and what is no name."""
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > NAME_LIMIT or not cleaned.isprintable():
        raise NameMissing(limit=NAME_LIMIT)
    return cleaned


def check_level(level: Level, parent: Place | None) -> None:
    """Refuse a level that cannot stand under the parent; divisions may skip one: cities without counties."""
    if parent is None:
        fits = level in CODED_LEVELS
    elif level == Level.BUILDING:
        fits = parent.level in (Level.ESTATE, Level.COMMUNITY)
    elif level == Level.ESTATE:
        fits = parent.level == Level.COMMUNITY
    else:
        fits = _RANK[Level(parent.level)] < _RANK[level]
    if not fits:
        raise LevelWrong(level=level.label, parent=parent.name if parent else "—")


def checked_code(text: str, level: Level, parent: Place | None, year: int | None) -> str:
    """Return a code that fits the level, its parent's and its year, or refuse it."""
    code = codes.code_check(text, level)
    if year is None or year not in CODE_YEARS:
        raise CodeYearMissing(code=code)
    check_under_parent(code, parent)
    return code


def check_under_parent(code: str, parent: Place | None) -> None:
    """Refuse a code whose first digits are not its parent's."""
    if parent is None or parent.code is None:
        return
    if not code.startswith(codes.code_prefix(parent.code, Level(parent.level))):
        raise CodeNotUnderParent(code=code, parent=parent.name, parent_code=parent.code)


def check_counts(households: int | None, on_allowance: int | None) -> None:
    """Refuse counts below nought, and more households on allowance than there are."""
    known = [count for count in (households, on_allowance) if count is not None]
    fits = all(0 <= count <= COUNT_LIMIT for count in known)
    if on_allowance is not None:
        fits = fits and households is not None and on_allowance <= households
    if not fits:
        raise CountsWrong(
            households="—" if households is None else households,
            on_allowance="—" if on_allowance is None else on_allowance,
        )


def checked_point(
    latitude: Decimal | float | str | None, longitude: Decimal | float | str | None
) -> tuple[Decimal | None, Decimal | None]:
    """Return a point in six decimals, a tenth of a metre; refuse half of one, and one off the Earth."""
    if latitude is None and longitude is None:
        return None, None
    try:
        point = [Decimal(str(number)).quantize(Decimal("0.000001")) for number in (latitude, longitude)]
    except InvalidOperation:
        raise PointWrong from None
    if not (all(number.is_finite() for number in point) and abs(point[0]) <= 90 and abs(point[1]) <= 180):
        raise PointWrong
    return point[0], point[1]


def check_counted_on(counted_on: date | None, today: date) -> None:
    """Refuse a count from the future."""
    if counted_on is not None and counted_on > today:
        raise CountedInFuture(counted_on=counted_on.isoformat())
