"""What begins to grow is told once to those who work for the place, and matters keep their names."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.factories.needs import SAID_AT, public_need, say
from tests.factories.people import OrganisationFactory, RoleFactory
from tests.factories.places import make_community, make_estate
from yiting.needs.models import HotSnapshot, Need
from yiting.needs.queries.hotness import growth_in_figures
from yiting.needs.services import heating, hot_refresh
from yiting.notices.models import Notice
from yiting.people.models import Account, Role
from yiting.places.models import Place

pytestmark = pytest.mark.django_db

SMOKE = (
    "晚上烧烤摊油烟直往家里灌，窗户都不敢开",
    "烧烤摊的油烟往家里灌，晚上不敢开窗户",
    "油烟太大，烧烤摊晚上往家里灌烟",
    "楼下烧烤摊油烟太大，晚上窗户不敢开",
)


@pytest.fixture
def estate() -> Place:
    return make_estate("仁和家园", make_community("天骄社区"))


@pytest.fixture
def worker(estate: Place) -> Account:
    role: Role = RoleFactory(organisation=OrganisationFactory(place=estate.parent))
    return role.account


def smoke(estate: Place) -> Need:
    """A year ago a lamp, now four people about smoke."""
    say("路灯不亮了，晚上漆黑一片", estate, at=SAID_AT - timedelta(days=300))
    need = public_need(SMOKE[0], estate)
    for words in SMOKE[1:]:
        say(words, estate, need=need)
    return need


def refresh(estate: Place, days: int = 1) -> HotSnapshot:
    assert estate.parent is not None
    return hot_refresh(place=estate.parent, at=SAID_AT + timedelta(days=days))


def told(account: Account) -> list[str]:
    return list(Notice.objects.filter(account=account, topic__startswith="place-").values_list("link", flat=True))


def test_workers_of_the_place_are_told_once_and_led_to_the_need(estate: Place, worker: Account) -> None:
    need = smoke(estate)
    first = refresh(estate)
    assert first.matters[0]["why"]["alert"]
    assert told(worker) == [f"/bench/needs/{need.code}/"]
    assert refresh(estate).matters == first.matters
    assert refresh(estate, days=2).matters[0]["why"]["alert"]
    assert len(told(worker)) == 1


def test_who_works_for_the_street_is_not_told_by_each_community(estate: Place, worker: Account) -> None:
    assert estate.parent is not None
    above: Role = RoleFactory(organisation=OrganisationFactory(place=estate.parent.parent))
    smoke(estate)
    refresh(estate)
    assert told(worker)
    assert not told(above.account)
    assert estate.parent.parent is not None
    hot_refresh(place=estate.parent.parent, at=SAID_AT + timedelta(days=1))
    assert len(told(above.account)) == len(told(worker)) == 1


def test_what_does_not_grow_tells_nobody(estate: Place, worker: Account) -> None:
    for month in range(8):
        say(SMOKE[month % 4], estate, at=SAID_AT - timedelta(days=30 * month))
    refresh(estate)
    assert not told(worker)


def test_who_ranked_meanwhile_wins_and_tells(estate: Place, worker: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    smoke(estate)
    ranked = heating.ranked

    def slowly(*args: Any, **options: Any) -> Any:
        monkeypatch.undo()
        refresh(estate, days=2)
        return ranked(*args, **options)

    monkeypatch.setattr(heating, "ranked", slowly)
    assert refresh(estate, days=1).at == SAID_AT + timedelta(days=2)
    assert len(told(worker)) == 1


def test_a_matter_keeps_its_name_when_more_is_said(estate: Place) -> None:
    need = smoke(estate)
    name = refresh(estate).matters[0]["name"]
    say("烧烤摊油烟熏得人睡不着，窗户不敢开", estate, need=need)
    again = refresh(estate, days=2)
    assert again.matters[0]["name"] == name
    assert again.matters[0]["people"] == 5


def test_the_page_says_it_in_words_and_keeps_the_figures_folded(client: Client, estate: Place) -> None:
    smoke(estate)
    refresh(estate)
    page = client.get("/hot/", headers={"Accept-Language": "en"}).text
    assert "clearly more people than usual" in page
    figures = page[page.index("<summary>Does it grow?") :]
    assert "4 people in the last 30 days; at the rate of the" in figures
    assert "0.0 would be usual" in figures


def test_figures_stand_only_where_something_may_grow() -> None:
    tested = {"growth": 0.4, "p_value": 0.0004, "expected": 1.26, "earlier_days": 180.0, "last_30_days": 6}
    assert "less than 0.001" in growth_in_figures(tested)
    assert "1.3 would be usual" in growth_in_figures(tested)
    assert growth_in_figures(tested | {"growth": 0.0}) == ""
    assert growth_in_figures(tested | {"growth": None, "p_value": None}) == ""
    assert growth_in_figures({"growth": 0.4}) == ""
