"""Datum conversion: published values, a second implementation, and round trips below a centimetre."""

import math

import eviltransform
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiting.methods.coordinates import DATUMS, Datum, Point, convert, in_shifted_area

IN_BOX = st.builds(
    Point,
    latitude=st.floats(min_value=0.8293, max_value=55.8271),
    longitude=st.floats(min_value=72.004, max_value=137.8347),
)
# Away from the edge, where the second implementation decides on the shifted point instead.
WELL_INSIDE = st.builds(
    Point,
    latitude=st.floats(min_value=0.9, max_value=55.75),
    longitude=st.floats(min_value=72.1, max_value=137.75),
)
ANYWHERE = st.builds(
    Point,
    latitude=st.floats(min_value=-90, max_value=90),
    longitude=st.floats(min_value=-180, max_value=180),
)
SHIFTED: list[Datum] = ["gcj02", "bd09"]


def metres(a: Point, b: Point) -> float:
    north = math.radians(a.latitude - b.latitude)
    east = math.radians(a.longitude - b.longitude) * math.cos(math.radians(a.latitude))
    return 6_371_000 * math.hypot(north, east)


def far_outside(point: Point) -> bool:
    return not (0.7 < point.latitude < 55.9 and 71.9 < point.longitude < 137.9)


@pytest.mark.parametrize(
    ("source", "target", "latitude", "longitude"),
    [
        ("wgs84", "gcj02", 39.91640428150164, 116.41024449916938),
        ("gcj02", "bd09", 39.92133699351021, 116.41036949371029),
    ],
)
def test_published_values(source: Datum, target: Datum, latitude: float, longitude: float) -> None:
    """The example in the documentation of coordtransform, which uses the same ellipsoid."""
    moved = convert(Point(39.915, 116.404), source, target)
    assert (moved.latitude, moved.longitude) == pytest.approx((latitude, longitude), abs=1e-12)


@given(WELL_INSIDE)
def test_forward_agrees_with_eviltransform(point: Point) -> None:
    """It takes the axis of another ellipsoid (108 m shorter), which changes a shift by a centimetre or so."""
    theirs = Point(*eviltransform.wgs2gcj(point.latitude, point.longitude))
    assert metres(convert(point, "wgs84", "gcj02"), theirs) < 0.02
    theirs = Point(*eviltransform.wgs2bd(point.latitude, point.longitude))
    assert metres(convert(point, "wgs84", "bd09"), theirs) < 0.02
    theirs = Point(*eviltransform.gcj2bd(point.latitude, point.longitude))
    assert metres(convert(point, "gcj02", "bd09"), theirs) < 1e-6


@given(WELL_INSIDE)
def test_inverse_holds_in_eviltransform(point: Point) -> None:
    """Its own inverses are only near, so ours goes through its forward formula instead."""
    back = convert(point, "gcj02", "wgs84")
    assert metres(Point(*eviltransform.wgs2gcj(back.latitude, back.longitude)), point) < 0.02
    back = convert(point, "bd09", "gcj02")
    assert metres(Point(*eviltransform.gcj2bd(back.latitude, back.longitude)), point) < 1e-6
    near = Point(*eviltransform.bd2gcj(point.latitude, point.longitude))
    assert metres(back, near) < 0.5


@given(IN_BOX, st.sampled_from(SHIFTED))
def test_there_and_back_from_anywhere_in_the_box(point: Point, datum: Datum) -> None:
    assert metres(convert(convert(point, "wgs84", datum), datum, "wgs84"), point) < 1e-6


@given(WELL_INSIDE, st.sampled_from(DATUMS), st.sampled_from(DATUMS), st.sampled_from(DATUMS))
def test_a_way_round_is_the_straight_way(point: Point, a: Datum, b: Datum, c: Datum) -> None:
    assert metres(convert(convert(point, a, b), b, c), convert(point, a, c)) < 1e-6


@given(WELL_INSIDE)
def test_shift_is_some_hundred_metres(point: Point) -> None:
    assert 0.5 < metres(point, convert(point, "wgs84", "gcj02")) < 2000
    assert 200 < metres(point, convert(point, "gcj02", "bd09")) < 2000


@given(ANYWHERE.filter(far_outside), st.sampled_from(DATUMS), st.sampled_from(DATUMS))
def test_nothing_moves_outside_the_box(point: Point, source: Datum, target: Datum) -> None:
    assert not in_shifted_area(point)
    assert convert(point, source, target) == point


@given(st.sampled_from(SHIFTED), st.floats(min_value=10, max_value=50))
def test_a_point_just_outside_that_no_shift_reaches_stays(datum: Datum, latitude: float) -> None:
    """Shifts point east along the western edge, so nothing from inside lands west of it."""
    point = Point(latitude, 71.96)
    assert convert(point, datum, "wgs84") == point


@pytest.mark.parametrize(
    ("name", "point", "inside"),
    [
        ("Ordos", Point(39.608, 109.781), True),
        ("Ulaanbaatar, which the rough box takes in", Point(47.92, 106.92), True),
        ("Tokyo", Point(35.68, 139.69), False),
        ("London", Point(51.5, -0.12), False),
        ("south of the box", Point(0.5, 110.0), False),
        ("north of the box", Point(60.0, 110.0), False),
    ],
)
def test_box(name: str, point: Point, inside: bool) -> None:
    assert in_shifted_area(point) is inside, name
    assert (convert(point, "wgs84", "gcj02") != point) is inside, name


@pytest.mark.parametrize("datum", DATUMS)
def test_same_datum_gives_the_very_point(datum: Datum) -> None:
    point = Point(39.608, 109.781)
    assert convert(point, datum, datum) is point


@pytest.mark.parametrize(
    ("point", "reason"),
    [
        (Point(90.1, 0), "latitude must be from -90 to 90 degrees, not 90.1"),
        (Point(-91, 0), "latitude"),
        (Point(0, 180.5), "longitude must be from -180 to 180 degrees, not 180.5"),
        (Point(math.nan, 0), "latitude"),
        (Point(0, math.inf), "longitude"),
    ],
)
def test_bad_points(point: Point, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        convert(point, "wgs84", "gcj02")


@pytest.mark.parametrize(("source", "target"), [("wgs72", "gcj02"), ("gcj02", "BD-09")])
def test_unknown_datum(source: Datum, target: Datum) -> None:
    with pytest.raises(ValueError, match="a datum must be one of wgs84, gcj02, bd09, not"):
        convert(Point(0, 0), source, target)
