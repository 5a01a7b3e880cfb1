"""Reading the tree in a fixed number of queries."""

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.factories.places import make_building, make_community, make_estate, make_street
from yiting.places import queries
from yiting.places.errors import PlaceMissing
from yiting.places.models import Place

pytestmark = pytest.mark.django_db


def test_names_are_sorted_as_people_count() -> None:
    estate = make_estate()
    for number in [10, 2, 1]:
        make_building(f"{number}号楼", estate)
    assert [place.name for place in queries.children_of(estate)] == ["1号楼", "2号楼", "10号楼"]


def test_a_subtree_holds_what_lies_below_and_nothing_beside() -> None:
    community, other = make_community(), make_community()
    estate = make_estate(community=community)
    building = make_building(estate=estate)
    make_estate(community=other)
    assert queries.subtree_ids(community) == [community.pk, estate.pk, building.pk]
    assert [place.pk for place in queries.list_subtree(community)] == [community.pk, estate.pk, building.pk]


def test_options_follow_the_tree_with_their_depth() -> None:
    community = make_community("天骄社区")
    second, first = make_estate("乙2", community), make_estate("乙1", community)
    make_building("1号楼", second)
    make_building("2号楼", first)
    found = [(option.name, option.depth, option.level) for option in queries.place_options(community)]
    assert found == [
        ("天骄社区", 0, "community"),
        ("乙1", 1, "estate"),
        ("2号楼", 2, "building"),
        ("乙2", 1, "estate"),
        ("1号楼", 2, "building"),
    ]


def test_full_names_run_from_the_asked_level_down() -> None:
    building = make_building("3号楼", make_estate("仁和家园", make_community("天骄社区")))
    assert queries.full_name(building) == "天骄社区 仁和家园 3号楼"
    assert queries.full_name(building, "street") == "天骄街道 天骄社区 仁和家园 3号楼"
    assert queries.full_name(building, "building") == "3号楼"
    assert queries.full_name(make_street()) == "天骄街道"


@pytest.mark.parametrize("count", [3, 30])
def test_queries_do_not_grow_with_the_tree(count: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    community = make_community()
    estate = make_estate(community=community)
    buildings = [make_building(estate=estate) for _ in range(count)]
    leaf = Place.objects.get(pk=buildings[0].pk)
    with django_assert_num_queries(1):
        assert len(queries.list_ancestors(leaf)) == 6
    with django_assert_num_queries(1):
        assert len(queries.place_options(community)) == count + 2
    with django_assert_num_queries(1):
        assert len(queries.full_names(buildings)) == count
    with django_assert_num_queries(1):
        queries.children_of(estate)
    with django_assert_num_queries(3):
        assert len(queries.place_pick(estate=estate.pk).buildings) == count


def test_a_choice_that_does_not_fit_the_one_above_is_dropped() -> None:
    community, other = make_community(), make_community()
    estate, strange = make_estate(community=community), make_estate(community=other)
    building = make_building(estate=estate)
    pick = queries.place_pick(community=community.pk, estate=strange.pk, building=building.pk)
    assert (pick.community, pick.estate, pick.building) == (community, None, None)
    pick = queries.place_pick(community=str(community.pk), estate=str(estate.pk), building=str(building.pk))
    assert pick.chosen == building
    assert queries.place_pick(community="1 OR 1=1").chosen is None


def test_communities_without_estates_are_offered_only_while_none_has_any() -> None:
    bare = make_community("甲")
    assert queries.list_communities() == [bare]
    full = make_estate().parent
    assert queries.list_communities() == [full]


def test_households_are_counted_from_the_nearest_counts_below() -> None:
    community = make_community()
    assert queries.household_count(community) is None
    estate = make_estate(community=community, households=306)
    make_estate(community=community, households=100)
    building = make_building(estate=estate)
    Place.objects.filter(pk=building.pk).update(households=60)
    assert queries.household_count(community) == 406
    assert queries.household_count(estate) == 306


@pytest.mark.parametrize("pk", [0, "x", "", "99999999999999999999", "-1", None])
def test_no_such_place_is_missing(pk: int | str) -> None:
    with pytest.raises(PlaceMissing):
        queries.get_place(pk)
