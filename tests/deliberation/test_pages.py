"""The pages of topics: what they show, refuse and never tell; who gets in; how many queries they cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.deliberation.reading import LINES, asked, fresh, main_of, text_of
from tests.factories.ballots import make_resident
from tests.factories.deliberation import (
    EVERYWHERE,
    QUESTION,
    SENTENCES,
    cast,
    make_camps,
    make_neighbour,
    make_topic,
)
from tests.factories.needs import public_need
from tests.factories.town import Town
from yiting.deliberation.models import Participant, Topic, Vote
from yiting.deliberation.services import (
    TopicPlan,
    topic_analyse,
    topic_close,
    topic_from_need,
    topic_propose,
)
from yiting.people.actors import RESIDENT
from yiting.people.models import Account
from yiting.places.clock import now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english_pages")]


def test_a_visitor_reads_votes_and_goes_on_without_signing_in(open_topic: Topic) -> None:
    browser = Client()
    assert QUESTION in text_of(browser.get("/topics/"))
    for done in range(3):
        page = text_of(browser.get(f"/topics/{open_topic.code}/"))
        assert f"You have voted on {done} of 3 statements" in page
        sent = browser.post(
            f"/topics/{open_topic.code}/vote/", {"statement": asked(page), "value": "1", "key": "k" * 32}
        )
        assert sent.status_code == 302
    assert "You have voted on everything" in text_of(browser.get(f"/topics/{open_topic.code}/"))
    assert (Participant.objects.count(), Vote.objects.count()) == (1, 3)


def test_a_vote_is_changed_from_the_list_and_the_page_does_not_tell_the_old_one(open_topic: Topic) -> None:
    browser = Client()
    url = f"/topics/{open_topic.code}/"
    browser.post(f"{url}vote/", {"statement": "1", "value": "-1"})
    listed = text_of(browser.get(f"{url}statements/"))
    assert f'href="{url}?s=1#vote"' in listed
    page = main_of(browser.get(f"{url}?s=1"))
    assert asked(page) == 1
    assert "your new vote takes its place" in page
    assert "aria-pressed" not in page
    browser.post(f"{url}vote/", {"statement": "1", "value": "0"})
    assert Vote.objects.get().value == 0


def test_later_asks_for_another_and_comes_back_to_it_at_the_end(open_topic: Topic) -> None:
    browser = Client()
    url = f"/topics/{open_topic.code}/"
    assert all(asked(text_of(browser.get(f"{url}?later=1"))) != 1 for _try in range(8))
    for number in (0, 2):
        browser.post(f"{url}vote/", {"statement": str(number), "value": "1"})
    assert asked(text_of(browser.get(f"{url}?later=1"))) == 1


def test_with_htmx_the_next_statement_comes_in_place(open_topic: Topic) -> None:
    sent = Client().post(
        f"/topics/{open_topic.code}/vote/", {"statement": "0", "value": "1"}, headers={"HX-Request": "true"}
    )
    page = text_of(sent)
    assert (sent.status_code, "<html" in page) == (200, False)
    assert asked(page) != 0


@pytest.mark.parametrize("value", ["2", "", "x"])
def test_what_is_no_vote_is_refused_on_the_page(open_topic: Topic, value: str) -> None:
    sent = Client().post(f"/topics/{open_topic.code}/vote/", {"statement": "0", "value": value})
    assert sent.status_code == 422
    assert "Tap one of the three" in text_of(sent)


def test_strangers_and_latecomers_are_told_clearly(town: Town) -> None:
    theirs = fresh(town, who="invited", organisations=[town.theirs])
    page = text_of(Client().get(f"/topics/{theirs.code}/"))
    assert "Only those who work for the invited organisations vote here." in page
    sent = Client().post(f"/topics/{theirs.code}/vote/", {"statement": "0", "value": "1"})
    assert sent.status_code == 403
    closed = fresh(town)
    topic_close(by=EVERYWHERE, topic=closed, reason="到期", at=now())
    sent = Client().post(f"/topics/{closed.code}/vote/", {"statement": "0", "value": "1"})
    assert sent.status_code == 409
    assert "This topic is closed" in text_of(sent)
    assert not Vote.objects.exists()


def test_what_says_nearly_the_same_is_pointed_out_before_it_is_sent(open_topic: Topic) -> None:
    browser = Client()
    url = f"/topics/{open_topic.code}/say/"
    first = text_of(browser.post(url, {"text": "楼道里不允许停放电动车"}))
    assert "These say nearly the same:" in first
    assert SENTENCES[0] in first
    assert "楼道里不允许停放电动车" in first
    assert open_topic.statements.count() == 3
    assert browser.post(url, {"text": "楼道里不允许停放电动车", "sure": "on"}).status_code == 302
    assert open_topic.statements.count() == 4


def test_a_statement_of_ten_thousand_characters_is_refused_and_nothing_typed_is_lost(open_topic: Topic) -> None:
    words = "长" * 10_000
    sent = Client().post(f"/topics/{open_topic.code}/say/", {"text": words})
    assert sent.status_code == 400
    assert "of 1 to 140 characters; yours has 10000" in text_of(sent)
    assert words in text_of(sent)


def test_a_whole_book_is_refused_as_well_and_given_back(open_topic: Topic) -> None:
    words = "长" * 20_001
    sent = Client().post(f"/topics/{open_topic.code}/say/", {"text": words})
    assert (sent.status_code, words in text_of(sent)) == (422, True)


def test_what_is_held_back_is_not_shown_and_its_reason_is(open_topic: Topic) -> None:
    browser = Client()
    sent = browser.post(f"/topics/{open_topic.code}/say/", {"text": "打13800000001找我"}, follow=True)
    assert "Somebody looks at your statement before it is shown" in text_of(sent)
    log = text_of(browser.get(f"/topics/{open_topic.code}/moderation/"))
    assert "Held back until somebody has looked at it" in log
    assert "personal number" in log
    for path in ("", "statements/", "moderation/", "result/"):
        assert "13800000001" not in text_of(browser.get(f"/topics/{open_topic.code}/{path}"))


def test_a_proposal_gathers_supports_and_opens(town: Town) -> None:
    neighbour = make_neighbour(town.estate)
    topic = topic_propose(by=RESIDENT, person=neighbour, place=town.estate, question=QUESTION, at=now())
    page = text_of(Client().get(f"/topics/{topic.code}/"))
    assert "1 of 20 supports" in page
    sent = Client().post(f"/topics/{topic.code}/support/", {"key": "k" * 32})
    assert sent.status_code == 403
    assert "Only those who live in this place" in text_of(sent)


def test_a_proposal_that_is_declined_is_told_as_such(town: Town) -> None:
    neighbour = make_neighbour(town.estate)
    topic = topic_propose(by=RESIDENT, person=neighbour, place=town.estate, question=QUESTION, at=now())
    topic_close(by=EVERYWHERE, topic=topic, reason="物业已经答应了", at=now())
    page = main_of(Client().get(f"/topics/{topic.code}/"))
    assert "Not taken up" in page
    assert "What came of it" not in page
    assert "物业已经答应了" in page


def test_a_resident_proposes_and_a_stranger_does_not(town: Town) -> None:
    browser = Client()
    assert browser.get("/topics/propose/").status_code == 200
    given = {"question": "能不能装儿童滑梯？", "place": str(town.estate.pk)}
    sent = browser.post("/topics/propose/", given)
    assert (sent.status_code, Topic.objects.count()) == (403, 0)
    assert "Only those who live in this place" in text_of(sent)
    assert "能不能装儿童滑梯？" in text_of(sent)
    browser.force_login(Account.objects.get(pk=make_resident(town.estate).account_id))
    sent = browser.post("/topics/propose/", given, follow=True)
    assert "能不能装儿童滑梯？" in text_of(sent)
    bad = browser.post("/topics/propose/", given | {"question": "打13800000001"})
    assert (bad.status_code, Topic.objects.count()) == (400, 1)
    assert "打13800000001" in text_of(bad)


def test_results_tell_honestly_that_there_are_too_few(open_topic: Topic) -> None:
    url = f"/topics/{open_topic.code}/result/"
    assert "Too few votes yet" in text_of(Client().get(url))
    for _each in range(3):
        cast(open_topic, {0: 1, 1: -1, 2: 1}, at=now())
    topic_analyse(by=EVERYWHERE, topic=open_topic, at=now())
    assert "Too few votes yet" in text_of(Client().get(url))


def test_results_show_groups_in_their_own_statements_with_a_map_and_a_table(town: Town) -> None:
    topic = fresh(town, sentences=LINES)
    make_camps(topic, [8, 8], statements=12, at=now())
    topic_analyse(by=EVERYWHERE, topic=topic, at=now())
    page = main_of(Client().get(f"/topics/{topic.code}/result/"))
    assert page.index("What everybody agrees on") < page.index("Group A")
    assert page.count("<circle") == 2
    assert "The same as a table" in page
    assert "100% of this group disagree" in page
    numbers = Participant.objects.filter(topic=topic).values_list("number", flat=True)
    assert not any(str(number) in page for number in numbers)


@pytest.mark.parametrize("sizes", [[8, 3], [9, 1], [4, 4]])
def test_no_page_shows_a_group_that_is_too_small(town: Town, sizes: list[int]) -> None:
    topic = fresh(town, sentences=LINES, smallest_group=5)
    make_camps(topic, sizes, statements=12, at=now())
    topic_analyse(by=EVERYWHERE, topic=topic, at=now())
    page = main_of(Client().get(f"/topics/{topic.code}/result/"))
    assert "Group B" not in page
    assert "<circle" not in page


def test_the_results_are_the_same_for_everybody(town: Town) -> None:
    topic = fresh(town, sentences=LINES)
    make_camps(topic, [8, 8], statements=12, at=now())
    browser = Client()
    for number in range(12):
        browser.post(f"/topics/{topic.code}/vote/", {"statement": str(number), "value": "1"})
    topic_analyse(by=EVERYWHERE, topic=topic, at=now())
    own, other = (main_of(one.get(f"/topics/{topic.code}/result/")) for one in (browser, Client()))
    assert own == other


def test_from_a_need_to_its_topic_and_back(town: Town) -> None:
    need = public_need("充电没地方", town.estate)
    assert "No topic about it" in text_of(Client().get(f"/topics/for-need/{need.code}/"))
    topic = topic_from_need(by=EVERYWHERE, need=need, plan=TopicPlan(question=QUESTION, place=town.estate), at=now())
    assert "No topic about it" in text_of(Client().get(f"/topics/for-need/{need.code}/"))
    Topic.objects.filter(pk=topic.pk).update(state="open", opened_at=now(), closes_at=now() + timedelta(days=3))
    assert Client().get(f"/topics/for-need/{need.code}/").url == f"/topics/{topic.code}/"
    assert f"/{need.code}/" in text_of(Client().get(f"/topics/{topic.code}/"))


# --- how many queries ---------------------------------------------------------------------------------------------


def queries(browser: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url).status_code == 200
    return len(captured)


def test_lists_cost_the_same_with_three_and_with_thirty(town: Town) -> None:
    browser, worker = Client(), town.browser("worker", town.ours)
    urls = [(browser, "/topics/"), (worker, "/topics/bench/")]
    for _each in range(3):
        fresh(town)
    before = [queries(*one) for one in urls]
    for _each in range(27):
        fresh(town)
    assert [queries(*one) for one in urls] == before


def test_a_topic_costs_the_same_with_three_and_with_thirty_statements_and_voters(town: Town) -> None:
    topic = fresh(town, sentences=LINES[:3])
    browser, worker = Client(), town.browser("worker", town.ours)
    urls = [
        *((browser, f"/topics/{topic.code}/{path}") for path in ("", "statements/", "result/", "moderation/")),
        (worker, f"/topics/bench/{topic.code}/"),
    ]

    def fill(start: int, end: int) -> None:
        for number in range(start, end):
            browser_of_one = Client()
            browser_of_one.post(f"/topics/{topic.code}/say/", {"text": f"打1380000{number:04d}找我", "sure": "on"})
        topic_analyse(by=EVERYWHERE, topic=topic, at=now())

    fill(0, 3)
    make_camps(topic, [3, 3], statements=3, at=now())
    topic_analyse(by=EVERYWHERE, topic=topic, at=now())
    before = [queries(*one) for one in urls]
    fill(3, 30)
    make_camps(topic, [10, 10], statements=3, at=now())
    topic_analyse(by=EVERYWHERE, topic=topic, at=now())
    assert [queries(*one) for one in urls] == before


def test_what_is_prepared_is_not_public(town: Town) -> None:
    topic = make_topic(town.estate, at=now())
    for path in ("", "statements/", "result/", "moderation/"):
        assert Client().get(f"/topics/{topic.code}/{path}").status_code == 404
    assert QUESTION not in text_of(Client().get("/topics/?view=proposed"))
    assert town.browser("worker", town.ours).get(f"/topics/{topic.code}/").status_code == 200
