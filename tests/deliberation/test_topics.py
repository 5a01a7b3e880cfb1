"""Topics: who prepares, proposes, opens and closes them; the way of their states; what is held about a person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.deliberation import (
    AT,
    CLOSES,
    EVERYWHERE,
    QUESTION,
    SENTENCES,
    cast,
    make_neighbour,
    make_open_topic,
    make_statements,
    make_topic,
)
from tests.factories.needs import public_need
from tests.factories.people import AccountFactory, PersonFactory
from tests.factories.town import Town
from yiting.deliberation.errors import (
    ClosingDayUnfit,
    EvidenceUnfit,
    InvitedMissing,
    NeedElsewhere,
    NotAllowed,
    NotAProposal,
    NotForYou,
    NumberUnfit,
    PersonalInside,
    QuestionMissing,
    ReasonMissing,
    StepNotPossible,
    SupportedAlready,
    TopicMissing,
    TopicOfNeedStands,
    WordsTooLong,
)
from yiting.deliberation.models import Evidence, Participant, Topic, TopicSupport, Vote
from yiting.deliberation.services import (
    TopicPlan,
    evidence_add,
    evidence_remove,
    sheets_print,
    statement_add,
    statement_moderate,
    support_give,
    support_take_back,
    topic_begin_closing,
    topic_change,
    topic_close,
    topic_draft,
    topic_from_need,
    topic_open,
    topic_propose,
    topic_reopen,
    topic_resolve,
    topics_round,
)
from yiting.deliberation.states import TRANSITIONS
from yiting.ledger.models import Entry
from yiting.ledger.queries import list_entries, list_recent
from yiting.ledger.services import ledger_verify
from yiting.needs.models import State as NeedState
from yiting.notices.models import Notice
from yiting.people.actors import RESIDENT
from yiting.people.models import Person
from yiting.people.queries import get_actor
from yiting.people.services import person_erase, person_export

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_a_worker_prepares_opens_and_closes_and_the_ledger_tells_it(town: Town) -> None:
    worker = town.actor("worker", town.ours)
    topic = topic_draft(by=worker, plan=TopicPlan(question=f" {QUESTION} ", place=town.estate), at=AT)
    assert (topic.question, topic.state, topic.who) == (QUESTION, "draft", "residents")
    topic = topic_open(by=worker, topic=topic, closes_at=CLOSES, reason="居民多次提到", at=AT)
    assert (topic.state, topic.opened_at, topic.closes_at) == ("open", AT, CLOSES)
    topic = topic_begin_closing(by=worker, topic=topic, reason="还有三天", at=AT)
    topic = topic_close(by=worker, topic=topic, reason="到期", at=CLOSES)
    topic = topic_resolve(by=worker, topic=topic, reason="装充电桩", at=CLOSES)
    assert (topic.state, topic.reason) == ("resolved", "装充电桩")
    kinds = list(Entry.objects.order_by("index").values_list("kind", flat=True))
    assert [kind.rpartition(".")[2] for kind in kinds] == ["drafted", "opened", "closing", "closed", "resolved"]
    assert ledger_verify().ok


@pytest.mark.parametrize("kind", ["resident", "deputy", "alliance"])
def test_only_those_who_work_there_prepare_topics(town: Town, kind: str) -> None:
    with pytest.raises(TopicMissing):
        topic_draft(by=town.actor(kind, town.ours), plan=TopicPlan(question=QUESTION, place=town.estate), at=AT)


def test_for_a_moderator_of_another_community_it_is_not_there(town: Town) -> None:
    stranger = town.actor("worker", town.theirs)
    topic = make_topic(town.estate)
    plan = TopicPlan(question="别的问题", place=town.estate)
    for act in (
        lambda: topic_change(by=stranger, topic=topic, plan=plan, at=AT),
        lambda: topic_open(by=stranger, topic=topic, closes_at=CLOSES, reason="x", at=AT),
        lambda: topic_close(by=stranger, topic=topic, reason="x", at=AT),
        lambda: topic_resolve(by=stranger, topic=topic, reason="x", at=AT),
        lambda: evidence_add(by=stranger, topic=topic, title="x", link="https://example.org/", at=AT),
    ):
        with pytest.raises(TopicMissing):
            act()
    topic.refresh_from_db()
    assert (topic.state, topic.question) == ("draft", QUESTION)


@pytest.mark.parametrize("state", Topic.State.values)
@pytest.mark.parametrize("target", Topic.State.values)
def test_states_move_only_along_the_declared_ways(state: str, target: str) -> None:
    topic = make_topic()
    Topic.objects.filter(pk=topic.pk).update(state=state, opened_at=AT, closes_at=CLOSES)
    acts = {
        "open": lambda: (topic_open if state == "draft" else topic_reopen)(
            by=EVERYWHERE, topic=topic, closes_at=CLOSES, reason="x", at=AT
        ),
        "closing": lambda: topic_begin_closing(by=EVERYWHERE, topic=topic, reason="x", at=AT),
        "closed": lambda: topic_close(by=EVERYWHERE, topic=topic, reason="x", at=AT),
        "resolved": lambda: topic_resolve(by=EVERYWHERE, topic=topic, reason="x", at=AT),
    }
    if target == "draft":
        assert all("draft" not in reached for reached in TRANSITIONS.values())
    elif target in TRANSITIONS[state] or (state, target) == ("open", "open"):
        assert acts[target]().state == target
    else:
        with pytest.raises(StepNotPossible):
            acts[target]()


def test_what_never_opened_is_not_resolved() -> None:
    declined = topic_close(by=EVERYWHERE, topic=make_topic(), reason="已经有别的议题", at=AT)
    with pytest.raises(StepNotPossible):
        topic_resolve(by=EVERYWHERE, topic=declined, reason="x", at=AT)


def test_opening_twice_and_putting_off_what_never_opened_are_refused() -> None:
    with pytest.raises(StepNotPossible):
        topic_open(by=EVERYWHERE, topic=make_open_topic(), closes_at=CLOSES, reason="x", at=AT)
    with pytest.raises(StepNotPossible):
        topic_reopen(by=EVERYWHERE, topic=make_topic(), closes_at=CLOSES, reason="x", at=AT)


@pytest.mark.parametrize("days", [0, -1, 367])
def test_the_last_day_is_ahead_and_not_too_far(days: int) -> None:
    with pytest.raises(ClosingDayUnfit, match="366 days"):
        topic_open(by=EVERYWHERE, topic=make_topic(), closes_at=AT + timedelta(days=days), reason="x", at=AT)


@pytest.mark.parametrize(("reason", "refusal"), [(" ", ReasonMissing), ("长" * 401, WordsTooLong)])
def test_a_state_has_its_reason(reason: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        topic_close(by=EVERYWHERE, topic=make_open_topic(), reason=reason, at=AT)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"question": "  "}, QuestionMissing),
        ({"question": "长" * 121}, QuestionMissing),
        ({"background": "长" * 4_001}, WordsTooLong),
        ({"who": "invited"}, InvitedMissing),
        ({"supports_needed": 0}, NumberUnfit),
        ({"smallest_group": 2}, NumberUnfit),
    ],
)
def test_plans_that_do_not_fit_are_refused(change: dict[str, object], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        make_topic(**change)


def test_before_it_opens_all_can_change_and_afterwards_the_background_only(town: Town) -> None:
    topic = make_topic(town.estate)
    plan = TopicPlan(
        question="新的问题", place=town.here, background="背景", who="invited", organisations=[town.ours, town.ours]
    )
    topic = topic_change(by=EVERYWHERE, topic=topic, plan=plan, at=AT)
    assert (topic.question, topic.place_path, topic.invitations.count()) == ("新的问题", town.here.path, 1)
    topic_open(by=EVERYWHERE, topic=topic, closes_at=CLOSES, reason="x", at=AT)
    later = TopicPlan(question="又一个问题", place=town.there, background="补充")
    topic = topic_change(by=EVERYWHERE, topic=topic, plan=later, at=AT)
    assert (topic.question, topic.place_path, topic.background) == ("新的问题", town.here.path, "补充")
    assert topic.invitations.count() == 1


def test_a_topic_from_a_need_takes_it_to_the_pavilion(town: Town) -> None:
    need = public_need("充电没地方", town.estate)
    worker = town.actor("worker", town.ours)
    topic = topic_from_need(by=worker, need=need, plan=TopicPlan(question=QUESTION, place=town.here), at=AT)
    need.refresh_from_db()
    assert (topic.origin, topic.need_id, need.state) == ("need", need.pk, NeedState.DISCUSSED)
    again = topic_from_need(by=worker, need=need, plan=TopicPlan(question="还有一问", place=town.estate), at=AT)
    assert again.need_id == need.pk
    with pytest.raises(NeedElsewhere):
        topic_from_need(by=EVERYWHERE, need=need, plan=TopicPlan(question=QUESTION, place=town.there), at=AT)
    with pytest.raises(NeedElsewhere):
        topic_change(by=EVERYWHERE, topic=topic, plan=TopicPlan(question=QUESTION, place=town.there), at=AT)


def test_a_proposal_opens_at_the_number_of_supports_that_the_office_set(town: Town) -> None:
    first = make_neighbour(town.estate)
    topic = topic_propose(by=RESIDENT, person=first, place=town.estate, question=QUESTION, at=AT)
    assert (topic.state, topic.supports_needed, topic.supports.count()) == ("draft", 20, 1)
    worker = town.actor("worker", town.ours)
    plan = TopicPlan(question=QUESTION, place=town.estate, supports_needed=3)
    topic = topic_change(by=worker, topic=topic, plan=plan, at=AT)
    second = make_neighbour(town.estate)
    for _twice in range(2):
        topic = support_give(by=RESIDENT, topic=topic, person=second, at=AT)
    assert (topic.state, topic.supports.count()) == ("draft", 2)
    support_take_back(by=RESIDENT, topic=topic, person=second, at=AT)
    support_give(by=RESIDENT, topic=topic, person=second, at=AT)
    with pytest.raises(NotForYou):
        support_give(by=RESIDENT, topic=topic, person=PersonFactory(), at=AT)
    topic = support_give(by=RESIDENT, topic=topic, person=make_neighbour(town.estate), at=AT)
    assert (topic.state, topic.reason) == ("open", "3 residents support it")
    with pytest.raises(NotAProposal):
        support_give(by=RESIDENT, topic=topic, person=make_neighbour(town.estate), at=AT)


def test_those_who_asked_for_it_are_told_when_a_topic_opens_and_when_it_is_resolved(town: Town) -> None:
    worker, guest, asked = (
        town.actor("worker", town.ours),
        town.member("member", town.theirs),
        PersonFactory(account=AccountFactory()),
    )
    need = public_need("楼道里停了好多电动车", town.estate, asked)
    plan = TopicPlan(question=QUESTION, place=town.estate, who="invited", organisations=[town.theirs])
    topic = topic_from_need(by=worker, need=need, plan=plan, at=AT)
    supporter = PersonFactory(account=AccountFactory())
    TopicSupport.objects.create(topic=topic, person=supporter, at=AT)
    told = Notice.objects.filter(link=f"/topics/{topic.code}/")
    assert not told.exists()
    topic_open(by=worker, topic=topic, closes_at=CLOSES, reason="x", at=AT)
    assert set(told.values_list("account", flat=True)) == {guest.pk, asked.account_id, supporter.account_id}
    topic_reopen(by=worker, topic=topic, closes_at=CLOSES + timedelta(days=1), reason="x", at=AT)
    assert told.count() == 3
    topic_close(by=worker, topic=topic, reason="x", at=AT)
    topic_resolve(by=worker, topic=topic, reason="x", at=AT)
    assert told.filter(subject__contains="has a result").count() == 3


@pytest.mark.parametrize("text", ["打 13800000001 问老王", "物业经理是王八蛋"])
def test_a_proposal_with_a_number_or_an_attack_is_refused(town: Town, text: str) -> None:
    with pytest.raises(PersonalInside):
        topic_propose(by=RESIDENT, person=PersonFactory(), place=town.estate, question=text, at=AT)
    assert not Topic.objects.exists()


def test_nobody_proposes_with_anothers_voice(town: Town) -> None:
    account = AccountFactory()
    PersonFactory(account=account)
    with pytest.raises(NotAllowed):
        topic_propose(by=get_actor(account, AT), person=PersonFactory(), place=town.estate, question=QUESTION, at=AT)


def test_evidence_is_a_link_or_a_file(town: Town) -> None:
    topic = make_topic(town.estate)
    add = {"by": EVERYWHERE, "topic": topic, "title": "消防规定", "at": AT}
    evidence_add(**add, link="https://example.org/rules")
    file = evidence_add(**add, file=("测算.pdf", b"%PDF-1.7"))
    assert (file.name, file.size) == ("测算.pdf", 8)
    for wrong in ({}, {"link": "javascript:alert(1)"}, {"file": ("a.html", b"x")}, {"file": ("a.pdf", b"")}):
        with pytest.raises(EvidenceUnfit):
            evidence_add(**add, **wrong)
    with pytest.raises(EvidenceUnfit):
        evidence_add(**(add | {"title": " "}), link="https://example.org/")
    evidence_remove(by=EVERYWHERE, evidence=file, at=AT)
    assert list(Evidence.objects.values_list("link", flat=True)) == ["https://example.org/rules"]


def test_the_round_begins_the_last_days_and_closes_and_a_second_does_nothing() -> None:
    topic = make_open_topic(closes_at=AT + timedelta(days=10))
    assert topics_round(by=EVERYWHERE, at=AT) == {"closing": 0, "closed": 0}
    assert topics_round(by=EVERYWHERE, at=AT + timedelta(days=7)) == {"closing": 1, "closed": 0}
    assert topics_round(by=EVERYWHERE, at=AT + timedelta(days=8)) == {"closing": 0, "closed": 0}
    assert topics_round(by=EVERYWHERE, at=AT + timedelta(days=10)) == {"closing": 0, "closed": 1}
    topic.refresh_from_db()
    assert (topic.state, topic.closed_at) == ("closed", AT + timedelta(days=10))


def test_a_topic_of_a_day_or_two_has_no_last_days() -> None:
    topic = make_open_topic(closes_at=AT + timedelta(days=2))
    assert topics_round(by=EVERYWHERE, at=AT) == {"closing": 0, "closed": 0}
    topic.refresh_from_db()
    assert topic.state == "open"


def test_what_is_held_is_given_out_and_erasing_keeps_every_count(town: Town) -> None:
    account = AccountFactory()
    person = make_neighbour(town.estate)
    Person.objects.filter(pk=person.pk).update(account=account)
    by = get_actor(account, AT)
    proposal = topic_propose(by=by, person=person, place=town.estate, question="能不能装儿童滑梯？", at=AT)
    topic = make_open_topic(town.estate)
    cast(topic, {0: 1}, person)
    cast(topic, {0: -1}, person)
    statement_add(by=by, topic=topic, person=person, text="打 13800000001 找我", at=AT)
    kinds = [row["kind"] for row in person_export(by=by, person=person, at=AT)["topics"]]
    assert kinds == ["topic_proposed", "topic_support", "statement", "vote", "vote"]
    kinds = [row["kind"] for row in person_export(by=EVERYWHERE, person=person, at=AT)["topics"]]
    assert kinds == ["topic_proposed", "topic_support"], "what they said and voted is theirs alone"
    person_erase(by=by, person=person, at=AT)
    proposal.refresh_from_db()
    assert (proposal.proposer, proposal.supports.count()) == (None, 1)
    assert not TopicSupport.objects.filter(person=person).exists()
    voice = Participant.objects.get(topic=topic)
    assert (voice.person, Vote.objects.filter(participant=voice).count()) == (None, 1)
    assert voice.statements.get().text == ""
    assert ledger_verify().ok


def test_the_question_of_a_proposal_stays_what_residents_support(town: Town) -> None:
    by, first = town.actor("worker", town.ours), make_neighbour(town.estate)
    topic = topic_propose(by=RESIDENT, person=first, place=town.estate, question=QUESTION, at=AT)
    plan = TopicPlan(question="要不要涨物业费？", place=town.estate)
    Topic.objects.filter(pk=topic.pk).update(proposer=None)  # also when who proposed it was erased
    with pytest.raises(SupportedAlready):
        topic_change(by=by, topic=topic, plan=plan, at=AT)
    changed = topic_change(
        by=by, topic=topic, plan=TopicPlan(question=QUESTION, place=town.estate, background="去年冒过烟"), at=AT
    )
    assert (changed.question, changed.background, changed.state) == (QUESTION, "去年冒过烟", "draft")
    enough = TopicPlan(question=QUESTION, place=town.estate, supports_needed=1)
    assert topic_change(by=by, topic=topic, plan=enough, at=AT).state == "open"
    assert all(one.is_public for one in Entry.objects.filter(kind="deliberation.topic.changed"))


def test_the_same_question_about_a_need_is_asked_once(town: Town) -> None:
    by, need = town.actor("worker", town.ours), public_need("充电没地方", town.estate)
    plan = TopicPlan(question=QUESTION, place=town.estate)
    topic_from_need(by=by, need=need, plan=plan, at=AT)
    with pytest.raises(TopicOfNeedStands):
        topic_from_need(by=by, need=need, plan=plan, at=AT)
    assert Topic.objects.count() == 1


def test_what_is_done_to_a_topic_in_preparation_is_not_in_the_public_ledger() -> None:
    topic = make_topic()
    (said,) = make_statements(topic, SENTENCES[:1])

    def work() -> None:
        evidence = evidence_add(by=EVERYWHERE, topic=topic, title="秘密材料", link="https://example.org/a", at=AT)
        evidence_remove(by=EVERYWHERE, evidence=evidence, at=AT)
        for decision in ("declined", "shown"):
            statement_moderate(by=EVERYWHERE, statement=said, decision=decision, reason="内部理由", at=AT)
        sheets_print(by=EVERYWHERE, topic=topic, number=1, at=AT)

    work()
    hidden = "".join(str(row) for row in list_recent())
    assert not [word for word in ("秘密材料", "内部理由") if word in hidden]
    assert list_entries("deliberation.topic", [topic.pk], public_only=True) == []
    topic_open(by=EVERYWHERE, topic=topic, closes_at=CLOSES, reason="大家都在问", at=AT)
    work()
    kinds = [row.kind for row in list_entries("deliberation.topic", [topic.pk], public_only=True)]
    assert sorted(kinds[1:]) == [
        "deliberation.evidence.added",
        "deliberation.evidence.removed",
        "deliberation.sheets.printed",
        "deliberation.statement.moderated",
        "deliberation.statement.moderated",
    ]
