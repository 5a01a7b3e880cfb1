"""The residents' pages: the list, one activity, coming, the door, one's own page; kind answers to bad input."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.activities import AT, EVERYWHERE, STARTS, make_activity, make_series
from tests.factories.people import PersonFactory
from tests.factories.projects import picture
from tests.factories.town import Town
from yiting.activities.codes import door_mark
from yiting.activities.models import Activity, CheckIn, Feedback, SignUp
from yiting.activities.queries import list_cards
from yiting.activities.services import (
    activity_cancel,
    activity_photo_add,
    activity_report,
    material_add,
    sign_up,
)
from yiting.activities.views import bench, coming, mine, resident
from yiting.people.actors import RESIDENT
from yiting.people.models import PersonalRecord

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DURING = STARTS + timedelta(minutes=30)


@pytest.fixture(autouse=True)
def nobody_was_here_yet() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def at(monkeypatch):
    """The moment at which the pages are looked at, to be set."""
    moment = [AT]
    for module in (resident, coming, mine, bench):
        monkeypatch.setattr(module, "now", lambda: moment[0])
    return moment


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"accept-language": "en"})


def text(response) -> str:
    return " ".join(response.content.decode().split())


def page(activity: Activity) -> str:
    return reverse("activities:activity", args=[activity.code])


def queries_of(visitor: Client, address: str) -> int:
    visitor.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert visitor.get(address).status_code == 200
    return len(asked)


def test_the_list_goes_by_days_and_can_be_narrowed(town: Town, visitor: Client, at) -> None:
    assert "Nothing is planned yet" in text(visitor.get(reverse("activities:board")))
    make_activity(town.estate, lead=town.ours, title="先来的", where="亭子")
    make_activity(town.there, lead=town.theirs, title="后来的", starts_at=STARTS + timedelta(days=1), kind="legal")
    hidden = make_activity(town.estate, lead=town.ours, title="不列出", listed=False)
    gone = make_activity(town.estate, lead=town.ours, title="取消的")
    activity_cancel(by=EVERYWHERE, activity=gone, reason="雨", at=AT)
    shown = text(visitor.get(reverse("activities:board")))
    assert shown.index("Thursday, 9 Jul 2026") < shown.index("先来的") < shown.index("Friday, 10 Jul 2026")
    assert "15:00 to 17:00" in shown
    assert "仁和家园 亭子" in shown
    assert hidden.title not in shown
    assert "Cancelled" in shown
    assert "普法宣传 1" in shown
    narrowed = text(visitor.get(reverse("activities:board"), {"place": town.here.pk, "kind": "talk"}))
    assert "先来的" in narrowed
    assert "后来的" not in narrowed
    assert reverse("activities:feed_place", args=[town.here.pk]) in narrowed
    at[0] = STARTS + timedelta(days=5)
    assert "先来的" not in text(visitor.get(reverse("activities:board")))
    past = text(visitor.get(reverse("activities:board"), {"past": "on"}))
    assert past.index("后来的") < past.index("先来的")
    for odd in ({"place": "x"}, {"page": "0"}, {"place": 10**18}, {"kind": "<b>"}, {"page": "9999"}):
        assert visitor.get(reverse("activities:board"), odd).status_code == 200


def test_the_list_takes_as_many_queries_for_30_as_for_3(town: Town, visitor: Client) -> None:
    address = reverse("activities:board")
    make_series(town.estate, lead=town.ours, rule="FREQ=DAILY;COUNT=3", sign_up_for="persons")
    few = queries_of(visitor, address)
    make_series(town.there, lead=town.theirs, rule="FREQ=DAILY;COUNT=27", sign_up_for="persons")
    assert queries_of(visitor, address) == few
    make_activity(town.estate, lead=town.ours)
    second = visitor.get(address, {"page": 2})
    assert "Show more" in text(visitor.get(address))
    assert text(second).count('<article class="item') == 1


@pytest.mark.parametrize(
    ("more", "when", "hours"),
    [
        ({}, "Thursday, 9 Jul 2026, 15:00 to 17:00", "15:00 to 17:00"),
        ({"ends_at": STARTS}, "Thursday, 9 Jul 2026, 15:00", "15:00"),
        (
            {"ends_at": STARTS + timedelta(hours=10)},
            "Thursday, 9 Jul 2026 15:00 to Friday, 10 Jul 2026 1:00",
            "Thursday, 9 Jul 2026 15:00 to Friday, 10 Jul 2026 1:00",
        ),
        ({"whole_days": True}, "Thursday, 9 Jul 2026", "The whole day"),
        (
            {"whole_days": True, "ends_at": STARTS + timedelta(days=1)},
            "Thursday, 9 Jul 2026 to Friday, 10 Jul 2026",
            "Thursday, 9 Jul 2026 to Friday, 10 Jul 2026",
        ),
        ({"whole_days": True, "when": "七月上旬"}, "七月上旬", "七月上旬"),
    ],
)
def test_when_it_is_in_words(more: dict[str, object], when: str, hours: str) -> None:
    (card,) = list_cards([make_activity(**more)])
    assert (card.when, card.hours) == (when, hours)


def test_the_page_shows_it_all(town: Town, visitor: Client, at) -> None:
    activity = make_activity(
        town.estate, lead=town.ours, co_hosts=[town.office], about="带上问题", where="议事亭", source="党群版"
    )
    material_add(by=EVERYWHERE, activity=activity, title="法条", link="https://example.org/law", at=AT)
    paper = material_add(by=EVERYWHERE, activity=activity, title="讲义", file=("讲义.pdf", b"%PDF"), at=AT)
    shown = text(visitor.get(page(activity)))
    for words in ("天骄社区居委会、天骄街道办事处", "仁和家园", "议事亭", "带上问题", "党群版", "法条", "Just come"):
        assert words in shown
    assert "How was it?" not in shown
    got = visitor.get(reverse("activities:paper", args=[activity.code, paper.pk]))
    assert (got["Content-Type"], b"".join(got.streaming_content)) == ("application/octet-stream", b"%PDF")
    assert got["Content-Disposition"].startswith("attachment")
    at[0] = DURING
    activity_report(by=EVERYWHERE, activity=activity, report="来了四十人。", at=DURING)
    photo = activity_photo_add(by=EVERYWHERE, activity=activity, name="a", data=picture(), caption="讲", at=DURING)
    shown = text(visitor.get(page(activity)))
    assert "来了四十人。" in shown
    assert 'alt="讲"' in shown
    got = visitor.get(reverse("activities:picture", args=[activity.code, photo.pk]))
    assert (got["Content-Type"], b"".join(got.streaming_content)[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    other = make_activity(town.estate)
    for name, key in (("picture", photo.pk), ("paper", paper.pk)):
        assert visitor.get(reverse(f"activities:{name}", args=[other.code, key])).status_code == 404
    assert visitor.get(reverse("activities:activity", args=[activity.code.lower()])).url == page(activity)
    assert visitor.get(reverse("activities:activity", args=["nothere"])).status_code == 404


def test_a_page_takes_as_many_queries_for_30_who_signed_up_as_for_3(town: Town, visitor: Client) -> None:
    _series, rows = make_series(town.estate, lead=town.ours, sign_up_for="persons", capacity=2)

    def come(number: int) -> None:
        for _n in range(number):
            sign_up(by=RESIDENT, activity=rows[0], person=PersonFactory(), at=AT)

    come(3)
    few = queries_of(visitor, page(rows[0]))
    come(27)
    assert queries_of(visitor, page(rows[0])) == few


def test_one_tap_takes_a_place_and_another_gives_it_back(town: Town, visitor: Client) -> None:
    activity = make_activity(town.estate, lead=town.ours, sign_up_for="persons", capacity=1)
    come = reverse("activities:sign_up", args=[activity.code])
    shown = text(visitor.post(come, {"key": "k" * 24}, follow=True))
    assert "You have a place for 1 person" in shown
    assert visitor.get(come).status_code == 302
    other = Client(headers={"accept-language": "en"})
    shown = text(other.post(come, {"phone": "13800000009", "name": "王奶奶"}, follow=True))
    assert "You are number 1 on the waiting list" in shown
    assert PersonalRecord.objects.count() == 1
    assert "王奶奶" not in text(visitor.get(page(activity)))
    (mine_one, waiting) = SignUp.objects.order_by("pk")
    back = reverse("activities:step_back", args=[activity.code, waiting.pk])
    assert visitor.post(back).status_code == 404
    visitor.post(reverse("activities:step_back", args=[activity.code, mine_one.pk]), follow=True)
    waiting.refresh_from_db()
    assert waiting.state == "seat"
    assert "You have a place for 1 person" in text(other.get(page(activity)))


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ({"heads": "99999"}, 422, "Look at the number"),
        ({"heads": "0"}, 422, "Look at the number"),
        ({"heads": "11"}, 400, "at most 10"),
        ({"heads": "3"}, 409, "room for 2 more"),
        ({"phone": "123"}, 400, "telephone"),
        ({"name": "长" * 500}, 422, "Look at"),
    ],
)
def test_bad_input_is_answered_beside_the_form(
    town: Town, visitor: Client, given: dict[str, str], status: int, words: str
) -> None:
    activity = make_activity(town.estate, lead=town.ours, sign_up_for="persons", capacity=2)
    answer = visitor.post(reverse("activities:sign_up", args=[activity.code]), given)
    assert answer.status_code == status
    assert words in text(answer)
    assert not SignUp.objects.exists()


def test_a_unit_comes_through_those_who_work_for_it(town: Town) -> None:
    activity = make_activity(town.estate, lead=town.ours, sign_up_for="units", capacity=50)
    staff = town.browser("worker", town.theirs)
    come = reverse("activities:sign_up", args=[activity.code])
    assert "万正社区居委会" in text(staff.get(page(activity)))
    staff.post(come, {"unit": town.theirs.pk, "heads": "12"})
    assert SignUp.objects.get().heads == 12
    assert staff.post(come, {"unit": town.office.pk, "heads": "2"}).status_code == 404


def test_after_cancelling_nobody_signs_up(town: Town, visitor: Client) -> None:
    activity = make_activity(town.estate, lead=town.ours, sign_up_for="persons")
    activity_cancel(by=EVERYWHERE, activity=activity, reason="台风要来", at=AT)
    shown = text(visitor.get(page(activity)))
    assert "It does not take place." in shown
    assert "台风要来" in shown
    answer = visitor.post(reverse("activities:sign_up", args=[activity.code]))
    assert answer.status_code == 409


def test_the_door_counts_heads_and_asks_nobody_who_they_are(town: Town, visitor: Client, at) -> None:
    activity = make_activity(town.estate, lead=town.ours, sign_up_for="persons")
    door = reverse("activities:check_in", args=[activity.code, door_mark(activity.uid)])
    assert "Checking in is open on the day" in text(visitor.post(door, {"what": "count", "key": "a" * 24}))
    at[0] = DURING
    for _n in range(2):
        assert "Counted: 4 people" in text(visitor.post(door, {"what": "count", "heads": "4", "key": "a" * 24}))
    assert CheckIn.objects.get().person is None
    assert "tick me off" not in text(visitor.get(door))
    visitor.post(reverse("activities:sign_up", args=[activity.code]), {"key": "b" * 24})
    assert "tick me off" in text(visitor.get(door))
    assert "Counted: 1 person" in text(visitor.post(door, {"what": "self", "key": "b" * 24}))
    assert "5 people were counted there" in text(visitor.get(page(activity)))
    assert visitor.post(door, {"what": "dance"}).status_code == 422
    assert visitor.post(door, {"what": "unit", "unit": town.ours.pk}).status_code == 404
    staff = town.browser("worker", town.theirs)
    staff.post(door, {"what": "unit", "unit": town.theirs.pk, "heads": "7"})
    assert CheckIn.objects.get(organisation=town.theirs).heads == 7
    other = make_activity(town.estate)
    wrong = reverse("activities:check_in", args=[other.code, door_mark(activity.uid)])
    assert visitor.get(wrong).status_code == 404


def test_feedback_is_two_taps(town: Town, visitor: Client, at) -> None:
    activity = make_activity(town.estate, lead=town.ours)
    at[0] = DURING
    say = reverse("activities:feedback", args=[activity.code])
    visitor.post(say, {"verdict": "good", "key": "c" * 24})
    shown = text(visitor.post(say, {"verdict": "fair", "word": "人多", "key": "d" * 24}, follow=True))
    assert "You said: So-so" in shown
    assert (Feedback.objects.get().verdict, Feedback.objects.get().word) == ("fair", "人多")
    assert visitor.post(say, {"verdict": "?"}).status_code == 400
    assert visitor.get(say).url == page(activity)


def test_ones_own_page_is_ones_own(town: Town, visitor: Client, at) -> None:
    activity = make_activity(town.estate, lead=town.ours, sign_up_for="persons")
    mine_page = reverse("activities:mine")
    assert "Nothing yet" in text(visitor.get(mine_page))
    visitor.post(reverse("activities:sign_up", args=[activity.code]), {"key": "k" * 24})
    at[0] = DURING
    door = reverse("activities:check_in", args=[activity.code, door_mark(activity.uid)])
    visitor.post(door, {"what": "self", "key": "k" * 24})
    shown = text(visitor.get(mine_page))
    assert shown.count("反诈宣讲") == 2
    assert "反诈宣讲" not in text(Client(headers={"accept-language": "en"}).get(mine_page))
    answer = visitor.post(reverse("activities:link_renew"))
    (link,) = set(re.findall(r"http://testserver(/activities/feed/mine/[^\"<]+\.ics)", answer.content.decode()))
    assert answer["Cache-Control"] == "no-store"
    assert b"BEGIN:VEVENT" in visitor.get(link).content
    assert link not in text(visitor.get(mine_page))
    visitor.post(reverse("activities:link_revoke"))
    assert visitor.get(link).status_code == 404
    for name in ("link_renew", "link_revoke"):
        assert visitor.get(reverse(f"activities:{name}")).status_code == 302
