"""The demo tells the page's story with the page's figures, and invents none."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from django.db.models import Max
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from yiting.activities.models import Activity
from yiting.alliances.models import Alliance
from yiting.ballots.models import Ballot, Candidate, Round
from yiting.ballots.receipts import tree_root
from yiting.demo import facts
from yiting.demo.services import demo_play, is_played
from yiting.ledger.models import Entry
from yiting.ledger.services import ledger_verify
from yiting.needs.models import Need, ServiceRequest, Suggestion
from yiting.places.models import Place
from yiting.projects.models import Evaluation, FieldVisit, Project

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.slow
@pytest.mark.django_db
def test_the_story_of_the_pavilion(settings: Any) -> None:
    assert not is_played()
    opened = datetime.combine(facts.TODAY, time(), tzinfo=UTC)
    settings.CLOCK_BEHIND = timezone.now() - opened
    demo_play(messages=None, at=opened)
    assert is_played()
    estate = Place.objects.get(name=facts.ESTATE)
    assert (estate.households, estate.households_on_allowance) == (306, 36)
    project = Project.objects.get()
    assert (project.title, project.year, project.stage) == ("新建居民议事亭", 2024, "delivered")
    assert (project.households, project.households_on_allowance) == (306, 36)
    assert (project.delivered_on, project.delivered_when) == (None, "2024年5月中旬")
    assert (project.budget_fen, project.spent_fen) == (None, None)
    assert FieldVisit.objects.filter(with_deputies=True, deputies=None).count() == 1
    need = Need.objects.get(code=project.serves.get().need.code)
    assert (need.state, need.people_count) == ("judging", 20)
    assert need.place == estate
    verdicts = list(Evaluation.objects.values_list("verdict", flat=True))
    assert {verdict: verdicts.count(verdict) for verdict in set(verdicts)} == {"solved": 8, "partly": 2, "not": 1}
    assert Need.objects.filter(parent__isnull=True).count() < Need.objects.count() / 2
    assert Suggestion.objects.filter(answer="open", kind="merge").exists()
    assert ledger_verify().ok
    # nothing told lies after the day on which the demo is opened, and little of it is left lying for long
    assert Need.objects.aggregate(last=Max("last_at"))["last"] < opened
    assert Entry.objects.aggregate(last=Max("at"))["last"] < opened
    standing = Need.objects.filter(parent=None, handler=None, state="sorted")
    assert 5 <= standing.count() <= 25
    assert Need.objects.filter(parent=None, state="closed").count() > 40
    assert Need.objects.filter(parent=None, unsolved=True).exists()
    assert_alliances_are_the_pages()
    assert_the_outreach_day_has_four_hosts()
    assert_a_round_is_counted_and_two_are_open()


def assert_a_round_is_counted_and_two_are_open() -> None:
    """The rounds are examples; the counted one holds, and every project that lost is explained."""
    assert Round.objects.count() == Round.objects.filter(title__contains="示例").count() == 3
    assert set(Round.objects.filter(state="voting").values_list("who", flat=True)) == {"residents", "deputies"}
    counted = Round.objects.get(state="objecting")
    leaves = list(Ballot.objects.filter(round=counted).values_list("leaf", flat=True))
    assert (len(leaves), tree_root(leaves)) == (counted.ballot_count, counted.root)
    result = counted.allocations.get()
    assert 0 < result.cost_fen <= counted.budget_fen
    listed = Candidate.objects.filter(round=counted, state="feasible").values_list("number", flat=True)
    lost = {row["number"] for row in result.explanation["losses"]}
    assert lost == set(listed) - set(result.winners)


def assert_alliances_are_the_pages() -> None:
    """Four alliances with the page's figures, and a year of turns that calendars read as the pages show it."""
    figures = {
        alliance.name: (
            alliance.lead.name if alliance.lead else "",
            alliance.memberships.count(),
            {(one.what, one.amount) for one in alliance.reported.all()},
        )
        for alliance in Alliance.objects.all()
    }
    assert figures == {
        "智造先锋": ("", 7, {("临时党支部", 7), ("党员", 129)}),
        "智算未来": ("高新技术产业园管理办公室", 7, {("数字经济和算力企业", 7)}),
        "绒耀世界": ("轻纺产业园管理办公室", 24, {("成员单位", 24)}),
        "创赢天下": ("科技人才局", 18, {("新型研发机构", 18)}),
    }
    for alliance in Alliance.objects.all():
        turns = alliance.turns_of.order_by("day")
        assert alliance.turn_plans.get().is_optimal
        assert (turns[0].day, turns.last().day) == (date(2024, 7, 18), date(2025, 6, 18))
        calendar = Calendar.from_ical(Client().get(f"/alliances/{alliance.slug}/feed.ics").content)
        events = recurring_ical_events.of(calendar).between(date(2024, 7, 1), date(2025, 7, 1))
        starts = [event["DTSTART"].dt for event in events]
        days = {one.astimezone(SHANGHAI).date() if isinstance(one, datetime) else one for one in starts}
        assert days == {turn.day for turn in turns}
        pages = [Client().get(f"/alliances/{alliance.slug}/turns/?year={year}").text for year in (2024, 2025)]
        assert all("<svg" in page and "<table" in page for page in pages)


def assert_the_outreach_day_has_four_hosts() -> None:
    day = Activity.objects.get(title="普法宣传进康城 法律意识入民心")
    hosts = list(day.hosts.order_by("position").values_list("organisation__name", flat=True))
    assert hosts == ["康城社区居民委员会", "康巴什区信访局", "康巴什区城市管理局", "滨河街道司法所"]
    assert ServiceRequest.objects.filter(activity=day).count() == 2
