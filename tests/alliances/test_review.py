"""The season's review is counted from the records, on one page and as a spreadsheet; nobody types anything."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.factories.alliances import AT, EVERYWHERE, make_alliance, make_kinds, make_plan, month_slots, turns_of
from tests.factories.people import PersonFactory
from tests.factories.places import make_estate
from yiting.activities.models import Activity
from yiting.activities.services import activity_cancel, activity_report, check_in, feedback_give
from yiting.alliances.errors import SeasonUnreadable
from yiting.alliances.models import Alliance, Turn
from yiting.alliances.queries.review import get_review, read_season
from yiting.alliances.services import (
    Slot,
    turn_hold,
    turn_make_activity,
    turn_skip,
    turn_step_in,
    turn_swap_answer,
    turn_swap_ask,
)
from yiting.needs.services import Draft, request_file
from yiting.people.actors import RESIDENT

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2027, 1, 1), date(2027, 3, 31)


def announced(turn: Turn, title: str = "联学会") -> Activity:
    start = datetime(turn.day.year, turn.day.month, turn.day.day, 1, 0, tzinfo=UTC)
    return turn_make_activity(
        by=EVERYWHERE,
        turn=turn,
        title=title,
        place=turn.alliance.place,
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        at=AT,
    )


def held(turn: Turn, title: str = "联学会", *, heads: int = 0) -> Activity:
    """An activity that was announced and took place, with so many people from two units if they were counted."""
    activity = announced(turn, title)
    after = activity.ends_at + timedelta(hours=1)
    if heads:
        for member in turn.alliance.memberships.order_by("number")[:2]:
            check_in(by=EVERYWHERE, activity=activity, organisation=member.organisation, heads=heads, at=after)
    activity_report(by=EVERYWHERE, activity=activity, report="大家都来了。", at=after)
    return activity


def season(members: int = 3) -> Alliance:
    """An alliance with a turn a month."""
    alliance = make_alliance(members, slug="zhi-suan")
    make_plan(alliance, month_slots(kinds=make_kinds(alliance)))
    return alliance


def text_of(address: str, status: int = 200) -> str:
    response = Client(headers={"accept-language": "en"}).get(address)
    assert response.status_code == status
    return response.content.decode()


def test_an_empty_season_says_so() -> None:
    make_alliance(2, slug="zhi-suan")
    assert "Nothing is on record for this season" in text_of("/alliances/zhi-suan/review/?season=2024-Q2")


@pytest.mark.parametrize("said", ["2024", "2024-Q5", "2024-Q0", "x", "9999-Q1", "２０２４-Q2", "2024-Q2'--"])
def test_a_season_that_is_none_is_refused(said: str) -> None:
    make_alliance(slug="zhi-suan")
    with pytest.raises(SeasonUnreadable):
        read_season(said, today=FIRST)
    text_of(f"/alliances/zhi-suan/review/?season={said}", status=400)
    text_of(f"/alliances/zhi-suan/review.xlsx?season={said}", status=400)


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("2024-Q2", date(2024, 4, 1), date(2024, 6, 30)),
        ("2024-Q1", date(2024, 1, 1), date(2024, 3, 31)),
        ("2024-Q4", date(2024, 10, 1), date(2024, 12, 31)),
        ("", date(2027, 1, 1), date(2027, 3, 31)),
    ],
)
def test_seasons_are_calendar_quarters(said: str, first: date, last: date) -> None:
    assert read_season(said, today=date(2027, 2, 3)) == (first, last)


def test_activities_are_counted_by_kind_and_host_with_who_came() -> None:
    alliance = season()
    first, second, third, later = turns_of(alliance)[:4]
    counted, uncounted = held(first, heads=4), held(second)
    activity_cancel(by=EVERYWHERE, activity=announced(third, "取消的"), reason="下雨", at=AT)
    held(later)
    draft = Draft(place=make_estate(), person=PersonFactory(), text="楼道灯坏了", title="楼道灯坏了", activity=counted)
    request_file(by=RESIDENT, draft=draft, at=counted.starts_at)
    for verdict, number in (("good", 2), ("poor", 1)):
        for _one in range(number):
            feedback_give(by=EVERYWHERE, activity=counted, person=PersonFactory(), verdict=verdict, at=counted.ends_at)
    found = get_review(alliance, first=FIRST, last=LAST)
    assert [row.code for row in found.held] == [counted.code, uncounted.code]
    assert [(row.is_counted, row.units, row.people) for row in found.held] == [(True, 2, 8), (False, 0, 0)]
    assert (found.held[0].good, found.held[0].fair, found.held[0].poor) == (2, 0, 1)
    assert [row.questions for row in found.held] == [1, 0]
    asked = reverse("needs:at_activity", args=[counted.code])
    assert f'href="{asked}"' in text_of("/alliances/zhi-suan/review/?season=2027-Q1")
    assert [tally.number for tally in found.by_kind] == [1, 1]
    assert sum(tally.number for tally in found.by_host) == 2
    assert [row.title for row in found.cancelled] == ["取消的"]


def test_turns_are_counted_by_what_became_of_them() -> None:
    alliance = season()
    first, second, third = turns_of(alliance)[:3]
    turn_skip(by=EVERYWHERE, turn=first, at=AT)
    other = alliance.memberships.exclude(pk=second.membership_id).order_by("number")[0]
    turn_skip(by=EVERYWHERE, turn=second, at=AT)
    turn_step_in(by=EVERYWHERE, turn=second, membership=other, at=AT)
    turn_hold(by=EVERYWHERE, turn=second, at=AT + timedelta(days=60))
    found = get_review(alliance, first=FIRST, last=LAST)
    assert [(turn.key, turn.outcome) for turn in found.turns] == [
        (first.key, "skipped"),
        (second.key, "stepped_in"),
        (third.key, "planned"),
    ]
    assert sum(number for _label, number in found.turn_counts) == 3


def test_swaps_are_counted_in_the_season_in_which_they_were_agreed() -> None:
    alliance = make_alliance(places=2, slug="zhi-suan")
    make_plan(alliance)
    mine = turns_of(alliance)[3]
    other = next(turn for turn in turns_of(alliance)[4:] if turn.membership != mine.membership)
    turn_swap_answer(
        by=EVERYWHERE, swap=turn_swap_ask(by=EVERYWHERE, turn=mine, other=other, at=AT), agrees=True, at=AT
    )
    assert get_review(alliance, first=FIRST, last=LAST).swaps == 1
    assert get_review(alliance, first=date(2027, 4, 1), last=date(2027, 6, 30)).swaps == 0


def test_the_last_evening_of_a_season_belongs_to_it_in_the_place() -> None:
    alliance = make_alliance(2, slug="zhi-suan")
    make_plan(alliance, [Slot(date(2027, 3, 31), kind) for kind in make_kinds(alliance)[:1]])
    activity = held(turns_of(alliance)[0])
    # half past eleven at night on 31 March in the place, then half past midnight on 1 April
    evening, night = datetime(2027, 3, 31, 15, 30, tzinfo=UTC), datetime(2027, 3, 31, 16, 30, tzinfo=UTC)
    for start, there in ((evening, 1), (night, 0)):
        Activity.objects.filter(pk=activity.pk).update(starts_at=start, ends_at=start + timedelta(hours=1))
        found = get_review(alliance, first=FIRST, last=LAST)
        assert (len(found.held), len(found.turns)) == (there, there)


def test_every_figure_leads_to_what_it_was_counted_from() -> None:
    alliance = season()
    activity = held(turns_of(alliance)[0], "反诈宣传", heads=1)
    said = text_of("/alliances/zhi-suan/review/?season=2027-Q1")
    assert f'href="/activities/{activity.code}/"' in said
    assert f'href="#{activity.code}"' in said
    assert f'id="{activity.code}"' in said
    assert all(f'href="/alliances/zhi-suan/turns/?year=2027#{turn.key}"' in said for turn in turns_of(alliance)[:3])
    assert "2 units, 2 people" in said


def test_the_spreadsheet_says_the_same_and_words_stay_words() -> None:
    alliance = season()
    activity = held(turns_of(alliance)[0], '=HYPERLINK("http://x","y")', heads=2)
    response = Client(headers={"accept-language": "en"}).get("/alliances/zhi-suan/review.xlsx?season=2027-Q1")
    assert response["Content-Disposition"] == 'attachment; filename="zhi-suan-2027-Q1.xlsx"'
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    assert book.sheet_names == ["Activities", "Turns", "Resources", "Needs that were served"]
    row = book.get_sheet_by_name("Activities").to_python()[1]
    assert row[0] == "2027-01-15"
    assert row[1] == '=HYPERLINK("http://x","y")'
    assert row[4:6] == [2, 4]
    assert str(row[-1]).endswith(f"/activities/{activity.code}/")
    assert len(book.get_sheet_by_name("Turns").to_python()) == 4


def test_the_number_of_queries_does_not_grow_with_the_activities() -> None:
    def count(number: int) -> int:
        alliance = make_alliance(2, slug=f"of-{number}")
        kinds = make_kinds(alliance)
        make_plan(alliance, [Slot(date(2027, 2, 1) + timedelta(days=at), kinds[0]) for at in range(number)])
        for turn in turns_of(alliance):
            held(turn, heads=1)
        with CaptureQueriesContext(connection) as captured:
            assert len(get_review(Alliance.objects.get(pk=alliance.pk), first=FIRST, last=LAST).held) == number
        return len(captured)

    assert count(3) == count(30)
