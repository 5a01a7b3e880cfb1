"""Statements: what may be said, what is held back, and decisions about them, all public with their reasons."""

from __future__ import annotations

import pytest

from tests.factories.deliberation import AT, CLOSES, EVERYWHERE, SENTENCES, cast, make_open_topic, make_topic
from tests.factories.people import PersonFactory
from tests.factories.town import Town
from yiting.deliberation.errors import (
    DecisionUnfit,
    LastDays,
    NotOpen,
    ReasonMissing,
    StatementKnown,
    StatementMissing,
    StatementsEnough,
    StatementUnfit,
    TopicClosed,
    TopicMissing,
)
from yiting.deliberation.models import Moderation, Statement, Topic
from yiting.deliberation.queries.alike import list_alike
from yiting.deliberation.services import (
    statement_add,
    statement_moderate,
    statement_seed,
    topic_begin_closing,
    topic_close,
)
from yiting.deliberation.wording import why_held
from yiting.ledger.models import Entry, Opening
from yiting.people.actors import RESIDENT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def say(topic: Topic, text: str, person=None) -> Statement:
    return statement_add(by=RESIDENT, topic=topic, person=person or PersonFactory(), text=text, at=AT)


def test_statements_are_counted_up_within_their_topic() -> None:
    topic, other = make_open_topic(), make_open_topic()
    assert say(topic, "车棚里要有灯").number == 3
    assert say(other, "车棚里要有灯").number == 3
    assert (statement_seed(by=EVERYWHERE, topic=topic, text="充电要便宜", at=AT).number) == 4


@pytest.mark.parametrize("text", ["", " \n\t ", "长" * 141, "长" * 10_000])
def test_a_statement_is_one_short_sentence(text: str) -> None:
    topic = make_open_topic()
    with pytest.raises(StatementUnfit, match="1 to 140"):
        say(topic, text)
    with pytest.raises(StatementUnfit):
        statement_seed(by=EVERYWHERE, topic=topic, text=text, at=AT)
    assert topic.statements.count() == 3


@pytest.mark.parametrize("again", [SENTENCES[0], SENTENCES[0] + "。", " ".join(SENTENCES[0])])
def test_what_stands_there_word_for_word_is_pointed_out(again: str) -> None:
    with pytest.raises(StatementKnown, match="statement 0"):
        say(make_open_topic(), again)


def test_what_says_nearly_the_same_is_found_and_other_things_are_not() -> None:
    topic = make_open_topic(sentences=SENTENCES)
    assert [one.number for one in list_alike(topic, "楼道里不允许停放电动车")] == [0]
    assert list_alike(topic, "希望多组织几次老年人体检") == []


@pytest.mark.parametrize("text", ["请打13800000001找我", "我的身份证是 150602199001011234", "物业的人都是废 物"])
def test_numbers_and_attacks_are_held_back_and_the_decision_is_public(text: str) -> None:
    topic = make_open_topic()
    said = say(topic, text)
    assert (said.state, said.text) == ("held", text)
    decision = Moderation.objects.get(statement=said)
    assert (decision.decision, decision.role) == ("held", "system:rules")
    assert decision.reason
    with pytest.raises(StatementMissing):
        cast(topic, {said.number: 1})


@pytest.mark.parametrize("text", SENTENCES)
def test_plain_sentences_are_not_held_back(text: str) -> None:
    assert why_held(text) == ""


def test_what_was_held_is_shown_without_the_number(town: Town) -> None:
    topic = make_open_topic(town.estate)
    said = say(topic, "充电桩坏了请打13800000001")
    worker = town.actor("worker", town.ours)
    said = statement_moderate(by=worker, statement=said, decision="shown", reason="号码已隐去", at=AT)
    assert said.state == "shown"
    assert "13800000001" not in said.text
    cast(topic, {said.number: 1})
    roles = list(Moderation.objects.order_by("pk").values_list("role", flat=True))
    assert roles == ["system:rules", "worker@天骄社区居委会"]


def test_a_moderator_of_another_community_finds_nothing(town: Town) -> None:
    said = say(make_open_topic(town.estate), "车棚里要有灯")
    for kind, organisation in (("worker", town.theirs), ("resident", town.ours), ("deputy", town.ours)):
        with pytest.raises(TopicMissing):
            statement_moderate(
                by=town.actor(kind, organisation), statement=said, decision="declined", reason="x", at=AT
            )
    said.refresh_from_db()
    assert said.state == "shown"


