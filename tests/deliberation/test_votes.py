"""Votes: one person one vote, changed until the topic closes; strangers and latecomers are refused."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from tests.factories.deliberation import (
    AT,
    CLOSES,
    EVERYWHERE,
    cast,
    make_camps,
    make_neighbour,
    make_open_topic,
    make_topic,
)
from tests.factories.people import AccountFactory, PersonFactory
from tests.factories.town import Town
from yiting.deliberation.errors import NotAllowed, NotForYou, NotOpen, StatementMissing, TopicClosed, VoteUnfit
from yiting.deliberation.models import Analysis, Participant, Topic, Vote, VoteEvent
from yiting.deliberation.queries.asking import next_statement
from yiting.deliberation.queries.results import get_results
from yiting.deliberation.services import (
    statement_add,
    statement_moderate,
    topic_analyse,
    topic_begin_closing,
    topic_close,
    topic_reopen,
    vote_cast,
)
from yiting.ledger.models import Opening
from yiting.people.actors import RESIDENT
from yiting.people.models import Person, Role
from yiting.people.queries import get_actor

pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.django_db
class TestVoting:
    """The rules, one connection."""

    def test_a_vote_is_one_row_and_every_change_is_kept(self) -> None:
        topic = make_open_topic()
        person = cast(topic, {0: 1})
        for value in (1, -1, 0, 0):
            cast(topic, {0: value}, person)
        assert list(Vote.objects.values_list("value", flat=True)) == [0]
        assert list(VoteEvent.objects.order_by("pk").values_list("value", flat=True)) == [1, -1, 0]
        assert Participant.objects.count() == 1

    @pytest.mark.parametrize("value", [2, -2, 7])
    def test_a_vote_is_one_of_three(self, value: int) -> None:
        with pytest.raises(VoteUnfit):
            cast(make_open_topic(), {0: value})
        assert not Vote.objects.exists()

    def test_a_statement_of_another_topic_or_one_not_shown_takes_no_vote(self) -> None:
        topic, other = make_open_topic(), make_open_topic()
        vote = {"by": RESIDENT, "topic": topic, "person": PersonFactory(), "value": 1, "at": AT}
        with pytest.raises(StatementMissing):
            vote_cast(**vote, statement=other.statements.get(number=0))
        said = topic.statements.get(number=0)
        statement_moderate(by=EVERYWHERE, statement=said, decision="declined", reason="x", at=AT)
        with pytest.raises(StatementMissing):
            vote_cast(**vote, statement=said)

    @pytest.mark.parametrize(
        ("state", "refusal"), [("draft", NotOpen), ("closed", TopicClosed), ("resolved", TopicClosed)]
    )
    def test_votes_are_taken_from_opening_to_closing(self, state: str, refusal: type[Exception]) -> None:
        topic = make_open_topic()
        Topic.objects.filter(pk=topic.pk).update(state=state)
        with pytest.raises(refusal):
            cast(topic, {0: 1})

    def test_in_the_last_days_votes_are_taken_and_on_the_last_day_no_more(self) -> None:
        topic = make_open_topic()
        topic_begin_closing(by=EVERYWHERE, topic=topic, reason="x", at=AT)
        person = cast(topic, {0: 1})
        with pytest.raises(TopicClosed):
            cast(topic, {0: -1}, person, at=CLOSES)
        assert Vote.objects.get().value == 1

    def test_what_was_closed_and_opened_again_takes_votes(self) -> None:
        topic = make_open_topic()
        topic_close(by=EVERYWHERE, topic=topic, reason="x", at=AT)
        topic_reopen(by=EVERYWHERE, topic=topic, closes_at=CLOSES, reason="x", at=AT)
        cast(topic, {0: 1})

    def test_those_who_live_there_vote_and_strangers_do_not(self, town: Town) -> None:
        topic = make_open_topic(town.estate, who="residents")
        cast(topic, {0: 1}, make_neighbour(town.estate))
        for stranger in (PersonFactory(), make_neighbour(town.there)):
            with pytest.raises(NotForYou, match="live in this place"):
                cast(topic, {0: 1}, stranger)
        account = AccountFactory()
        Role.objects.create(account=account, kind="resident", place=town.building, since_on=date(2024, 1, 1))
        vote_cast(
            by=get_actor(account, AT),
            topic=topic,
            person=PersonFactory(account=account),
            statement=topic.statements.get(number=0),
            value=1,
            at=AT,
        )
        assert Vote.objects.count() == 2

    def test_a_worker_of_the_place_is_no_resident(self, town: Town) -> None:
        topic = make_open_topic(town.estate, who="residents")
        with pytest.raises(NotForYou):
            vote_cast(
                by=town.actor("worker", town.ours),
                topic=topic,
                person=PersonFactory(),
                statement=topic.statements.get(number=0),
                value=1,
                at=AT,
            )

    def test_the_invited_vote_and_strangers_do_not(self, town: Town) -> None:
        topic = make_open_topic(town.here, who="invited", organisations=[town.theirs])
        vote = {"topic": topic, "statement": topic.statements.get(number=0), "value": 1, "at": AT}
        vote_cast(by=town.actor("alliance", town.theirs), person=PersonFactory(), **vote)
        for stranger in (RESIDENT, town.actor("worker", town.ours), town.actor("resident", town.theirs)):
            with pytest.raises(NotForYou, match="invited organisations"):
                vote_cast(by=stranger, person=PersonFactory(), **vote)

    def test_nobody_votes_with_anothers_voice(self) -> None:
        account = AccountFactory()
        PersonFactory(account=account)
        topic = make_open_topic()
        with pytest.raises(NotAllowed):
            vote_cast(
                by=get_actor(account, AT),
                topic=topic,
                person=PersonFactory(),
                statement=topic.statements.get(number=0),
                value=1,
                at=AT,
            )

    def test_the_ledger_knows_of_no_single_vote_and_of_the_digest_of_all(self) -> None:
        topic = make_open_topic()
        person = cast(topic, {0: 1, 1: -1})
        topic_close(by=EVERYWHERE, topic=topic, reason="到期", at=AT)
        facts = [one.facts for one in Opening.objects.order_by("pk")]
        assert '"votes":2' in facts[-1].replace(" ", "")
        number = Participant.objects.get(person=person).number
        assert not any(str(number) in told for told in facts)

    def test_before_it_opens_there_is_nothing_to_analyse(self) -> None:
        assert topic_analyse(by=EVERYWHERE, topic=make_topic(), at=AT) is None

    def test_who_votes_before_and_after_signing_in_is_one_voice(self) -> None:
        topic = make_open_topic()
        stranger = cast(topic, {0: 1, 1: 1})
        account = AccountFactory()
        person = PersonFactory(account=account)
        vote = {"by": get_actor(account, AT), "topic": topic, "person": person, "voices": (stranger.pk, person.pk)}
        vote_cast(**vote, statement=topic.statements.get(number=2), value=1, at=AT)
        vote_cast(**vote, statement=topic.statements.get(number=0), value=-1, at=AT)
        voice = Participant.objects.get(topic=topic)
        assert (voice.person, voice.votes.count()) == (person, 3)

    def test_who_votes_and_says_something_after_signing_in_is_one_voice(self) -> None:
        topic = make_open_topic()
        stranger = cast(topic, {0: 1})
        account = AccountFactory()
        person = PersonFactory(account=account)
        said = statement_add(
            by=get_actor(account, AT),
            topic=topic,
            person=person,
            text="车棚里要有灯",
            voices=(stranger.pk, person.pk),
            at=AT,
        )
        voice = Participant.objects.get(topic=topic)
        assert (said.author, voice.person, voice.votes.count()) == (voice, person, 1)

    def test_somebody_erased_meanwhile_has_no_voice_any_more(self) -> None:
        topic, person = make_open_topic(), PersonFactory()
        Person.objects.filter(pk=person.pk).update(erased_at=AT)
        with pytest.raises(NotAllowed):
            cast(topic, {0: 1}, person)
        assert not Participant.objects.exists()

    def test_what_parts_people_is_asked_sooner_than_what_all_agree_with(self) -> None:
        topic = make_open_topic(sentences=[f"第{n}件事" for n in range(12)], smallest_group=3)
        for camp in (1, -1):
            for _each in range(12):
                cast(topic, {0: 1, **{n: camp if n % 2 else -camp for n in range(1, 12)}})
        drawn = lambda: Counter(next_statement(topic, None, chance=c / 997).number for c in range(997))  # noqa: E731
        before = drawn()
        topic_analyse(by=EVERYWHERE, topic=topic, at=AT)
        after = drawn()
        assert before[0] > 2 * before[1]
        assert after[0] < after[1]

    def test_few_new_votes_change_no_result_until_it_closes(self) -> None:
        topic = make_open_topic(smallest_group=5)
        for _each in range(4):
            cast(topic, {0: 1, 1: 1, 2: 1})
            assert topic_analyse(by=EVERYWHERE, topic=topic, at=AT) is None
        cast(topic, {0: 1})
        first = topic_analyse(by=EVERYWHERE, topic=topic, at=AT)
        assert first is not None
        assert (first.votes, first.participants) == (13, 5)
        for _each in range(4):  # however many votes these four give, and whenever it closes
            cast(topic, {0: 1, 1: -1, 2: 0})
            assert topic_analyse(by=EVERYWHERE, topic=topic, at=AT) == first
        closed = topic_close(by=EVERYWHERE, topic=topic, reason="x", at=AT)
        assert topic_analyse(by=EVERYWHERE, topic=closed, at=AT) == first
        assert get_results(closed).left_out
        again = topic_reopen(by=EVERYWHERE, topic=closed, closes_at=CLOSES, reason="x", at=AT)
        cast(again, {0: 1})
        last = topic_analyse(by=EVERYWHERE, topic=again, at=AT)
        assert last is not None
        assert (last.votes, last.participants) == (26, 10)

    def test_no_two_results_differ_by_fewer_than_make_a_group(self) -> None:
        topic = make_open_topic(smallest_group=3)
        before: dict[str, dict[str, int]] = {}
        for voter in range(20):
            cast(topic, {0: 1, 1: (-1) ** voter, 2: voter % 3 - 1})
            found = topic_analyse(by=EVERYWHERE, topic=topic, at=AT)
            if found is None:
                continue
            after = {row["statement_id"]: row for row in found.shown["opinions"]}
            steps = {
                key: sum(
                    row[answer] - before.get(key, {}).get(answer, 0) for answer in ("agrees", "disagrees", "passes")
                )
                for key, row in after.items()
            }
            assert all(step == 0 or step >= 3 for step in steps.values())
            before = after

    def test_what_is_decided_about_statements_counts_at_once_with_the_votes_counted_so_far(self) -> None:
        topic = make_open_topic(sentences=[f"第{n}件事" for n in range(12)])
        camps = make_camps(topic, [8, 8], statements=12)
        first = topic_analyse(by=EVERYWHERE, topic=topic, at=AT)
        assert first is not None
        cast(topic, {0: 0}, camps[0][0])
        for number in range(1, 12):
            said = topic.statements.get(number=number)
            statement_moderate(by=EVERYWHERE, statement=said, decision="declined", reason="跑题", at=AT)
        second = topic_analyse(by=EVERYWHERE, topic=topic, at=AT)
        assert second is not None
        assert (second.last_event, second.votes) == (first.last_event, first.votes)
        assert len(first.shown["groups"]) == 2
        assert len(second.shown["groups"]) < 2
        assert topic_analyse(by=EVERYWHERE, topic=topic, at=AT) == second

    def test_enough_votes_are_analysed_by_themselves(self, settings, django_capture_on_commit_callbacks) -> None:
        settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
        topic = make_open_topic(sentences=[f"第{n}件事" for n in range(10)])
        with django_capture_on_commit_callbacks(execute=True):
            make_camps(topic, [3, 2], statements=10)
        assert Analysis.objects.filter(topic=topic).count() == 1

    def test_groups_are_found_and_keep_their_names(self) -> None:
        topic = make_open_topic(sentences=[f"第{n}件事" for n in range(12)])
        make_camps(topic, [8, 8], statements=12)
        first = topic_analyse(by=EVERYWHERE, topic=topic, at=AT)
        assert first is not None
        assert sorted(group["size"] for group in first.shown["groups"]) == [8, 8]
        for _more in range(3):
            cast(topic, {n: 1 if n % 2 == 0 else -1 for n in range(12)})
        second = topic_analyse(by=EVERYWHERE, topic=topic, at=AT)
        assert second is not None
        kept = {voice: group for voice, group in second.members.items() if voice in first.members}
        assert kept == first.members
