"""Convert points between WGS-84, GCJ-02 and BD-09.

Yiting stores WGS-84. Maps published in China show GCJ-02, which moves every point by some hundred metres;
Baidu's BD-09 moves GCJ-02 once more. Both forward formulas are the widely published ones. They have no
inverse in closed form, so the inverse is found by iteration, to far below a centimetre.

A point is shifted only inside a rough box around China (`in_shifted_area`, decided on the WGS-84 point). The
box is that of the published formulas and follows no border: it takes in Mongolia, Korea, Vietnam and more,
where maps of foreign make are not shifted at all. Within about a kilometre outside its edge a point cannot be
told from one that was shifted out of it, and is read as shifted.
"""

from dataclasses import dataclass
from math import atan2, cos, hypot, isfinite, pi, radians, sin, sqrt
from typing import Final, Literal, get_args

Datum = Literal["wgs84", "gcj02", "bd09"]
DATUMS: Final[tuple[Datum, ...]] = get_args(Datum)

_WEST, _EAST = 72.004, 137.8347
_SOUTH, _NORTH = 0.8293, 55.8271
# No shift reaches this many degrees; farther outside the box no point can come from inside it.
_LONGEST_SHIFT: Final = 0.05
# What rounding may move a point that lies on the very edge of the box.
_ROUNDING: Final = 1e-9
# Each step shrinks the error at least thirtyfold, so these leave nothing but rounding.
_STEPS: Final = 10
# The Krasovsky 1940 ellipsoid: semi-major axis in metres, squared eccentricity.
_AXIS: Final = 6378245.0
_ECCENTRICITY: Final = 0.00669342162296594323
_BAIDU_WAVE: Final = pi * 3000.0 / 180.0


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the earth in degrees; which datum it is given in, the caller knows."""

    latitude: float
    longitude: float


def convert(point: Point, source: Datum, target: Datum) -> Point:
    """Return the same place, given in `source`, as `target` writes it."""
    for datum in (source, target):
        if datum not in DATUMS:
            raise ValueError(f"a datum must be one of {', '.join(DATUMS)}, not {datum}")
    _check(point)
    if source == target:
        return point
    return _from_wgs84(_to_wgs84(point, source), target)


def in_shifted_area(point: Point) -> bool:
    """Say whether a WGS-84 point lies in the rough box inside which Chinese maps shift it."""
    return _in_box(point, 0.0)


def _check(point: Point) -> None:
    for value, limit, name in ((point.latitude, 90, "latitude"), (point.longitude, 180, "longitude")):
        if not isfinite(value) or abs(value) > limit:
            raise ValueError(f"{name} must be from -{limit} to {limit} degrees, not {value}")


def _from_wgs84(point: Point, target: Datum) -> Point:
    return _shifted(point, target) if in_shifted_area(point) else point


def _to_wgs84(point: Point, source: Datum) -> Point:
    if source == "wgs84" or not _in_box(point, _LONGEST_SHIFT):
        return point
    guess = point
    for _ in range(_STEPS):
        reached = _shifted(guess, source)
        guess = Point(
            guess.latitude - (reached.latitude - point.latitude),
            guess.longitude - (reached.longitude - point.longitude),
        )
    return guess if _in_box(guess, _ROUNDING) else point


def _in_box(point: Point, margin: float) -> bool:
    return _WEST - margin <= point.longitude <= _EAST + margin and _SOUTH - margin <= point.latitude <= _NORTH + margin


def _shifted(point: Point, target: Datum) -> Point:
    """Shift a WGS-84 point, wherever it lies."""
    if target == "wgs84":
        return point
    gcj02 = _wgs84_to_gcj02(point)
    return gcj02 if target == "gcj02" else _gcj02_to_bd09(gcj02)


def _wgs84_to_gcj02(point: Point) -> Point:
    x, y = point.longitude - 105.0, point.latitude - 35.0
    ripple = 20.0 * sin(6.0 * pi * x) + 20.0 * sin(2.0 * pi * x)
    north = (
        -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
        + (ripple + 20.0 * sin(pi * y) + 40.0 * sin(pi * y / 3.0)
           + 160.0 * sin(pi * y / 12.0) + 320.0 * sin(pi * y / 30.0)) * 2.0 / 3.0
    )  # fmt: skip
    east = (
        300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
        + (ripple + 20.0 * sin(pi * x) + 40.0 * sin(pi * x / 3.0)
           + 150.0 * sin(pi * x / 12.0) + 300.0 * sin(pi * x / 30.0)) * 2.0 / 3.0
    )  # fmt: skip
    latitude = radians(point.latitude)
    flattening = 1.0 - _ECCENTRICITY * sin(latitude) ** 2
    metres_north = _AXIS * (1.0 - _ECCENTRICITY) / (flattening * sqrt(flattening)) * pi / 180.0
    metres_east = _AXIS / sqrt(flattening) * cos(latitude) * pi / 180.0
    return Point(point.latitude + north / metres_north, point.longitude + east / metres_east)


def _gcj02_to_bd09(point: Point) -> Point:
    x, y = point.longitude, point.latitude
    radius = hypot(x, y) + 0.00002 * sin(y * _BAIDU_WAVE)
    angle = atan2(y, x) + 0.000003 * cos(x * _BAIDU_WAVE)
    return Point(radius * sin(angle) + 0.006, radius * cos(angle) + 0.0065)