def test_a_decision_needs_a_reason_and_makes_sense() -> None:
    topic, other = make_open_topic(), make_open_topic()
    first, second = topic.statements.order_by("number")[:2]
    stranger = other.statements.get(number=0)
    decide = {"by": EVERYWHERE, "statement": first, "at": AT}
    with pytest.raises(ReasonMissing):
        statement_moderate(**decide, decision="declined", reason=" ")
    for wrong in (
        {"decision": "burnt"},
        {"decision": "same"},
        {"decision": "same", "same_as": first},
        {"decision": "same", "same_as": stranger},
        {"decision": "shown", "same_as": second},
    ):
        with pytest.raises(DecisionUnfit):
            statement_moderate(**decide, reason="x", **wrong)
    joined = statement_moderate(**decide, decision="same", same_as=second, reason="说的是一件事")
    assert (joined.state, joined.same_as) == ("declined", second)
    again = statement_moderate(**decide, decision="shown", reason="不是一件事")
    assert (again.state, again.same_as) == ("shown", None)


@pytest.mark.parametrize(
    ("state", "refusal"),
    [("draft", NotOpen), ("closing", LastDays), ("closed", TopicClosed), ("resolved", TopicClosed)],
)
def test_statements_are_taken_while_a_topic_is_open(state: str, refusal: type[Exception]) -> None:
    topic = make_topic() if state == "draft" else make_open_topic()
    if state == "closing":
        topic_begin_closing(by=EVERYWHERE, topic=topic, reason="x", at=AT)
    elif state != "draft":
        topic_close(by=EVERYWHERE, topic=topic, reason="x", at=AT)
        Topic.objects.filter(pk=topic.pk).update(state=state)
    with pytest.raises(refusal):
        say(topic, "车棚里要有灯")


def test_after_the_last_day_nothing_is_taken_even_before_somebody_closes() -> None:
    topic = make_open_topic()
    with pytest.raises(TopicClosed):
        statement_add(by=RESIDENT, topic=topic, person=PersonFactory(), text="车棚里要有灯", at=CLOSES)


def test_after_closing_nothing_is_decided_and_nothing_added() -> None:
    topic = make_open_topic()
    topic_close(by=EVERYWHERE, topic=topic, reason="x", at=AT)
    said = topic.statements.get(number=0)
    with pytest.raises(TopicClosed):
        statement_moderate(by=EVERYWHERE, statement=said, decision="declined", reason="x", at=AT)
    with pytest.raises(TopicClosed):
        statement_seed(by=EVERYWHERE, topic=topic, text="车棚里要有灯", at=AT)


def test_one_voice_has_so_many_statements_and_no_more() -> None:
    topic, person = make_open_topic(), PersonFactory()
    for number in range(20):
        say(topic, f"第{number}件事要办", person)
    with pytest.raises(StatementsEnough, match="20"):
        say(topic, "还有一件事", person)
    say(topic, "别人还可以说")


def test_the_ledger_does_not_tell_in_which_role_somebody_spoke(town: Town) -> None:
    topic = make_open_topic(town.estate)
    by, person = town.actor("alliance", town.theirs), PersonFactory()
    statement_add(by=by, topic=topic, person=person, text="车棚里要有灯", at=AT)
    added = Entry.objects.filter(kind="deliberation.statement.added").order_by("-pk")[0]
    assert (added.is_public, added.role) == (True, "resident")


def test_numbers_of_persons_in_a_reason_are_masked_before_the_ledger_keeps_them() -> None:
    topic = make_open_topic()
    said = topic.statements.get(number=0)
    statement_moderate(by=EVERYWHERE, statement=said, decision="declined", reason="请联系 13812345678", at=AT)
    assert "13812345678" not in Moderation.objects.get(statement=said).reason
    assert not any("13812345678" in one.facts for one in Opening.objects.all())


def test_what_its_author_had_erased_is_not_shown_empty() -> None:
    topic = make_open_topic()
    said = say(topic, "打 13800000001 找我")
    Statement.objects.filter(pk=said.pk).update(text="")
    with pytest.raises(DecisionUnfit):
        statement_moderate(by=EVERYWHERE, statement=said, decision="shown", reason="可以", at=AT)
