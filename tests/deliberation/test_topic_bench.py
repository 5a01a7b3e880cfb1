"""The workbench of topics: who gets in, what is done there, and paper."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests.deliberation.reading import text_of
from tests.factories.deliberation import (
    EVERYWHERE,
    QUESTION,
    SENTENCES,
)
from tests.factories.town import Town
from yiting.deliberation.models import Moderation, Sheet, Statement, Topic, Vote
from yiting.deliberation.services import (
    sheets_print,
)
from yiting.places.clock import now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english_pages")]


BENCH = ["", "sheets/"]


@pytest.mark.parametrize("kind", ["worker", "street", "admin"])
def test_those_who_work_there_prepare_and_open_a_topic(town: Town, kind: str) -> None:
    browser = town.browser(kind, town.ours)
    made = browser.post(
        "/topics/bench/new/",
        {
            "question": QUESTION,
            "place": str(town.estate.pk),
            "who": "anybody",
            "supports_needed": "20",
            "smallest_group": "5",
        },
    )
    assert made.status_code == 302, text_of(made)
    topic = Topic.objects.get()
    assert Client().get(f"/topics/{topic.code}/").status_code == 404
    url = f"/topics/bench/{topic.code}/"
    assert browser.post(f"{url}seed/", {"text": "\n".join(SENTENCES[:2])}).status_code == 302
    until = (now() + timedelta(days=9)).date().isoformat()
    assert browser.post(f"{url}open/", {"until": until, "reason": "大家都在问"}).status_code == 302
    assert "大家都在问" in text_of(Client().get(f"/topics/{topic.code}/"))
    assert browser.post(f"{url}last-days/", {"reason": "快到期"}).status_code == 302
    assert browser.post(f"{url}close/", {"reason": "到期"}).status_code == 302
    assert browser.post(f"{url}resolve/", {"reason": "装充电桩"}).status_code == 302
    assert "装充电桩" in text_of(Client().get(f"/topics/{topic.code}/result/"))
    wrong = browser.post(f"{url}close/", {"reason": "再关一次"})
    assert wrong.status_code == 409


@pytest.mark.parametrize("path", BENCH)
def test_the_workbench_of_another_community_is_not_there(town: Town, open_topic: Topic, path: str) -> None:
    url = f"/topics/bench/{open_topic.code}/{path}"
    assert town.browser("worker", town.ours).get(url).status_code == 200
    assert town.browser("worker", town.theirs).get(url).status_code == 404
    assert town.browser("deputy", town.ours).get(url).status_code == 404
    assert town.browser("resident", town.ours).get(url).status_code == 404
    assert Client().get(url).status_code == 302


ACTS = ["change/", "open/", "reopen/", "last-days/", "close/", "resolve/", "seed/", "evidence/", "analyse/"]


@pytest.mark.parametrize("path", [*ACTS, "statements/0/", "sheets/print/", "sheets/find/"])
def test_nobody_acts_in_another_community(town: Town, open_topic: Topic, path: str) -> None:
    url = f"/topics/bench/{open_topic.code}/{path}"
    given = {"reason": "x", "decision": "declined", "text": "x", "serial": "x", "number": "1"}
    assert town.browser("worker", town.theirs).post(url, given).status_code == 404
    open_topic.refresh_from_db()
    assert (open_topic.state, Statement.objects.filter(state="shown").count()) == ("open", 3)


def test_lines_that_do_not_fit_stay_in_the_form(town: Town, open_topic: Topic) -> None:
    browser = town.browser("worker", town.ours)
    given = {"text": f"车棚里要有灯\n\n{SENTENCES[0]}\n"}
    sent = browser.post(f"/topics/bench/{open_topic.code}/seed/", given)
    assert sent.status_code == 409
    assert open_topic.statements.count() == 4
    assert re.search(rf"<textarea[^>]*>\s*{SENTENCES[0]}</textarea>", text_of(sent))


def test_a_decision_is_taken_with_a_reason_and_stands_in_the_public_log(town: Town, open_topic: Topic) -> None:
    browser = town.browser("worker", town.ours)
    url = f"/topics/bench/{open_topic.code}/statements/0/"
    assert browser.post(url, {"decision": "declined", "reason": ""}).status_code == 422
    assert browser.post(url, {"decision": "same", "reason": "一样", "same_as": "1"}).status_code == 302
    assert Moderation.objects.get().decision == "same"
    log = text_of(Client().get(f"/topics/{open_topic.code}/moderation/"))
    assert "Joined with one that says the same" in log
    assert SENTENCES[0] not in log


def test_a_sheet_is_found_entered_twice_and_counted(town: Town, open_topic: Topic) -> None:
    (sheet,) = sheets_print(by=EVERYWHERE, topic=open_topic, number=1, at=now())
    browser = town.browser("worker", town.ours)
    base = f"/topics/bench/{open_topic.code}/sheets/"
    lost = browser.post(f"{base}find/", {"serial": "ZZZZ-ZZZZ"})
    assert lost.status_code == 404
    assert "No sheet with this number" in text_of(lost)
    typed = f"{sheet.serial[:4]}-{sheet.serial[4:]}".lower()
    url = browser.post(f"{base}find/", {"serial": typed}).url
    assert browser.post(url, {"line_0": "1", "line_1": "-1", "line_2": "none"}).status_code == 302
    assert "You have entered this sheet" in text_of(browser.get(url))
    colleague = town.browser("street", town.office)
    second = text_of(colleague.get(url))
    assert "Entry 2" in second
    assert re.findall(r'value="(-?\w+)"[^>]*checked', second) == ["none"] * 3
    assert colleague.post(url, {"line_0": "1"}).status_code == 422
    assert colleague.post(url, {"line_0": "1", "line_1": "1", "line_2": "none"}).url == url
    assert "The entries differ in these lines" in text_of(browser.get(url))
    assert "line_0" not in text_of(browser.get(url))
    assert colleague.post(url, {"line_1": "-1"}).url == base
    sheet.refresh_from_db()
    assert (sheet.state, Vote.objects.count()) == (Sheet.State.COUNTED, 2)
    assert browser.post(url, {}).status_code == 409


def test_sheets_and_poster_are_pdf_files(town: Town, open_topic: Topic) -> None:
    browser = town.browser("worker", town.ours)
    made = browser.post(f"/topics/bench/{open_topic.code}/sheets/print/", {"number": "2"})
    assert (made["Content-Type"], made.content[:5]) == ("application/pdf", b"%PDF-")
    assert Sheet.objects.count() == 2
    assert browser.get(f"/topics/bench/{open_topic.code}/poster/").content[:5] == b"%PDF-"


@pytest.mark.parametrize(
    ("what", "words"), [("typst", "install the extra “pdf”"), ("font", "No font with Chinese letters")]
)
def test_without_the_printer_nothing_is_made_and_it_is_said(
    town: Town, open_topic: Topic, monkeypatch, what: str, words: str
) -> None:
    if what == "typst":
        monkeypatch.setattr("yiting.places.printing.importlib.util.find_spec", lambda _name: None)
    else:
        monkeypatch.setattr("yiting.places.printing._font", lambda: "")
    browser = town.browser("worker", town.ours)
    sent = browser.post(f"/topics/bench/{open_topic.code}/sheets/print/", {"number": "2"})
    assert sent.status_code == 501
    assert words in text_of(sent)
    assert not Sheet.objects.exists()


def test_an_address_can_invite_organisations_to_a_new_topic(town: Town) -> None:
    page = text_of(town.browser("worker", town.ours).get(f"/topics/bench/new/?invite={town.theirs.pk}&invite=x"))
    assert f'value="{town.theirs.pk}" selected' in page
    assert 'value="invited" selected' in page
    assert f'value="{town.office.pk}" selected' not in page
