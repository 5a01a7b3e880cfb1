"""The workbench of activities: who sees what, planning by simple choices, each act, names under a log."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.activities import AT, EVERYWHERE, STARTS, make_activity, make_series, rows_of
from tests.factories.people import OrganisationFactory, PersonFactory
from tests.factories.projects import picture
from tests.factories.town import Town
from yiting.activities.codes import door_mark
from yiting.activities.models import Activity, ActivityPhoto, CheckIn, Kind, Material, Series, SignUp
from yiting.activities.services import kinds_set_up, sign_up
from yiting.activities.views import acts, bench
from yiting.people.actors import RESIDENT
from yiting.people.models import PersonalReading

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DURING = STARTS + timedelta(minutes=30)


@pytest.fixture(autouse=True)
def nobody_was_here_yet() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def at(monkeypatch):
    """The moment at which the workbench is looked at, to be set."""
    moment = [AT]
    for module in (bench, acts):
        monkeypatch.setattr(module, "now", lambda: moment[0])
    return moment


def worker(town: Town) -> Client:
    client = town.browser("worker", town.ours)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def text(response) -> str:
    return " ".join(response.content.decode().split())


def planned(town: Town, **more: str) -> dict[str, str]:
    kinds_set_up()
    return {
        "kind": str(Kind.objects.get(code="talk").pk),
        "title": "反诈宣讲",
        "place": str(town.estate.pk),
        "day": "2026-07-09",
        "starts": "15:00",
        "ends": "17:00",
        "lead": str(town.ours.pk),
        "sign_up_for": "nobody",
        "listed": "on",
        "repeat": "once",
    } | more


def test_it_is_planned_in_the_time_of_the_place(town: Town) -> None:
    browser = worker(town)
    assert "Plan it" in text(browser.get(reverse("activities:plan")))
    shown = browser.post(reverse("activities:plan"), planned(town, co_hosts=[str(town.office.pk)]), follow=True)
    made = Activity.objects.get()
    assert (made.starts_at, made.ends_at) == (STARTS, STARTS + timedelta(hours=2))
    assert "It stands in the list" in text(shown)
    assert "天骄社区居委会、天骄街道办事处" in text(shown)


@pytest.mark.parametrize(
    ("repeat", "rule"),
    [
        ({"repeat": "weekly", "times": "3"}, "FREQ=WEEKLY;COUNT=3"),
        ({"repeat": "fortnightly", "until": "2026-08-06"}, "FREQ=WEEKLY;COUNT=3;INTERVAL=2"),
        ({"repeat": "daily", "times": "2"}, "FREQ=DAILY;COUNT=2"),
        ({"repeat": "monthly", "times": "2"}, "FREQ=MONTHLY;COUNT=2"),
        ({"repeat": "weekday", "times": "2"}, "FREQ=MONTHLY;COUNT=2;BYDAY=2TH"),
        ({"repeat": "weekday", "times": "2", "day": "2026-07-30"}, "FREQ=MONTHLY;COUNT=2;BYDAY=-1TH"),
    ],
)
def test_a_series_is_planned_by_simple_choices(town: Town, repeat: dict[str, str], rule: str) -> None:
    answer = worker(town).post(reverse("activities:plan"), planned(town, **repeat))
    assert answer.status_code == 302
    assert Series.objects.get().rule == rule


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"title": ""}, "required"),
        ({"title": "长" * 200}, "at most 120"),
        ({"about": "长" * 5_000}, "at most 4000"),
        ({"ends": "14:00"}, "past midnight"),
        ({"starts": ""}, "Say the hour"),
        ({"day": "2026-02-30"}, "valid date"),
        ({"day": "9999-01-01"}, "less than or equal"),
        ({"lead": ""}, "required"),
        ({"lead": "99999"}, "valid choice"),
        ({"place": "99999"}, "valid choice"),
        ({"capacity": "0"}, "greater than or equal"),
        ({"repeat": "weekly"}, "Say until which day"),
        ({"repeat": "weekly", "times": "3", "until": "2026-08-01"}, "not both"),
        ({"repeat": "daily", "until": "2028-08-01"}, "at most 100"),
        ({"repeat": "weekly", "until": "2026-01-01"}, "does not fall on the first day"),
        ({"sign_up_until": "2027-01-01T10:00"}, "before the activity does"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_typed_is_lost(town: Town, given: dict[str, str], words: str) -> None:
    answer = worker(town).post(reverse("activities:plan"), planned(town, **given))
    assert answer.status_code in (400, 422)
    assert words in text(answer)
    assert given.get("about", "")[:10] in text(answer)
    assert not Activity.objects.exists()


def test_everybody_sees_their_own_places_and_units(town: Town) -> None:
    unit = OrganisationFactory(kind="enterprise", name="晶澳", place=town.there)
    ours = make_activity(town.estate, lead=town.ours, title="我们的")
    hosted = make_activity(town.estate, lead=unit, title="企业办的")
    home = reverse("activities:bench")
    assert "我们的" in text(worker(town).get(home))
    contact = town.browser("alliance", unit)
    shown = text(contact.get(home))
    assert ("我们的" in shown, "企业办的" in shown) == (False, True)
    for browser in (contact, town.browser("worker", town.theirs), town.browser("deputy", town.ours)):
        assert browser.get(reverse("activities:bench_activity", args=[ours.code])).status_code == 404
        assert browser.post(reverse("activities:cancel", args=[ours.code]), {"reason": "x"}).status_code == 404
    assert contact.get(reverse("activities:bench_activity", args=[hosted.code])).status_code == 200
    assert Client().get(home).status_code == 302
    assert "Over, no report yet 0" in text(worker(town).get(home)).replace("<span>", "").replace("</span>", "")


def test_the_views_and_a_long_list(town: Town, at) -> None:
    make_series(town.estate, lead=town.ours, rule="FREQ=DAILY;COUNT=32")
    browser = worker(town)
    first = browser.get(reverse("activities:bench"))
    assert text(first).count('<article class="item"') == 30
    assert text(browser.get(reverse("activities:bench"), {"page": "2"})).count('<article class="item"') == 2
    assert browser.get(reverse("activities:bench"), {"page": "x", "view": "?"}).status_code == 200
    at[0] = STARTS + timedelta(days=40)
    assert text(browser.get(reverse("activities:bench"), {"view": "unreported"})).count('<article class="item"') == 30


def test_as_many_queries_for_30_as_for_3(town: Town) -> None:
    browser = worker(town)

    def queries(address: str) -> int:
        browser.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(address).status_code == 200
        return len(asked)

    _series, rows = make_series(town.estate, lead=town.ours, rule="FREQ=DAILY;COUNT=3", sign_up_for="persons")
    addresses = [reverse("activities:bench")]
    addresses += [reverse(f"activities:{name}", args=[rows[0].code]) for name in ("bench_activity", "names")]
    for _n in range(3):
        sign_up(by=RESIDENT, activity=rows[0], person=PersonFactory(name="某人"), at=AT)
    few = [queries(address) for address in addresses]
    make_series(town.estate, lead=town.ours, rule="FREQ=DAILY;COUNT=27", sign_up_for="persons")
    for _n in range(27):
        sign_up(by=RESIDENT, activity=rows[0], person=PersonFactory(name="某人"), at=AT)
    assert [queries(address) for address in addresses] == few


def test_it_is_changed_alone_or_with_those_that_follow(town: Town) -> None:
    series, rows = make_series(town.estate, lead=town.ours)
    browser = worker(town)
    change = reverse("activities:change", args=[rows[1].code])
    shown = browser.get(reverse("activities:bench_activity", args=[rows[1].code]))
    assert 'value="2026-07-16"' in text(shown)
    given = planned(town, day="2026-07-17", seen="0", which="this")
    assert browser.post(change, given).status_code == 302
    assert rows_of(series)[1].starts_at == STARTS + timedelta(days=8)
    late = browser.post(change, given)
    assert (late.status_code, "Somebody else" in text(late)) == (409, True)
    given = planned(town, day="2026-07-23", title="换名", seen="0", which="following")
    assert browser.post(reverse("activities:change", args=[rows[2].code]), given).status_code == 302
    assert [row.title for row in Activity.objects.order_by("starts_at")] == ["反诈宣讲"] * 2 + ["换名"] * 2
    assert browser.post(change, planned(town, title="", seen="1", which="this")).status_code == 422
    assert browser.get(change).status_code == 302


def test_a_smaller_room_than_is_taken_is_refused_with_a_remedy(town: Town) -> None:
    activity = make_activity(town.estate, lead=town.ours, sign_up_for="persons", capacity=5)
    for _n in range(3):
        sign_up(by=RESIDENT, activity=activity, person=PersonFactory(), at=AT)
    given = planned(town, sign_up_for="persons", capacity="2", seen="0")
    answer = worker(town).post(reverse("activities:change", args=[activity.code]), given)
    assert answer.status_code == 409
    assert "3 people have a place already. Enter at least that many" in text(answer)


def test_it_is_cancelled_alone_or_with_those_that_follow(town: Town) -> None:
    series, rows = make_series(town.estate, lead=town.ours)
    browser = worker(town)
    cancel = reverse("activities:cancel", args=[rows[1].code])
    assert browser.post(cancel, {"reason": "", "which": "this"}).status_code == 422
    browser.post(cancel, {"reason": "雨", "which": "this"})
    assert [row.state for row in rows_of(series)] == ["planned", "cancelled", "planned", "planned"]
    browser.post(reverse("activities:cancel", args=[rows[2].code]), {"reason": "停", "which": "following"})
    assert [row.state for row in rows_of(series)] == ["planned", "cancelled", "cancelled", "cancelled"]


def test_names_are_opened_under_a_log_and_ticked_off(town: Town, at) -> None:
    activity = make_activity(town.estate, lead=town.ours, sign_up_for="both")
    one = sign_up(by=RESIDENT, activity=activity, person=PersonFactory(name="王奶奶", phone="13800000001"), at=AT)
    unit = sign_up(by=EVERYWHERE, activity=activity, organisation=town.theirs, heads=6, at=AT)
    sign_up(by=RESIDENT, activity=activity, person=PersonFactory(), at=AT)
    browser = worker(town)
    assert "王奶奶" not in text(browser.get(reverse("activities:bench_activity", args=[activity.code])))
    assert not PersonalReading.objects.exists()
    names = reverse("activities:names", args=[activity.code])
    shown = browser.get(names)
    assert "王奶奶" in text(shown)
    assert "no name given" in text(shown)
    assert shown["Cache-Control"] == "no-store"
    (reading,) = PersonalReading.objects.all()
    assert (reading.person_id, "反诈宣讲" in reading.purpose) == (one.person_id, True)
    at[0] = DURING
    for pk in (one.pk, unit.pk):
        came = browser.post(reverse("activities:arrived", args=[activity.code, pk]), {"back": "names"})
        assert came.url == names
    assert sorted(CheckIn.objects.values_list("heads", flat=True)) == [1, 6]
    browser.post(reverse("activities:bench_withdraw", args=[activity.code, one.pk]))
    assert SignUp.objects.get(pk=one.pk).state == "withdrawn"
    assert browser.post(reverse("activities:arrived", args=[activity.code, 10**9])).status_code == 404


def test_a_contact_sees_no_names(town: Town) -> None:
    unit = OrganisationFactory(kind="enterprise", name="晶澳", place=town.there)
    activity = make_activity(town.estate, lead=unit, sign_up_for="persons")
    sign_up(by=RESIDENT, activity=activity, person=PersonFactory(name="王奶奶"), at=AT)
    contact = town.browser("alliance", unit)
    answer = contact.get(reverse("activities:names", args=[activity.code]))
    assert answer.status_code == 403
    assert "王奶奶" not in text(answer)
    assert not PersonalReading.objects.exists()


def test_report_photo_papers_and_heads(town: Town, at) -> None:
    activity = make_activity(town.estate, lead=town.ours)
    browser = worker(town)

    def send(name: str, given: dict[str, object], *more: int) -> int:
        return browser.post(reverse(f"activities:{name}", args=[activity.code, *more]), given).status_code

    assert send("report", {"report": "来了四十人。"}) == 409
    at[0] = DURING
    assert send("report", {"report": " "}) == 422
    assert send("report", {"report": "来了四十人。"}) == 302
    assert send("photo_add", {"photo": SimpleUploadedFile("a.jpg", picture()), "caption": "讲"}) == 302
    assert send("photo_add", {"photo": SimpleUploadedFile("a.jpg", b"no"), "caption": "讲"}) == 400
    assert send("material_add", {"title": "法条", "link": "https://example.org"}) == 302
    assert send("material_add", {"title": "空"}) == 400
    assert send("material_add", {"title": "讲义", "file": SimpleUploadedFile("a.pdf", b"%PDF")}) == 302
    assert send("material_remove", {}, Material.objects.earliest("pk").pk) == 302
    assert send("material_remove", {}, 10**9) == 404
    assert send("count", {"heads": "30", "key": "k"}) == 302
    assert send("count", {"heads": "30", "key": "k"}) == 302
    assert send("count", {"heads": "0", "key": "m"}) == 422
    assert (Activity.objects.get().state, ActivityPhoto.objects.count()) == ("held", 1)
    assert (Material.objects.count(), CheckIn.objects.get().heads) == (1, 30)


def test_the_sheet_for_the_door_leads_to_the_door(town: Town) -> None:
    activity = make_activity(town.estate, lead=town.ours)
    shown = text(worker(town).get(reverse("activities:poster", args=[activity.code])))
    assert f"/activities/in/{activity.code}/{door_mark(activity.uid)}/" in shown
    assert (
        town.browser("worker", town.theirs).get(reverse("activities:poster", args=[activity.code])).status_code == 404
    )


def test_kinds_are_named_by_administrators(town: Town) -> None:
    kinds_set_up()
    page = reverse("activities:kinds")
    browser = town.browser("admin", town.office)
    browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert "Name of “宣讲”" in text(browser.get(page))
    assert browser.post(page, {"name": "党课"}).status_code == 302
    assert browser.post(page, {"code": "talk", "name": "讲座"}).status_code == 302
    assert Kind.objects.get(code="talk").name == "讲座"
    for given in ({"name": "党课"}, {"name": ""}, {"name": "长" * 41}):
        answer = browser.post(page, given)
        assert (answer.status_code, "that no other kind has" in text(answer)) == (400, True)
    assert browser.post(page, {"code": "a b", "name": "x"}).status_code == 422
    assert worker(town).get(page).status_code == 404
    assert Kind.objects.count() == 9
