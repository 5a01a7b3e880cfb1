"""Paper: each sheet has a number, is entered twice, and what two entries say alike is counted, once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.deliberation import AT, CLOSES, EVERYWHERE, SENTENCES, cast, make_open_topic, make_topic, reader
from tests.factories.town import Town
from yiting.deliberation.errors import (
    MarksUnfit,
    NotAllowed,
    NothingToPrint,
    NumberUnfit,
    SheetCounted,
    TopicClosed,
    TopicMissing,
)
from yiting.deliberation.marks import read_passes
from yiting.deliberation.models import Participant, Sheet, Topic, Vote
from yiting.deliberation.services import sheet_enter, sheets_print, statement_moderate, topic_close
from yiting.ledger.models import Entry
from yiting.people.actors import Actor

pytestmark = pytest.mark.usefixtures("english")


def printed(topic: Topic, number: int = 1) -> list[Sheet]:
    return sheets_print(by=EVERYWHERE, topic=topic, number=number, at=AT)


def enter(sheet: Sheet, *marks: int | None, by: Actor | None = None) -> Sheet:
    return sheet_enter(by=by or reader(), sheet=sheet, marks=marks, at=AT)


@pytest.mark.django_db
class TestSheets:
    """The way of a sheet."""

    def test_two_equal_entries_are_counted_as_one_voice_without_a_person(self) -> None:
        (sheet,) = printed(make_open_topic())
        assert (enter(sheet, 1, None, -1).state, Vote.objects.count()) == ("entered", 0)
        assert enter(sheet, 1, None, -1).state == "counted"
        votes = Vote.objects.order_by("statement__number").values_list("statement__number", "value")
        assert list(votes) == [(0, 1), (2, -1)]
        assert Participant.objects.get().person is None
        with pytest.raises(SheetCounted):
            enter(sheet, 1, None, -1)
        assert Entry.objects.filter(kind="deliberation.sheet.counted").count() == 1

    def test_only_lines_that_two_entries_read_alike_are_counted(self) -> None:
        (sheet,) = printed(make_open_topic())
        first, second = reader(), reader()
        enter(sheet, 1, 1, -1, by=first)
        assert enter(sheet, 1, -1, -1, by=second).state == "different"
        assert list(Vote.objects.order_by("statement__number").values_list("statement__number", flat=True)) == [0, 2]
        assert enter(sheet, -1, 0, 0, by=first).state == "different", "what is counted already stays"
        assert enter(sheet, 1, -1, -1, by=first).state == "counted"
        assert Vote.objects.get(statement__number=1).value == -1
        assert Participant.objects.count() == 1

    def test_one_person_alone_makes_no_vote(self) -> None:
        (sheet,) = printed(make_open_topic())
        first = reader()
        for _tap in range(3):
            assert enter(sheet, 1, 1, 1, by=first).state == "entered"
        assert (sheet.entries.count(), Vote.objects.count()) == (1, 0)
        with pytest.raises(NotAllowed):
            enter(sheet, 1, 1, 1, by=EVERYWHERE)

    def test_a_sheet_without_marks_is_nobody(self) -> None:
        (sheet,) = printed(make_open_topic())
        enter(sheet, None, None, None)
        assert enter(sheet, None, None, None).state == "counted"
        assert not Participant.objects.exists()

    @pytest.mark.parametrize("marks", [(1, 1), (1, 1, 1, 1), (1, 1, 2), ()])
    def test_marks_fit_the_lines(self, marks: tuple[int, ...]) -> None:
        (sheet,) = printed(make_open_topic())
        with pytest.raises(MarksUnfit):
            enter(sheet, *marks)
        assert not sheet.entries.exists()

    def test_votes_on_a_statement_taken_away_meanwhile_count_once_it_is_back(self) -> None:
        topic = make_open_topic()
        (sheet,) = printed(topic)
        first = topic.statements.get(number=0)
        statement_moderate(by=EVERYWHERE, statement=first, decision="declined", reason="x", at=AT)
        enter(sheet, 1, 1, 1)
        assert enter(sheet, 1, 1, 1).state == "counted"
        assert Vote.objects.count() == 3

    def test_a_sheet_has_a_number_of_its_own_and_the_statements_with_the_fewest_votes(self) -> None:
        topic = make_open_topic(sentences=[f"第{n}件事" for n in range(15)])
        cast(topic, {0: 1, 5: 1, 9: -1})
        sheets = printed(topic, 5)
        assert len({sheet.serial for sheet in sheets}) == 5
        assert sheets[0].lines == [1, 2, 3, 4, 6, 7, 8, 10, 11, 12, 13, 14]

    @pytest.mark.parametrize("number", [0, -1, 201])
    def test_so_many_sheets_at_once(self, number: int) -> None:
        with pytest.raises(NumberUnfit, match="200"):
            printed(make_open_topic(), number)

    def test_nothing_to_vote_on_is_not_printed(self) -> None:
        with pytest.raises(NothingToPrint):
            printed(make_topic())

    def test_after_closing_no_sheet_is_printed_or_entered(self) -> None:
        topic = make_open_topic(sentences=SENTENCES[:1])
        (sheet,) = printed(topic)
        with pytest.raises(TopicClosed):
            sheet_enter(by=reader(), sheet=sheet, marks=[1], at=CLOSES)
        topic_close(by=EVERYWHERE, topic=topic, reason="x", at=AT)
        with pytest.raises(TopicClosed):
            printed(topic)
        with pytest.raises(TopicClosed):
            enter(sheet, 1)

    def test_sheets_are_for_those_who_work_there(self, town: Town) -> None:
        topic = make_open_topic(town.estate)
        (sheet,) = printed(topic)
        for kind, organisation in (("worker", town.theirs), ("resident", town.ours), ("deputy", town.ours)):
            by = town.actor(kind, organisation)
            with pytest.raises(TopicMissing):
                sheets_print(by=by, topic=topic, number=1, at=AT)
            with pytest.raises(TopicMissing):
                sheet_enter(by=by, sheet=sheet, marks=[1, 1, 1], at=AT)


marks = st.sampled_from([1, 0, -1, None])


@given(st.lists(st.lists(marks, min_size=3, max_size=3), min_size=1, max_size=5))
def test_a_line_is_settled_by_two_equal_marks_and_never_changes_with_a_later_pass(passes) -> None:
    reading = read_passes(passes)
    assert set(reading.settled) | set(reading.open) == {0, 1, 2}
    for line in range(3):
        seen = [one[line] for one in passes]
        assert (line in reading.settled) == (len(set(seen)) < len(seen))
        if line in reading.settled:
            assert seen.count(reading.settled[line]) >= 2
    for earlier in range(1, len(passes)):
        before = read_passes(passes[:earlier]).settled
        assert before.items() <= reading.settled.items()
