"""The division code: what can be one, what it says, what it may stand under."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiting.places import codes
from yiting.places.errors import CodeInvalid, CodeNotUnderParent, CodeYearMissing
from yiting.places.models import Level, Place
from yiting.places.rules import check_under_parent, checked_code


def test_there_are_the_34_provinces_of_gb_t_2260() -> None:
    assert len(codes.PROVINCES) == 34
    assert {"11", "15", "65", "71", "81", "82"} <= codes.PROVINCES
    assert not {"10", "16", "24", "38", "47", "66", "83"} & codes.PROVINCES


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("150000000000", Level.PROVINCE),
        ("150600000000", Level.CITY),
        ("150602000000", Level.COUNTY),
        ("150602001000", Level.STREET),
        ("150602001003", Level.COMMUNITY),
        ("441900003000", Level.STREET),  # a city without counties
        ("441900003001", Level.COMMUNITY),
        ("429004001000", Level.STREET),
    ],
)
def test_a_code_tells_its_level(code: str, level: Level) -> None:
    assert codes.code_level(code) == level
    assert codes.code_check(code, level) == code


@pytest.mark.parametrize(
    ("text", "full"),
    [("150602", "150602000000"), ("150602001", "150602001000"), (" 1506 0200 1003 ", "150602001003")],
)
def test_usual_short_forms_are_filled_up(text: str, full: str) -> None:
    assert codes.code_normalise(text) == full


@pytest.mark.parametrize(
    "text",
    [
        "",
        "15",
        "1506020010",
        "1506020010030",
        "15060200100X",
        "１５０６０２００１００３",
        "160602001003",
        "000000000000",
    ],
)
def test_what_cannot_be_a_code_is_refused_by_name(text: str) -> None:
    with pytest.raises(CodeInvalid) as refused:
        codes.code_normalise(text)
    assert refused.value.status == 400
    assert text in str(refused.value.message)


@pytest.mark.parametrize("number", ["001", "099", "100", "199", "200", "399", "400", "599"])
def test_street_classes_run_from_1_to_599(number: str) -> None:
    assert codes.code_check(f"150602{number}000", Level.STREET)


@pytest.mark.parametrize("number", ["600", "799", "999"])
def test_no_street_has_a_number_past_599(number: str) -> None:
    with pytest.raises(CodeInvalid, match=number):
        codes.code_check(f"150602{number}000", Level.STREET)
    with pytest.raises(CodeInvalid, match=number):
        codes.code_check(f"150602{number}001", Level.COMMUNITY)


def test_a_code_of_another_level_is_refused() -> None:
    with pytest.raises(CodeInvalid):
        codes.code_check("150602001000", Level.COMMUNITY)
    with pytest.raises(CodeInvalid):
        codes.code_check("150602001003", Level.STREET)


@pytest.mark.parametrize("year", [None, 0, 1979, 2100])
def test_a_code_without_a_year_is_refused(year: int | None) -> None:
    with pytest.raises(CodeYearMissing):
        checked_code("150602001003", Level.COMMUNITY, None, year)


def test_first_digits_must_be_the_parents() -> None:
    street = Place(level=Level.STREET, name="天骄街道", code="150602001000")
    check_under_parent("150602001003", street)
    with pytest.raises(CodeNotUnderParent) as refused:
        check_under_parent("150602002003", street)
    assert "天骄街道" in str(refused.value.message)


@given(
    st.sampled_from(sorted(codes.PROVINCES)),
    st.integers(1, 99),
    st.integers(1, 99),
    st.integers(1, 599),
    st.integers(1, 999),
)
def test_what_stands_above_a_code_is_its_own_beginning(
    province: str, city: int, county: int, street: int, community: int
) -> None:
    code = f"{province}{city:02}{county:02}{street:03}{community:03}"
    above = codes.codes_above(code)
    assert [codes.code_level(one) for one in above] == [
        Level.STREET,
        Level.COUNTY,
        Level.CITY,
        Level.PROVINCE,
    ]
    for one in above:
        assert code.startswith(codes.code_prefix(one, codes.code_level(one)))


@given(st.sets(st.integers(900, 999)))
def test_a_local_code_is_the_first_free_from_900(taken: set[int]) -> None:
    code = codes.free_local_code("150602001000", {f"150602001{number}" for number in taken})
    free = sorted(set(range(900, 1000)) - taken)
    assert code == (f"150602001{free[0]}" if free else None)
    assert code is None or codes.is_local(code, Level.COMMUNITY)
