"""Adding places, counting households, changing codes."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from tests.factories.places import make_community, make_estate, make_street
from yiting.places import errors
from yiting.places.models import CodeChange, Place
from yiting.places.queries import get_place_by_code
from yiting.places.services import (
    place_add,
    place_count,
    place_default,
    place_locate,
    place_recode,
    place_rename,
)

pytestmark = pytest.mark.django_db
AT = datetime(2024, 5, 20, 2, 0, tzinfo=UTC)


def test_the_path_lists_the_keys_from_the_root_down() -> None:
    estate = make_estate()
    community = Place.objects.get(pk=estate.parent_id)
    assert estate.path == f"{community.path}{estate.pk}/"
    assert community.path.count("/") == 6


def test_a_listed_community_keeps_code_and_year() -> None:
    place = place_add(
        by_role="worker@天骄社区",
        parent=make_street(),
        level="community",
        name="天骄社区",
        code="150602001003",
        code_year=2023,
        at=AT,
    )
    stored = Place.objects.get(pk=place.pk)
    assert (stored.code, stored.code_year, stored.code_is_local) == ("150602001003", 2023, False)
    assert (stored.recorded_by, stored.recorded_at) == ("worker@天骄社区", AT)


def test_a_community_in_no_list_gets_the_next_local_code() -> None:
    street = make_street()
    first, second = make_community(street=street), make_community(street=street)
    assert [first.code, second.code] == ["150602001900", "150602001901"]
    assert first.code_is_local
    assert second.code_is_local


def test_a_local_code_that_was_replaced_is_not_given_again() -> None:
    street = make_street()
    first = make_community(street=street)
    place_recode(by_role="street", place=first, code="150602001004", year=2025, note="listed", at=AT)
    assert make_community(street=street).code == "150602001901"


def test_the_hundredth_local_code_is_the_last() -> None:
    street = make_street()
    for _ in range(100):
        make_community(street=street)
    with pytest.raises(errors.LocalCodesUsedUp) as refused:
        make_community(street=street)
    assert "天骄街道" in str(refused.value.message)


def test_bad_places_are_refused_by_name() -> None:
    street, community = make_street(), make_community("天骄社区")
    estate = make_estate("仁和家园", community)

    def add(parent: Place | None, level: str, name: str, **more: object) -> Place:
        return place_add(by_role="", parent=parent, level=level, name=name, at=AT, **more)  # type: ignore[arg-type]

    before = Place.objects.count()
    refusals = [
        (errors.LevelWrong, lambda: add(street, "estate", "小区")),
        (errors.LevelWrong, lambda: add(community, "street", "街道", code="150602002000", code_year=2023)),
        (errors.LevelWrong, lambda: add(None, "estate", "小区")),
        (errors.NameMissing, lambda: add(community, "estate", "  ")),
        (errors.NameMissing, lambda: add(community, "estate", "长" * 81)),
        (errors.NameTaken, lambda: add(community, "estate", " 仁和家园 ")),
        (errors.CodeNotHere, lambda: add(community, "estate", "小区", code="150602001003", code_year=2023)),
        (errors.CodeMissing, lambda: add(None, "community", "社区")),
        (errors.CodeTaken, lambda: add(street, "community", "另一个", code=community.code, code_year=2024)),
        (errors.CodeYearMissing, lambda: add(street, "community", "社区", code="150602001003")),
        (
            errors.CodeNotUnderParent,
            lambda: add(street, "community", "社区", code="150602003003", code_year=2023),
        ),
        (
            errors.CountsWrong,
            lambda: add(estate, "building", "1号楼", households=5, households_on_allowance=6),
        ),
        (errors.CountsWrong, lambda: add(estate, "building", "1号楼", households_on_allowance=6)),
        (errors.CountsWrong, lambda: add(estate, "building", "1号楼", households=-1)),
        (errors.PointWrong, lambda: add(estate, "building", "1号楼", latitude=39.8)),
        (errors.PointWrong, lambda: add(estate, "building", "1号楼", latitude=91, longitude=110)),
        (errors.PointWrong, lambda: add(estate, "building", "1号楼", latitude="nan", longitude=110)),
        (errors.PointWrong, lambda: add(estate, "building", "1号楼", latitude="1e40", longitude=110)),
        (errors.CountedInFuture, lambda: add(estate, "building", "1号楼", counted_on=date(2024, 5, 21))),
    ]
    for refusal, attempt in refusals:
        with pytest.raises(refusal) as refused:
            attempt()
        assert "%(" not in str(refused.value.message)
        assert isinstance(refused.value, errors.Refused)
    assert Place.objects.count() == before


def test_a_day_is_the_places_own() -> None:
    """At 18:00 UTC it is the next day in China already, so a count of that day is not in the future."""
    late = datetime(2024, 5, 20, 18, 0, tzinfo=UTC)
    estate = make_estate()
    place_count(
        by_role="worker", place=estate, households=1, households_on_allowance=None,
        counted_on=date(2024, 5, 21), source="", at=late,
    )  # fmt: skip
    assert Place.objects.get(pk=estate.pk).counted_on == date(2024, 5, 21)


def test_counts_carry_their_day_and_source() -> None:
    estate = make_estate("仁和家园")
    place_count(
        by_role="worker@天骄社区",
        place=estate,
        households=306,
        households_on_allowance=36,
        counted_on=date(2024, 1, 5),
        source="社区台账",
        at=AT,
    )
    stored = Place.objects.get(pk=estate.pk)
    assert (stored.households, stored.households_on_allowance) == (306, 36)
    assert (stored.counted_on, stored.source) == (date(2024, 1, 5), "社区台账")
    assert stored.recorded_by == "worker@天骄社区"


@pytest.mark.parametrize(
    "change",
    [
        {"households": 5, "households_on_allowance": 6},
        {"households": None, "households_on_allowance": 1},
        {"latitude": Decimal("39.8"), "longitude": None},
        {"code": "150602001003"},
        {"level": "village"},
    ],
)
def test_the_database_itself_refuses_what_cannot_be(change: dict[str, object]) -> None:
    estate = make_estate()
    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.filter(pk=estate.pk).update(**change)


def test_an_old_code_still_finds_its_place_through_several_changes() -> None:
    community = make_community("天骄社区")
    old = community.code
    assert old is not None
    for code, year in [("150602001004", 2024), ("150602001005", 2025)]:
        place_recode(by_role="street", place=community, code=code, year=year, note="", at=AT)
    for code in [old, "150602001004", "150602001005"]:
        assert get_place_by_code(code) == community
    stored = Place.objects.get(pk=community.pk)
    assert (stored.code, stored.code_year, stored.code_is_local) == ("150602001005", 2025, False)
    with pytest.raises(errors.CodeUnknown):
        get_place_by_code("150602001006")


def test_a_circle_of_changes_ends() -> None:
    CodeChange.objects.create(old_code="150602001007", new_code="150602001008", year=2024)
    CodeChange.objects.create(old_code="150602001008", new_code="150602001007", year=2025)
    with pytest.raises(errors.CodeUnknown):
        get_place_by_code("150602001007")


def test_a_change_of_code_is_checked() -> None:
    community, other = make_community(), make_community()
    with pytest.raises(errors.CodeTaken):
        place_recode(by_role="", place=community, code=other.code or "", year=2025, note="", at=AT)
    with pytest.raises(errors.YearNotLater):
        place_recode(by_role="", place=community, code="150602001009", year=2020, note="", at=AT)
    with pytest.raises(errors.CodeNotHere):
        place_recode(by_role="", place=make_estate(), code="150602001009", year=2025, note="", at=AT)
    same = place_recode(by_role="", place=community, code=community.code or "", year=2025, note="", at=AT)
    assert same.code == community.code
    assert not CodeChange.objects.exists()


def test_renaming_and_locating() -> None:
    community = make_community()
    estate, _other = make_estate("仁和家园", community), make_estate("天骄小区", community)
    with pytest.raises(errors.NameTaken):
        place_rename(by_role="", place=estate, name="天骄小区", at=AT)
    place_rename(by_role="", place=estate, name="仁和  家园", at=AT)
    place_locate(by_role="", place=estate, latitude="39.8162345678", longitude=110.005, at=AT)
    stored = Place.objects.get(pk=estate.pk)
    assert (stored.name, stored.latitude, stored.longitude) == (
        "仁和 家园",
        Decimal("39.816235"),
        Decimal("110.005000"),
    )


def test_a_place_that_went_away_is_missing() -> None:
    estate = make_estate()
    Place.objects.filter(pk=estate.pk).delete()
    with pytest.raises(errors.PlaceMissing):
        place_rename(by_role="", place=estate, name="新名", at=AT)


def test_the_default_is_the_lowest_place_that_holds_all_others() -> None:
    street = make_street()
    assert place_default(at=AT) == street
    community = make_community(street=street)
    make_estate(community=community)
    assert place_default(at=AT) == community
    make_community(street=street)
    assert place_default(at=AT) == street


def test_without_any_place_a_community_is_made_once_and_can_get_its_code() -> None:
    made = place_default(at=AT)
    assert (made.level, made.code) == ("community", None)
    assert place_default(at=AT) == made
    coded = place_recode(by_role="admin", place=made, code="150602001003", year=2023, note="", at=AT)
    assert get_place_by_code("150602001003") == coded
    assert not CodeChange.objects.exists()


def test_between_several_trees_the_place_must_be_said() -> None:
    place_default(at=AT)
    make_street()
    with pytest.raises(errors.PlaceNotSaid):
        place_default(at=AT)
